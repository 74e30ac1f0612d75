"""Tables to read: their cells as text, and the tables in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.statistics import Estimate


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


def markdown(tables: Sequence[Section]) -> str:
    """Write the tables in Markdown."""
    blocks = []
    for table in tables:
        heads = [head.replace("|", r"\|") for head in table.columns]
        lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *zip(*table.columns.values(), strict=True)]
        blocks += [f"## {table.title}", table.caption, "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    return "\n\n".join(blocks) + "\n"
