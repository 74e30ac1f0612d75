"""Columns of a CSV table that this pipeline wrote, with their types."""

from collections.abc import Callable, Mapping
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv

AGAIN = "delete the file and run Snakemake again"  # ends the message on a damaged table


def read_columns(path: str | Path, types: Mapping[str, Callable[[str], object]]) -> list[tuple]:
    """Read the columns named in `types` from a CSV table: a tuple per row, each cell converted by its type.

    Raises UserError if the file cannot be read, a column is missing or a cell does not convert.
    """
    rows = read_csv(path)
    try:
        return [tuple(convert(row[name]) for name, convert in types.items()) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: not a table of {', '.join(types)} ({error!r}); {AGAIN}") from error
