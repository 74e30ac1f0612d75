"""Tables for readers: their cells as text, and the tables in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mythical_digit.tables.statistics import Estimate


@dataclass(frozen=True)
class Section:
    """A table as text: title, caption and columns by heading, all of the same length."""

    title: str
    caption: str
    columns: dict[str, list[str]]


def plus_minus(result: Estimate, digits: int = 2) -> list[str]:
    """Write each mean of an estimate, (n_cells,), with the half-width of its interval, if it has one; n/a for NaN.

    A mean that rounds to zero has no sign.
    """

    def cell(mean: float, halfwidth: float) -> str:
        if np.isnan(mean):
            return "n/a"
        reach = "" if np.isnan(halfwidth) else f" ± {halfwidth:.{digits}f}"
        return minus(f"{round(mean, digits) + 0.0:.{digits}f}") + reach

    return list(map(cell, np.atleast_1d(result.mean).tolist(), np.atleast_1d(result.halfwidth).tolist()))


def signed(value: float) -> str:
    """Write a number to two decimals with its sign; zero gets a plus."""
    return minus(f"{round(value, 2) + 0.0:+.2f}")


def minus(text: str) -> str:
    """Replace hyphens by the minus sign, which is as wide as a plus."""
    return text.replace("-", "−")


def explained(n: int) -> str:
    """The sentence of a caption that explains ±; empty for one seed, which has no interval."""
    return "" if n == 1 else " After ±: half of the interval's width."


def name_classes(classes: Sequence[int] | Sequence[str]) -> str:
    """Name classes, given by number or name, in a sentence: class 3; classes 7, 8; Coat; Coat, Bag."""
    if any(isinstance(each, str) for each in classes):
        return ", ".join(classes)
    return ("class " if len(classes) == 1 else "classes ") + ", ".join(map(str, classes))


def pipe_table(heads: Sequence[str], lines: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """Write a table in Markdown; the columns where `right` is true are right-aligned."""
    escaped = [[cell.replace("|", r"\|") for cell in line] for line in (heads, *lines)]
    rule = ["---:" if aligned else "---" for aligned in right]
    return "\n".join(f"| {' | '.join(line)} |" for line in (escaped[0], rule, *escaped[1:]))


def markdown(tables: Sequence[Section]) -> str:
    """Write the tables in Markdown; all columns but the first are right-aligned."""
    blocks = []
    for table in tables:
        lines = list(zip(*table.columns.values(), strict=True))
        right = [False, *[True] * (len(table.columns) - 1)]
        blocks += [f"## {table.title}", table.caption, pipe_table(list(table.columns), lines, right)]
    return "\n\n".join(blocks) + "\n"
