"""The closing words of a run: what it made, the table, where to look next; or what failed and what to do."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mythical_digit.workflow.progress import Job, duration

LAST_LINES = 5  # of the log of a job that failed
TABLES = ("table.md", "steps.md", "sweep.md")
LOOK = {
    "table.md": "the whole table, next to the published one",
    "steps.md": "the whole table",
    "sweep.md": "the whole table",
    "bar_plot.png": "accuracy per class, a panel per student",
    "steps.png": "what each step does",
    "sweep_curves.png": "the errors along the sweep",
    "learning_curves/comparison.png": "loss and accuracy per epoch",
    "explore.html": "a page to try the numbers on, in a browser",
    "provenance.json": "code, config, data and machine behind them",
}


def made(jobs: Sequence[Job], seconds: float, experiments: Mapping[str, Mapping], hints: Iterable[str]) -> str:
    """Say what the jobs of a successful run made; nothing if they made no file.

    For each of the `experiments` (config blocks by name) with a new table: its note, the table, and where to look.
    """
    files = [path for job in jobs for path in job.outputs]
    if not files:
        return ""
    head = f"Made {count(len(files), 'file')} in {count(len(jobs), 'job')} and {duration(seconds)}."
    return "\n\n".join([head, *shown(experiments, files.__contains__), *hints])


def shown(experiments: Mapping[str, Mapping], wanted: Callable[[str], bool]) -> Iterator[str]:
    """For each of the `experiments` whose table is `wanted`: its note, the table, and where to look."""
    for name, block in experiments.items():
        folder = Path("results", name)
        path = next((folder / table for table in TABLES if wanted(f"{folder}/{table}")), None)
        if path is None:
            continue
        note = f" ({block['note']})" if "note" in block else ""
        omitted = sorted({label for arm in block["arms"].values() for label in arm["omit"]})
        yield f"{name}{note}, test accuracy in percent:" if path.name == "table.md" else f"{name}{note}:"
        yield "\n".join(aligned(compact(read_table(path.read_text(encoding="utf-8")), omitted)))
        there = {f"{folder}/{file}": words for file, words in LOOK.items() if (folder / file).exists()}
        width = max(map(len, there))
        yield "\n".join(["Look at", *(f"  {file:{width}}  {words}" for file, words in there.items())])


def failed(jobs: Sequence[Job]) -> str:
    """Quote the end of each failed job's log, each text once, and say what to do. Without jobs: the run was stopped."""
    again = (
        "run the same command again: finished work is kept, and an interrupted training continues after its last "
        "complete epoch."
    )
    if not jobs:
        return f"Stopped before the end. To continue, {again}"
    said: dict[str, list[Job]] = {}
    for job in jobs:
        said.setdefault(last_lines(job), []).append(job)
    blocks = []
    for words, those in said.items():
        names = [job.name for job in those]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        blocks.append(f"Failed: {names[0]}{more}\n{words}")
    logs = ", ".join(dict.fromkeys(job.log for job in jobs if job.log))
    whole = f"Full logs: {logs}\n" if logs else ""
    return "\n".join([*blocks, f"{whole}Fix the error in the last line, then {again}"])


def last_lines(job: Job) -> str:
    """The last lines of a job's log, indented."""
    try:
        lines = Path(job.log or "").read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
    except OSError:
        lines = []
    lines = lines[-LAST_LINES:] or ["(the log is empty: the job was killed, perhaps for lack of memory)"]
    return "\n".join(f"    {line}" for line in lines)


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


def compact(table: list[list[str]], omitted: Iterable[int]) -> list[list[str]]:
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
