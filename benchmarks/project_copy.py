"""A copy of the project, with results of its own, in which the pipeline is run and measured."""

import resource
import shutil
import subprocess
import sys
import time
from csv import DictReader
from dataclasses import dataclass
from pathlib import Path

from mythical_digit.errors import UserError


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds on the clock, and of all its processes on the processors."""

    wall: float
    cpu: float


class Copy:
    """The project in another folder, where only its data is ready."""

    def __init__(self, project: Path, folder: Path, data: str):
        """`folder` is made; `data` is the folder of the prepared data, relative to the project."""
        shutil.copytree(project, folder, ignore=shutil.ignore_patterns("results", ".*", "tests", "__pycache__"))
        shutil.copytree(project / data, folder / data)
        self.folder = folder

    def run(self, *arguments: str) -> Cost:
        """Run Snakemake with the arguments. Raises UserError, with its last words, if it fails."""
        command = [sys.executable, "-m", "snakemake", "--quiet", "progress", "rules", "host", "reason", *arguments]
        begun, used = time.perf_counter(), _cpu_of_children()
        done = subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise UserError(f"snakemake {' '.join(arguments)} failed in a copy of the project:\n{done.stdout[-2000:]}")
        return Cost(time.perf_counter() - begun, _cpu_of_children() - used)

    def job_seconds(self) -> dict[str, float]:
        """Seconds on the clock that the jobs took, by rule, added up."""
        seconds: dict[str, float] = {}
        for path in (self.folder / "results/benchmarks").rglob("*.tsv"):
            rule = path.name.split(".")[0]
            with path.open() as file:
                (row,) = DictReader(file, delimiter="\t")
            seconds[rule] = seconds.get(rule, 0) + float(row["s"])
        return seconds


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
