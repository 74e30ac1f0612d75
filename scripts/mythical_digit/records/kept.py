"""Files that a run keeps as they are, and that do not belong to the config.

Snakemake knows them by its notes in .snakemake. Where these are lost, or not asked (`--rerun-triggers mtime`), only the
files themselves can tell.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from mythical_digit.errors import UserError
from mythical_digit.files.origin import Origin, compare, not_together
from mythical_digit.files.records import read_csv, read_json
from mythical_digit.records.damage import damage

# Tables of all seeds: which column says what a row is of.
SUMMARIES = {"metrics.csv": "model", "histories.csv": "model", "bias.csv": "arm"}


class Summary(NamedTuple):
    """What a table of all seeds should be of."""

    names: list[str]  # models or arms
    folders: dict[str, Path]  # of the models of each seed


def check_kept(paths: Iterable[str], expected: Origin, summaries: Mapping[str, Summary]) -> None:
    """Check files that no job of a run makes again.

    `expected` has the records of what they should follow from, and `summaries` says of each of these tables what it
    should be of. Raises UserError that names all that do not belong.
    """
    paths = list(paths)
    _, wrong = compare(paths, expected)
    for path, summary in summaries.items():
        if difference := _difference(Path(path), summary) or damage(Path(path), summary.folders):
            wrong[path] = difference.removeprefix(f"{path}: ")
    if wrong:
        raise not_together(wrong)


def _difference(path: Path, summary: Summary) -> str | None:
    """Which seed and model a summary has, or lacks, against the config; None if they are the same."""
    column, expected = SUMMARIES[path.name], {(seed, name) for seed in summary.folders for name in summary.names}
    if path.name == "bias.csv":
        expected = {(seed, arm) for seed, arm in expected if not _without_shifts(summary.folders[seed] / arm)}
    try:
        found = {(row["seed"], row[column]) for row in read_csv(path)}
    except KeyError as error:
        return f"there is no column {error}"
    except UserError as error:
        return str(error)
    for more, less, verb in ((found, expected, "has rows"), (expected, found, "lacks the rows")):
        if missing := sorted(more - less):
            seed, name = missing[0]
            return f"{verb} of seed {seed}, {column} {name}, against the config"
    return None


def _without_shifts(folder: Path) -> bool:
    """Did the network of this folder diverge, so that it has no row of shifts?"""
    record = folder / "bias.json"
    try:
        return record.exists() and not read_json(record)["ways"]
    except (UserError, KeyError, TypeError):  # damaged; whoever reads it says so
        return False
