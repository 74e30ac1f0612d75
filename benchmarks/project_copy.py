"""A copy of the project, with results of its own, in which the pipeline is run and measured."""

import copy
import resource
import shutil
import time
from csv import DictReader
from dataclasses import dataclass
from pathlib import Path

from command import PUBLISHED, ROOT, snakemake


@dataclass(frozen=True)
class Cost:
    """The cost of a run: seconds on the clock, and processor seconds of all its processes."""

    wall: float
    cpu: float


class Copy:
    """The project in another folder, with nothing but its data ready."""

    def __init__(self, folder: Path, data: Path):
        """Make `folder`; `data` is the project's folder of prepared data."""
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("results", ".*", "tests", "__pycache__"))
        for each in filter(Path.exists, (data, PUBLISHED)):
            shutil.copytree(each, folder / each.relative_to(ROOT))
        self.folder = folder

    def again(self, folder: Path) -> "Copy":
        """A copy of this one as it is now, with its results and Snakemake's notes, in `folder`."""
        other = copy.copy(self)
        other.folder = shutil.copytree(self.folder, folder)
        return other

    def run(self, *arguments: str) -> Cost:
        """Run Snakemake with the arguments. Raises UserError, with its last words, if it fails."""
        begun, used = time.perf_counter(), _cpu_of_children()
        snakemake(self.folder, *arguments)
        return Cost(time.perf_counter() - begun, _cpu_of_children() - used)

    def jobs_by_rule(self) -> dict[str, list[float]]:
        """Seconds on the clock that each job took, by rule."""
        seconds: dict[str, list[float]] = {}
        for path in (self.folder / "results/benchmarks").rglob("*.tsv"):
            rule = path.name.split(".")[0]
            with path.open() as file:
                (row,) = DictReader(file, delimiter="\t")
            seconds.setdefault(rule, []).append(float(row["s"]))
        return seconds


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
