"""The `note` of an experiment in config.yaml, put on every table that someone may take out of its folder."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mythical_digit.tables.markdown import Section


def noted(tables: Sequence[Section], note: str | None) -> list[Section]:
    """The tables with the note, if any, before each caption."""
    return [replace(table, caption=f"{note}. {table.caption}") if note else table for table in tables]


def noted_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], note: str | None
) -> tuple[list[str], Iterator[Sequence[object]]]:
    """The columns and rows of a CSV table, with the note, if any, in a last column `note`."""
    more = [note] if note else []
    return [*columns, *(["note"] if note else [])], ([*row, *more] for row in rows)
