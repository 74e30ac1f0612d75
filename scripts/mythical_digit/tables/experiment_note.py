"""What is said of an experiment (`note` in its config) stands on all that one may take out of its folder."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mythical_digit.tables.markdown import Section


def noted(tables: Sequence[Section], note: str | None) -> list[Section]:
    """The tables with the note before each caption, where there is one."""
    return [replace(table, caption=f"{note}. {table.caption}") if note else table for table in tables]


def noted_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], note: str | None
) -> tuple[list[str], Iterator[Sequence[object]]]:
    """The columns and rows of a CSV table with the note in a last column, where there is one."""
    more = [note] if note else []
    return [*columns, *(["note"] if note else [])], ([*row, *more] for row in rows)
