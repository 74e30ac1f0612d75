"""A note of the config is on every table of its experiment."""

from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.markdown import Section


def test_a_note_is_on_tables():
    table = Section("Title", "Caption.", {"a": ["1"]})
    assert noted([table], "Quick look")[0].caption == "Quick look. Caption."
    assert noted([table], None) == [table]
    columns, rows = noted_table(["a"], [(1,)], "Quick look")
    assert (columns, list(rows)) == (["a", "note"], [[1, "Quick look"]])
    columns, rows = noted_table(["a"], [(1,)], None)
    assert (columns, list(rows)) == (["a"], [[1]])
