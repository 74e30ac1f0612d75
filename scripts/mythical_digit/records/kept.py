"""Files that a run keeps as they are, and that do not belong to the config.

Snakemake knows them by its notes in .snakemake. Where these are lost, or not asked (`--rerun-triggers mtime`), only the
files themselves can tell.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.files.origin import Origin, compare, not_together
from mythical_digit.files.records import read_csv
from mythical_digit.records.damage import damage

SUMMARIES = {"metrics.csv": "model", "bias.csv": "arm"}  # tables of all seeds: which column says what a row is of


def check_kept(paths: Iterable[str], expected: Origin, rows: Mapping[str, set[tuple[str, str]]]) -> None:
    """Check files that no job of a run makes again.

    `expected` has the records of what they should follow from, `rows` the seeds and models, or arms, that each of the
    SUMMARIES should have. Raises UserError that names all that do not belong.
    """
    paths = list(paths)
    _, wrong = compare(paths, expected)
    for path in rows:
        if difference := _difference(Path(path), rows[path]) or damage(Path(path)):
            wrong[path] = difference.removeprefix(f"{path}: ")
    if wrong:
        raise not_together(wrong)


def _difference(path: Path, expected: set[tuple[str, str]]) -> str | None:
    """Which seed and model a summary has, or lacks, against the config; None if they are the same."""
    column = SUMMARIES[path.name]
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
