"""Files that are not what they were when they were written."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import DIVERGED, read_record
from mythical_digit.files.records import read_csv, read_json
from mythical_digit.files.tensors import load_tensors
from mythical_digit.tables.histories import COLUMNS

Row = Mapping[str, str]


def damage(path: Path, folders: Mapping[str, Path]) -> str | None:
    """What is wrong with a file that tells by itself, or by those that it was made from; None if nothing is seen.

    Tensors have their own checksum, metrics.json follows from its confusion matrix. metrics.csv follows from all
    metrics.json and histories.csv from all history.csv, which are in the `folders` of their seeds.
    """
    try:
        if path.suffix == ".safetensors":
            load_tensors(path)
        elif path.name == "metrics.json":
            read_record(path, search=True)
        elif path.name == "metrics.csv":
            return _damage_of_summary(path, folders, "metrics.json", "class", cache(read_json), _accuracy)
        elif path.name == "histories.csv":
            return _damage_of_summary(path, folders, "history.csv", "epoch", cache(read_csv), _epoch)
    except UserError as error:
        return str(error)
    return None


def _damage_of_summary(
    path: Path,
    folders: Mapping[str, Path],
    source: str,
    column: str,
    read: Callable[[Path], object],
    expected: Callable[[object, Row], Mapping[str, str]],
) -> str | None:
    """The first row that is not what is `expected` of the `source` of its seed and model."""
    rows = read_csv(path)
    if not rows:
        return f"{path}: damaged (no rows)"
    try:
        for row in rows:
            of = f"model {row['model']}, seed {row['seed']}, {column} {row[column]}"
            file = folders.get(row["seed"], path.parent / f"seed-{row['seed']}") / row["model"] / source
            if not file.exists():
                return f"{path}: damaged ({of}: there is no {file})"
            for name, value in expected(read(file), row).items():
                if row[name] != value:
                    return f"{path}: damaged ({of}: {row[name]}, but {value} in {file})"
    except (KeyError, IndexError, TypeError, ValueError):
        return f"{path}: damaged (not a table of what is in the {source} of its models)"
    return None


def _accuracy(record: Mapping, row: Row) -> dict[str, str]:
    if record.get(DIVERGED):
        return {"accuracy": DIVERGED}
    accuracy = record["class_accuracy"][int(row["class"])]
    return {"accuracy": "" if accuracy is None else str(accuracy)}  # nothing of a class without images


def _epoch(history: list[Row], row: Row) -> dict[str, str]:
    return {name: history[int(row["epoch"]) - 1][name] for name in COLUMNS}
