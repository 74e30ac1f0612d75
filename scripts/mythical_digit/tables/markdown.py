"""Tables to read: their cells as text, and the tables in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mythical_digit.tables.statistics import Estimate


@dataclass(frozen=True)
class Section:
    """A table as text: what it shows, and its columns by their heading, all of one length."""

    title: str
    caption: str
    columns: dict[str, list[str]]


def plus_minus(result: Estimate, digits: int = 2) -> list[str]:
    """Write each mean of an estimate, (n_cells,), with the half-width of its interval, where there is one."""
    return [
        minus(f"{mean:.{digits}f}") + ("" if np.isnan(halfwidth) else f" ± {halfwidth:.{digits}f}")
        for mean, halfwidth in zip(np.atleast_1d(result.mean), np.atleast_1d(result.halfwidth), strict=True)
    ]


def signed(value: float) -> str:
    """Write a number to two decimals with its sign; what rounds to zero has a plus."""
    return minus(f"{round(value, 2) + 0.0:+.2f}")


def minus(text: str) -> str:
    """Give a number the sign that is as wide as a plus."""
    return text.replace("-", "−")


def explained(n: int) -> str:
    """The sentence of a caption that says what stands after ±; none where there is no interval."""
    return "" if n == 1 else " After ±: half of the interval's width."


def name_classes(classes: Sequence[int]) -> str:
    """Name classes in a sentence: class 3; classes 7, 8."""
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
