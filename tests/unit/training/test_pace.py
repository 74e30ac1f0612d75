import logging

from mythical_digit.training import pace


def test_batches_are_told_from_time_to_time_and_all_are_taken(monkeypatch, caplog):
    clock = iter(range(0, 100, 2))
    monkeypatch.setattr(pace.time, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.INFO):
        assert list(pace.told("abcdefgh", logging.getLogger("test"))) == list("abcdefgh")
    assert caplog.messages == ["batch 2 of 8", "batch 5 of 8"]
