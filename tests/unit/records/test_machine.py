"""What the record of a run says of the machine."""

from mythical_digit.records import machine


def test_the_processor_has_a_name_and_lists_only_vector_instruction_sets():
    processor = machine.processor()
    assert processor["model"]
    assert processor["architecture"]
    assert not {"fpu", "sse"} & set(processor["instruction_sets"])
