"""Lines that stay at the bottom of a terminal, below Snakemake's output, and what of that output is left out."""

import logging
import os
import shutil
import threading
from typing import TextIO

from snakemake_interface_logger_plugins.common import LogEvent

# What Snakemake prints of each job, over and over; its log file has it all the same.
PER_JOB = {
    LogEvent.JOB_INFO,
    LogEvent.JOB_STARTED,
    LogEvent.JOB_FINISHED,
    LogEvent.GROUP_INFO,
    LogEvent.PROGRESS,
    LogEvent.SHELLCMD,
}
SCHEDULER = ("Select jobs to execute", "Execute ")  # messages without an event


def is_brief(record: logging.LogRecord) -> bool:
    """Whether a record of Snakemake's log is worth a place on the screen. Errors always are."""
    if getattr(record, "event", None) is not None:
        return record.event not in PER_JOB
    return record.levelno > logging.INFO or not record.getMessage().startswith(SCHEDULER)


def is_terminal(stream: TextIO) -> bool:
    """Whether control characters move a cursor on this stream."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


class Screen:
    """Lines at the bottom of a terminal, below the output of a handler of Snakemake's log."""

    def __init__(self, handler: logging.StreamHandler):
        self.stream = handler.stream
        self.lock = threading.Lock()
        self.shown: list[str] = []
        self.below = handler.emit
        handler.emit = self._emit_above

    def show(self, lines: list[str]) -> None:
        """Replace the shown lines with these."""
        with self.lock:
            self._erase()
            self._draw(lines)

    def _emit_above(self, record: logging.LogRecord) -> None:
        with self.lock:
            lines = self.shown
            self._erase()
            self.below(record)
            self._draw(lines)

    def _erase(self) -> None:
        if self.shown:
            self.stream.write(f"\x1b[{len(self.shown)}A\x1b[J")  # to the first of the lines, and clear from there
        self.shown = []

    def _draw(self, lines: list[str]) -> None:
        width = shutil.get_terminal_size().columns - 1  # a wrapped line would be two lines to erase
        self.stream.write("".join(f"{line[:width]}\n" for line in lines))
        self.stream.flush()
        self.shown = lines
