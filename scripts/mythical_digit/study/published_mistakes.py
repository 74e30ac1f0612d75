"""Check the tables of published numbers that an experiment is compared with: they say something of its models."""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
from mythical_digit.study.config_schema import choices

AVERAGE = "avg"  # the row below those of the classes
SCORES = ("train_", "test_")  # how the columns of a history begin
LARGEST = 1e9  # that a cell of a history may be


def table_mistakes(path: Path, models: Collection[str], classes: int) -> Iterator[str]:
    """Yield what is wrong in a table of accuracies: a row per class, a column for each of some of the `models`."""
    try:
        rows, columns = read_csv(path), _columns(path)
    except UserError as error:
        yield str(error)
        return
    if "class" not in columns or not rows:
        yield "found no column `class` with a row for each class; the header must be class,<model>,<model>,..."
        return
    if found := _twice(columns):
        yield f"the column {found!r} is there twice; remove one"
    if not {*columns} & {*models}:
        found = next((column for column in columns if column != "class"), "")
        yield f"no column has the name of a model: {', '.join(columns)}{choices(found, models)}"
    allowed = [*map(str, range(classes)), AVERAGE]
    if found := _twice([row["class"] for row in rows]):
        yield f"the row {found!r} is there twice; remove one"
    for row in rows:
        if row["class"] not in allowed:
            yield f"there is no class {row['class']!r} to compare with{choices(row['class'], allowed)}"
            return
        for model in models:
            if (cell := row.get(model)) and not 0 <= _number(cell) <= 100:
                yield f"{cell!r} (row {row['class']}, column {model}) is no percentage; allowed: 0 to 100, or nothing"


def history_mistakes(path: Path, models: Collection[str]) -> Iterator[str]:
    """Yield what is wrong in a table of epochs: a row for each epoch of each of some of the `models`."""
    try:
        rows, columns = read_csv(path), _columns(path)
    except UserError as error:
        yield str(error)
        return
    scores = [column for column in columns if column.startswith(SCORES)]
    if not {"model", "epoch"} <= {*columns} or not scores or not rows:
        yield f"needs the columns model, epoch and some of {', '.join(f'{each}...' for each in SCORES)}, and rows"
        return
    found = {row["model"]: None for row in rows}
    if not {*found} & {*models}:
        yield f"no row is of a model: {', '.join(map(str, found))}{choices(next(iter(found)), models)}"
    for row in rows:
        for column in ("epoch", *scores):
            if not abs(_number(row[column])) <= LARGEST:
                yield f"{row[column]!r} (row {rows.index(row) + 1}, column {column}) is no number; write one"


def _columns(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next(csv.reader(lines[:1]), [])


def _twice(names: list[str]) -> str | None:
    return next((name for number, name in enumerate(names) if name in names[:number]), None)


def _number(cell: str | None) -> float:
    """The number in a cell; NaN, which is within no bounds, if there is none."""
    try:
        return float(cell or "nan")
    except ValueError:
        return float("nan")
