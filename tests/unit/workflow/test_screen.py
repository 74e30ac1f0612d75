"""What is on the screen: bars below the messages, and of Snakemake's output what is worth a line."""

import io
import logging

import pytest
from snakemake.common import NOTHING_TO_BE_DONE_MSG

from mythical_digit.workflow.screen import Screen, is_brief


def test_bars_are_erased_before_a_message_and_stand_below_it():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    screen = Screen(handler)
    screen.show(["one", "two"])
    handler.emit(logging.makeLogRecord({"msg": "message"}))
    assert stream.getvalue() == "one\ntwo\n\x1b[2A\x1b[Jmessage\none\ntwo\n"


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        ({"event": "job_info", "msg": "rule table: ..."}, False),
        ({"event": "progress", "msg": "3 of 36 steps (8%) done"}, False),
        ({"msg": "Select jobs to execute..."}, False),
        ({"msg": "Execute 2 jobs..."}, False),
        ({"event": "job_error", "msg": "Error in rule table", "levelno": logging.ERROR}, True),
        ({"event": "run_info", "msg": "Job stats: ..."}, True),
        ({"msg": NOTHING_TO_BE_DONE_MSG}, True),
        ({"msg": "Execute order 66", "levelno": logging.WARNING}, True),
    ],
)
def test_what_snakemake_says_of_each_job_is_left_out_and_no_error_is(record, kept):
    assert is_brief(logging.makeLogRecord({"levelno": logging.INFO, **record})) == kept
