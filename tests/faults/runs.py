"""Snakemake at work in a folder, to be disturbed: its jobs, its signals, what it said, and what it left there."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import psutil
from project import Project

JOB = re.compile(r"\.snakemake/scripts/\w+\.(?P<rule>\w+)\.py$")

T = TypeVar("T")


class Run:
    """One call of Snakemake; it and its jobs are a process group of their own."""

    def __init__(self, project: Project, *arguments: str, cores: int = 2, umask: int = -1, **environment: str | None):
        """Start it. `environment` adds variables to those of this process; None takes one away."""
        # Not a pipe, which the orphans of a killed Snakemake would keep open.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self._snakemake = subprocess.Popen(
            [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments],
            cwd=project.folder,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env={key: value for key, value in (os.environ | environment).items() if value is not None},
            umask=umask,
            start_new_session=True,
        )

    def ended(self) -> bool:
        return self._snakemake.poll() is not None

    def wait(self, seconds: float = 600) -> int:
        """Wait for Snakemake's end (not for its orphans) and return its exit status."""
        return self._snakemake.wait(seconds)

    def output(self) -> str:
        """What Snakemake and its jobs have said so far."""
        self._output.seek(0)
        return self._output.read().decode(errors="replace")

    def jobs(self, rules: Sequence[str] | None = None) -> list[psutil.Process]:
        """The processes that run the scripts of these rules, or of any, orphans included."""
        return [job for job, rule in self._jobs() if rules is None or rule in rules]

    def _jobs(self) -> Iterator[tuple[psutil.Process, str]]:
        for process in psutil.process_iter():
            try:
                if os.getpgid(process.pid) == self._snakemake.pid and process.status() != psutil.STATUS_ZOMBIE:
                    found = JOB.search(" ".join(process.cmdline()))
                    if found:
                        yield process, found["rule"]
            except (ProcessLookupError, psutil.Error):
                pass  # it has just ended

    def wait_for_job(self, rules: Sequence[str]) -> list[psutil.Process]:
        """Wait until a job of one of these rules runs and return its processes; [] if Snakemake ends first."""
        return wait_for(lambda: self.jobs(rules) or (self.ended() and []))

    def send(self, target: str, number: signal.Signals) -> None:
        """Send a signal to a target: `snakemake` alone, a `job` of it (all that run) or the `group`, which is both."""
        try:
            if target == "group":
                os.killpg(self._snakemake.pid, number)
            elif target == "snakemake":
                self._snakemake.send_signal(number)
            elif target == "job":
                for job in wait_for(lambda: self.jobs() or (self.ended() and [])):  # the next ones, if none runs
                    job.send_signal(number)
        except (ProcessLookupError, psutil.NoSuchProcess):
            pass  # it was faster

    def end(self) -> None:
        """Leave nothing of it running."""
        self.send("group", signal.SIGKILL)
        self._snakemake.wait(20)
        self._output.close()


def wait_for(condition: Callable[[], T], seconds: float = 120) -> T:
    """Wait until `condition` returns something true, or [], and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found or found == []:
            return found
        time.sleep(0.02)
    raise TimeoutError(f"nothing came of it in {seconds} s")


def complete(project: Project, expected: Iterable[str]) -> None:
    """Run what is left to do. What is missing is asked for, since Snakemake makes nothing that only made files need."""
    missing = [f"results/{path}" for path in expected if not (project.folder / "results" / path).exists()]
    project.run("all", *missing)


def under_final_names(project: Project) -> dict[str, bytes]:
    """The results without hidden files: what anyone would take for one."""
    return project.results("[!.]*")


def differing(found: Mapping[str, bytes], expected: Mapping[str, bytes]) -> list[str]:
    """The paths of the files found that are not as expected, or not expected at all."""
    return sorted(path for path, content in found.items() if expected.get(path) != content)
