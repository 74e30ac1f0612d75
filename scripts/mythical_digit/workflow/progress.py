"""Show how far a run is: Snakemake's main process logs its jobs, and each training logs its epochs.

In a terminal, bars below Snakemake's output show each training and the workflow. Elsewhere, in a log file or in CI,
they are printed as plain lines from time to time. `--quiet` turns both off.
"""

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from snakemake.logging import logger
from snakemake.settings.enums import Quietness
from snakemake_interface_logger_plugins.common import LogEvent

BAR = 6  # characters, so that a line fits into 80
REDRAWN = 0.5  # seconds between two updates in a terminal
PRINTED = 30  # seconds between two updates elsewhere
# How Snakemake's messages begin when it is interrupted (Ctrl-C) or told to end.
USER_REQUESTS = ("Terminating processes on user request", "Will exit after finishing currently running jobs")
SHOWN = {"train_loss": "loss {:.4f}", "test_accuracy": "test {:.1f} %"}


@dataclass
class Job:
    """A job that is running, finished or failed: `name` for people, `epochs` if it trains."""

    name: str
    log: str | None
    outputs: list[str]
    epochs: int | None = None
    inputs: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.time)

    @property
    def model(self) -> str:
        """The model that it trains, such as `notebook/seed-0/kd`: the folder of its outputs below results/."""
        return Path(self.outputs[0]).parent.as_posix().removeprefix("results/")


def job_name(rule: str, wildcards: Mapping[str, str]) -> str:
    """Such as `train_student notebook/seed-0/kd`."""
    seed = {"seed": f"seed-{wildcards['seed']}"} if "seed" in wildcards else {}
    return " ".join(filter(None, [rule, "/".join({**wildcards, **seed}.values())]))


def bar(done: int, total: int) -> str:
    """Such as `[##....]`: ASCII, which every terminal and log can show."""
    filled = BAR * done // total
    return f"[{'#' * filled}{'.' * (BAR - filled)}]"


def duration(seconds: float) -> str:
    """Such as `35 s`, `12 min` and `3 h 05 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def training_line(job: Job, log: str, now: float) -> str:
    """Epoch, loss, accuracy and time left of a training, from the text of its log.

    The time left follows from the rate so far, without the epochs that an earlier, interrupted job did.
    """
    lines = [line.split() for line in log.splitlines()]
    resumed = next((int(words[-1]) for words in lines if words[:2] == ["resumed", "after"]), 0)
    epochs = [words for words in lines if words[:1] == ["epoch"] and len(words) % 2 == 0]
    if not epochs:
        return f"{bar(resumed, job.epochs)} {job.model}: epoch {resumed}/{job.epochs}"
    values = dict(zip(epochs[-1][::2], epochs[-1][1::2], strict=True))
    epoch = int(values["epoch"])
    left = (now - job.started) / max(1, epoch - resumed) * (job.epochs - epoch)
    scores = [words.format(float(values[name])) for name, words in SHOWN.items() if name in values]
    parts = [f"epoch {epoch}/{job.epochs}", *scores, f"{duration(left)} left"]
    return f"{bar(epoch, job.epochs)} {job.model}: {', '.join(parts)}"


class Progress(logging.Handler):
    """Follows the jobs of a run in Snakemake's log events, and shows how far the trainings are.

    `epochs_of` returns the number of epochs that a rule trains with its wildcards; None if it does not train.
    """

    def __init__(self, epochs_of: Callable[[str, Mapping[str, str]], int | None]):
        super().__init__()
        self.epochs_of = epochs_of
        self.started = time.time()
        self.running: dict[int, Job] = {}
        self.finished: list[Job] = []
        self.failed: list[Job] = []
        self.stopped_by_user = False
        self.done, self.total = 0, 0
        self.screen: Screen | None = None
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def start(self, quiet: set[Quietness]) -> None:
        """Follow the jobs from now on; show them unless the user wants quiet."""
        logger.addHandler(self)
        if not quiet & {Quietness.ALL, Quietness.PROGRESS}:
            for handler in logger.handlers:
                if isinstance(handler, logging.StreamHandler) and is_terminal(handler.stream):
                    self.screen = Screen(handler)
            self.thread.start()

    def end(self, words: Callable[[], str], level: int) -> None:
        """Stop showing progress and print the closing words. An error in these must not fail the run."""
        try:
            self.stop()
            extra = {"quietness": Quietness.PROGRESS} if level < logging.ERROR else {}
            if text := words():
                logger.log(level, f"\n{text}\n", extra=extra)
        except Exception as error:
            logger.warning("No summary of this run: %r", error)

    def stop(self) -> None:
        """Stop showing progress."""
        self.stopped.set()
        if self.thread.is_alive():
            self.thread.join()
        if self.screen:
            self.screen.show([])
        logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of jobs that start and end, from Snakemake's log. An error here must not fail the run."""
        try:
            match getattr(record, "event", None):
                case LogEvent.JOB_INFO:
                    wildcards = dict(record.wildcards)
                    name, log = job_name(record.rule_name, wildcards), next(iter(record.log), None)
                    job = Job(name, log, list(record.output), self.epochs_of(record.rule_name, wildcards))
                    job.inputs = list(record.input)
                    self.running[record.jobid] = job
                case LogEvent.JOB_FINISHED:
                    self.finished.append(self.running.pop(record.job_id))
                case LogEvent.JOB_ERROR:
                    self.failed.append(self.running.pop(record.jobid))
                case LogEvent.PROGRESS:
                    self.done, self.total = record.done, record.total
                case None if record.getMessage().startswith(USER_REQUESTS):
                    self.stopped_by_user = True
        except Exception:
            self.handleError(record)

    def lines(self) -> list[str]:
        """One line per running training and one for the workflow; none if nothing trains."""
        now = time.time()
        trainings = [job for job in list(self.running.values()) if job.epochs]
        lines = [training_line(job, log_since(job), now) for job in trainings]
        if lines and self.total:
            spent = duration(now - self.started)
            lines.append(f"{bar(self.done, self.total)} all: {self.done} of {self.total} jobs, {spent} so far")
        return lines

    def _watch(self) -> None:
        before: list[str] = []
        while not self.stopped.wait(REDRAWN if self.screen else PRINTED):
            lines = self.lines()
            if self.screen:
                self.screen.show(lines)
            elif lines and lines != before:
                logger.info("\n".join(lines), extra={"quietness": Quietness.PROGRESS})
            before = lines


def log_since(job: Job) -> str:
    """The text of a job's log; nothing if the file is from an earlier run."""
    try:
        path = Path(job.log)
        return path.read_text(encoding="utf-8") if path.stat().st_mtime >= job.started else ""
    except (OSError, UnicodeDecodeError):
        return ""


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
