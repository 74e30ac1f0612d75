"""The table of times by target, and its place in the docs."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from mythical_digit.files.records import read_csv
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.workflow.progress import duration

COLUMNS = ("target", "after", "wall_seconds", "cpu_seconds", "how")
NOTHING = "from nothing"
MEASURED, ESTIMATED = "measured", "estimated"
MARKED = re.compile(r"(?<=<!-- times of targets -->\n).*?(?=<!-- end of times -->)", re.DOTALL)  # in docs/speed.md
ROW = re.compile(r"^(\| `([\w-]+)`.*\| )[^|\n]*( \|)$", re.MULTILINE)  # of the targets in docs/files.md
TARGETS = re.compile(r"(?<=## Targets\n).*?(?=\n## )", re.DOTALL)


def said(seconds: str, how: str) -> str:
    """A time such as `7 min`; of an estimate two digits, and no more than `about` them."""
    value = float(seconds)
    return duration(value) if how == MEASURED else f"about {duration(float(f'{value:.1e}'))}"


def markdown(rows: Sequence[Mapping[str, str]], machine: str, processors: int) -> str:
    """Format the rows of targets.csv: a line per target, a column per change, processor time in brackets."""
    changes = list(dict.fromkeys(row["after"] for row in rows))
    cells = {
        (row["target"], row["after"]): (
            f"{said(row['wall_seconds'], row['how'])} ({said(row['cpu_seconds'], row['how']).removeprefix('about ')})"
        )
        for row in rows
    }
    lines = [
        (f"`{target}`", *(cells.get((target, change), "") for change in changes))
        for target in dict.fromkeys(row["target"] for row in rows)
    ]
    table = pipe_table(("target", *changes), lines, (False, *(True for _ in changes)))
    return f'{table}\n\nOn {processors} processors ({machine}); in brackets: processor time. "About" is an estimate.\n'


def in_page(text: str, folder: Path) -> str:
    """A page of the docs with the published times in `folder`: the marked table, and the last column of the targets."""
    from_nothing = {
        row["target"]: said(row["wall_seconds"], row["how"])
        for row in read_csv(folder / "targets.csv")
        if row["after"] == NOTHING
    }
    table = (folder / "targets.md").read_text(encoding="utf-8")
    text = MARKED.sub(lambda _: f"\n{table}\n", text)
    return TARGETS.sub(
        lambda part: ROW.sub(lambda row: f"{row[1]}{from_nothing.get(row[2], 'not measured')}{row[3]}", part[0]), text
    )
