"""The closing words of a run: what it made, the table, where to look next; or what failed and what to do."""

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mythical_digit.study.class_labels import called
from mythical_digit.workflow.job_log import ERROR
from mythical_digit.workflow.progress import Job, duration

LAST_LINES = 5  # of the log of a job that failed
PATIENCE = 60  # seconds that the imports of a script may take
TABLES = ("table.md", "steps.md", "sweep.md", "every_class.md", "halving.md")
BESIDE = ", next to the published one"
LOOK = {
    "table.md": "the whole table",
    "steps.md": "the whole table",
    "sweep.md": "the whole table",
    "every_class.md": "the whole table",
    "halving.md": "the whole table",
    "bar_plot.png": "accuracy per class, a panel per student",
    "steps.png": "what each step does",
    "halving.png": "how the recipe was found",
    "every_class.png": "every class left out in turn",
    "soft_target_map.png": "whose images teach each class",
    "learned.png": "what the students learn",
    "recipes.md": "its recipe beside others",
    "sweep_curves.png": "the errors along the sweep",
    "learning_curves/comparison.png": "loss and accuracy per epoch",
    "explore.html": "a page to try the numbers on, in a browser",
    "provenance.json": "code, config, data and machine behind them",
}


def made(
    jobs: Sequence[Job],
    seconds: float,
    experiments: Mapping[str, Mapping],
    current: Mapping[str, Iterable[str]],
    hints: Iterable[str],
) -> str:
    """Say what the jobs of a successful run made; nothing if they made no file.

    For each of the `experiments` (config blocks by name, with `class_names` where classes have names) with a new table:
    its note, the table, and where to look among its `current` results, those that the config asks for.
    """
    files = [path for job in jobs for path in job.outputs]
    if not files:
        return ""
    head = f"Made {count(len(files), 'file')} in {count(len(jobs), 'job')} and {duration(seconds)}."
    return "\n\n".join([head, *shown(experiments, current, files.__contains__), *hints])


def shown(
    experiments: Mapping[str, Mapping], current: Mapping[str, Iterable[str]], wanted: Callable[[str], bool]
) -> Iterator[str]:
    """For each of the `experiments` whose table is `wanted`: its note, the table, and where to look, as in `made`."""
    for name, block in experiments.items():
        folder = Path("results", name)
        path = next((folder / table for table in TABLES if wanted(f"{folder}/{table}")), None)
        if path is None:
            continue
        note = f" ({block['note']})" if block.get("note") else ""
        omitted = sorted({label for arm in block["arms"].values() for label in arm["omit"]})
        omitted = called(omitted, block.get("class_names"))
        yield f"{name}{note}, test accuracy in percent:" if path.name == "table.md" else f"{name}{note}:"
        yield "\n".join(aligned(compact(read_table(path.read_text(encoding="utf-8")), omitted)))
        there = {
            f"{folder}/{file}": words + (BESIDE if file == "table.md" and "published" in block else "")
            for file, words in LOOK.items()
            if f"{folder}/{file}" in current[name] and (folder / file).exists()
        }
        width = max(map(len, there))
        yield "\n".join(["Look at", *(f"  {file:{width}}  {words}" for file, words in there.items())])


def failed(jobs: Sequence[Job], scripts: Path, *, by_user: bool = False) -> str:
    """Say why a run ended: quote the end of each failed job's log, each text once, and say what to do.

    `scripts` is the folder of the jobs' scripts. A run that ended `by_user` failed only where a log says so.
    """
    causes = {job.name: cause(job, scripts) for job in jobs}
    if by_user:
        causes = {name: found for name, found in causes.items() if found.in_log}
    again = (
        "run the same command again: finished work is kept, and an interrupted training continues after its last "
        "complete epoch."
    )
    stopped = f"Stopped by you; run the same command to continue: {again.partition(': ')[2]}"
    if not causes:
        return stopped if by_user else f"Stopped before the end, for the reason above. Then {again}"
    said: dict[Cause, list[Job]] = {}
    for job in jobs:
        if job.name in causes:
            said.setdefault(causes[job.name], []).append(job)
    blocks = []
    for found, those in said.items():
        names = [job.name for job in those]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        blocks.append("\n".join([f"Failed: {names[0]}{more}", *(f"    {line}" for line in found.lines)]))
    logs = ", ".join(dict.fromkeys(job.log for those in said.values() for job in those if job.log and _text(job)))
    whole = f"Full logs: {logs}\n" if logs else ""
    known = any(found.in_log for found in said)
    blocks.append(f"{whole}{'Fix the error in the last line, then' if known else 'To continue,'} {again}")
    return "\n".join(blocks)


@dataclass(frozen=True)
class Cause:
    """Why a job failed, in lines of text, and whether its log or its script says so."""

    lines: tuple[str, ...]
    in_log: bool


def cause(job: Job, scripts: Path) -> Cause:
    """Why a job failed: what its log says, or why its script cannot start, or that it was killed."""
    text = _text(job)
    lines = (text or "").rstrip().splitlines()
    script = scripts / f"{job.name.partition(' ')[0]}.py"
    if any(line.startswith(ERROR) for line in lines) or (lines and not script.exists()):
        return Cause(tuple(lines[-LAST_LINES:]), in_log=True)
    if text is None and script.exists() and (reason := cannot_start(script)):
        return Cause((f"{script.name} cannot start: {reason}",), in_log=True)
    if text is None:
        return Cause(("(it ended before its log began; what it said is above)",), in_log=False)
    words = "(no error in its log: it was killed, perhaps for lack of memory or time; use fewer --cores)"
    return Cause((*lines[-LAST_LINES:], words), in_log=False)


def cannot_start(script: Path) -> str | None:
    """Why a script cannot even be imported, with the place; None if it can.

    Its imports run once more, in a process of their own, as in the job: with its folder first on the path.
    """
    code = "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2], run_name='imported')"
    command = [sys.executable, "-c", code, str(script.parent), str(script)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = [line.strip() for line in done.stderr.splitlines()]
    if not done.returncode or not lines:
        return None
    places = [line for line in lines if line.startswith('File "') and not line.startswith('File "<')]
    return lines[-1] + (f" ({places[-1].partition(', in ')[0]})" if places else "")


def _text(job: Job) -> str | None:
    """The log that a job wrote; None if it wrote none, so that an earlier run's does not count."""
    try:
        path = Path(job.log or "")
        if path.stat().st_mtime < job.started - 1:  # of a file system that rounds times
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def from_the_future(jobs: Iterable[Job], now: float) -> str:
    """A warning if inputs of the jobs are dated later than `now`, in seconds; empty otherwise.

    Snakemake then takes all that follows from them for out of date, on every run.
    """
    paths = [path for path in dict.fromkeys(path for job in jobs for path in job.inputs) if _modified(path) > now + 2]
    if not paths:
        return ""
    return (
        "These files are dated in the future, perhaps since a clock was wrong. Snakemake makes all that follows from "
        f"them again on every run, until you give them today's date: {shlex.join(['touch', *paths])}"
    )


def _modified(path: str) -> float:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0


def read_table(text: str) -> list[list[str]]:
    """The cells of the first table in a Markdown text, one list per row, without the line below the headings."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("|"):
            lines.append(line)
        elif lines:
            break
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if set("".join(row)) - set("-: ")]


def compact(table: list[list[str]], omitted: Iterable[int | str]) -> list[list[str]]:
    """Turn a table of classes by models into one row per model: the `omitted` classes, the average and the errors.

    Any other table is returned unchanged.
    """
    if not table or table[0][0] != "Class":
        return table
    wanted = ["Class", *map(str, omitted), "Avg", "Errors"]
    rows = [row for row in table if row[0] in wanted]
    turned = [list(column) for column in zip(*rows, strict=True)]
    turned[0] = ["", *(f"class {head}" if head.isdigit() else head for head in turned[0][1:])]
    return turned


def aligned(table: list[list[str]]) -> Iterator[str]:
    """The lines of a table with aligned columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for first, *cells in table:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *padded]).rstrip()


def count(number: int, noun: str) -> str:
    """Such as `1 file` and `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
