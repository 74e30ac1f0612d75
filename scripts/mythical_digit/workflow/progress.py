"""Show how far a run is: Snakemake's main process logs its jobs, and each training logs its epochs.

A finished job is one line. In a terminal, bars below these lines show each training and the workflow. Elsewhere, in a
log file or in CI, they are printed as plain lines from time to time. `--quiet` turns both off.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from snakemake.logging import ColorizingTextHandler, logger
from snakemake.settings.enums import Quietness
from snakemake_interface_logger_plugins.common import LogEvent

from mythical_digit.workflow.screen import Screen, is_brief, is_terminal

Planned = Callable[[], Iterable[tuple[str, Mapping[str, str]]]]  # rule and wildcards of each job

BAR = 6  # characters, so that a line fits into 80
REDRAWN = 0.5  # seconds between two updates in a terminal
PRINTED = 30  # seconds between two updates elsewhere
# How Snakemake's messages begin when it is interrupted (Ctrl-C) or told to end.
USER_REQUESTS = ("Terminating processes on user request", "Will exit after finishing currently running jobs")
SHOWN = {"train_loss": "loss {:.4f}", "test_accuracy": "test {:.1f} %"}


@dataclass
class Job:
    """A job that is running, finished or failed.

    name     for people
    epochs   how many it trains, if it trains
    work     how long it may take, in seconds of any processor: only the proportions count
    """

    name: str
    log: str | None
    outputs: list[str]
    epochs: int | None = None
    work: float = 1.0
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


def bar(done: float, total: float) -> str:
    """Such as `[##....]`: ASCII, which every terminal and log can show."""
    filled = int(BAR * done / total)
    return f"[{'#' * filled}{'.' * (BAR - filled)}]"


def duration(seconds: float) -> str:
    """Such as `35 s`, `12 min` and `3 h 05 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


@dataclass(frozen=True)
class Training:
    """How far a training is, from its log: epochs done, with the part of the one that runs, and its last scores."""

    resumed: int
    epochs: float
    scores: list[str]

    @classmethod
    def read(cls, log: str) -> "Training":
        """Read the log of a training: the lines of its epochs, and of the batches within one."""
        done, resumed, scores = 0.0, 0, []
        for words in map(str.split, log.splitlines()):
            match words:
                case ["resumed", "after", *_, epoch]:
                    done = resumed = int(epoch)
                case ["batch", batch, "of", batches]:
                    done = int(done) + int(batch) / int(batches)
                case ["epoch", epoch, *_] if len(words) % 2 == 0:
                    values = dict(zip(words[::2], words[1::2], strict=True))
                    done = int(epoch)
                    scores = [text.format(float(values[name])) for name, text in SHOWN.items() if name in values]
        return cls(resumed, done, scores)


def training_line(job: Job, log: str, now: float) -> str:
    """Epoch, loss, accuracy and time left of a training, from the text of its log.

    The time left follows from the rate so far, without the epochs that an earlier, interrupted job did.
    """
    training = Training.read(log)
    epochs = f"{training.epochs:.1f}".removesuffix(".0")
    parts = [f"epoch {epochs}/{job.epochs}", *training.scores]
    if done := training.epochs - training.resumed:
        parts.append(f"{duration((now - job.started) / done * (job.epochs - training.epochs))} left")
    return f"{bar(training.epochs, job.epochs)} {job.model}: {', '.join(parts)}"


def finished_line(job: Job, log: str, now: float) -> str:
    """What a finished job was, how long it took and, of a training, the accuracy."""
    scores = Training.read(log).scores[-1:] if job.epochs else []
    return ", ".join([f"{job.name}: {duration(now - job.started)}", *scores])


class Progress(logging.Handler):
    """Follows the jobs of a run in Snakemake's log events, and shows how far the trainings are.

    `training_of` returns, for a rule and its wildcards, the number of epochs that it trains and its work; (None, work)
    if it does not train.
    """

    def __init__(self, training_of: Callable[[str, Mapping[str, str]], tuple[int | None, float]]):
        super().__init__()
        self.training_of = training_of
        self.started = time.time()
        self.running: dict[int, Job] = {}
        self.finished: list[Job] = []
        self.failed: list[Job] = []
        self.planned: Planned = list
        self.jobs, self.work = 0, 0.0  # of the whole run
        self.counted: set[str] = set()  # the names of these jobs
        self.told = 0  # jobs, by Snakemake's own count
        self.brief = False
        self.stopped_by_user = False
        self.screen: Screen | None = None
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def start(self, planned: Planned, quiet: set[Quietness], brief: bool) -> None:
        """Follow the `planned` jobs from now on; show them unless the user wants quiet.

        If `brief`, a finished job is one line, and what Snakemake prints of each job is left out.
        """
        self.planned = planned
        self._count()
        self.told = self.jobs
        logger.addHandler(self)
        self.brief = brief
        for handler in logger.handlers:
            if isinstance(handler, ColorizingTextHandler):
                if brief:
                    handler.addFilter(is_brief)
                if not quiet & {Quietness.ALL, Quietness.PROGRESS} and is_terminal(handler.stream):
                    self.screen = Screen(handler)
        if not quiet & {Quietness.ALL, Quietness.PROGRESS}:
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

    def _count(self) -> None:
        """Count the jobs of the whole run, and their work: the finished ones and those that are still planned.

        Once a checkpoint has told what comes next, Snakemake no longer plans what was finished before.
        """
        finished = {job.name for job in self.finished}
        planned = [each for each in self.planned() if job_name(*each) not in finished]
        works = [job.work for job in self.finished] + [self.training_of(*each)[1] for each in planned]
        self.jobs, self.work = len(works), sum(works)
        self.counted = finished | {job_name(*each) for each in planned}

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
                    job = Job(name, log, list(record.output), *self.training_of(record.rule_name, wildcards))
                    job.inputs = list(record.input)
                    self.running[record.jobid] = job
                    if name not in self.counted:  # a checkpoint added it; PROGRESS says so later
                        self._count()
                case LogEvent.JOB_FINISHED:
                    job = self.running.pop(record.job_id)
                    self.finished.append(job)
                    if self.brief and job.outputs:
                        line = finished_line(job, log_since(job), time.time())
                        logger.info(line, extra={"quietness": Quietness.RULES})
                case LogEvent.PROGRESS if record.total != self.told:  # a checkpoint may have told what comes next
                    self.told = record.total
                    self._count()
                case LogEvent.JOB_ERROR:
                    self.failed.append(self.running.pop(record.jobid))
                case None if record.getMessage().startswith(USER_REQUESTS):
                    self.stopped_by_user = True
        except Exception:
            self.handleError(record)

    def lines(self) -> list[str]:
        """One line per running training and one for the workflow."""
        now = time.time()
        running = [(job, log_since(job)) for job in list(self.running.values())]
        lines = [training_line(job, log, now) for job, log in running if job.epochs]
        done = sum(job.work for job in self.finished)
        done += sum(job.work * Training.read(log).epochs / job.epochs for job, log in running if job.epochs)
        return [*lines, self._overall(done, now - self.started)] if self.work else lines

    def _overall(self, done: float, seconds: float) -> str:
        """The line of the workflow. The time left follows from the work `done`, once it tells more than the start."""
        parts = [f"{int(100 * done / self.work)} %"]  # rounded down: 100 % is the end
        parts.append(f"{len(self.finished)} of {self.jobs} jobs")
        parts.append(f"{duration(seconds)} so far")
        if done > self.work / 100:
            parts.append(f"{duration(seconds * (self.work / done - 1))} left")
        return f"{bar(done, self.work)} all: {', '.join(parts)}"

    def _watch(self) -> None:
        while not self.stopped.wait(REDRAWN if self.screen else PRINTED):
            lines = self.lines()
            if self.screen:
                self.screen.show(lines)
            elif lines:  # even if nothing has changed: silence looks like a run that hangs
                logger.info("\n".join(lines), extra={"quietness": Quietness.PROGRESS})


def log_since(job: Job) -> str:
    """The text of a job's log; nothing if the file is from an earlier run."""
    try:
        path = Path(job.log or "")
        return path.read_text(encoding="utf-8") if path.stat().st_mtime >= job.started else ""
    except (OSError, UnicodeDecodeError):
        return ""
