"""A published table of accuracies: its cells, and averages that contradict their own column."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv

AVERAGE = "avg"
ROUNDING = 0.05  # percentage points: averages of columns printed to one decimal agree within this


def read_published(path: str | Path, models: Sequence[str], rows: Sequence[str]) -> dict[str, np.ndarray]:
    """Read a published table: percent per model, one value for each of `rows`, NaN if the table has none.

    Raises UserError if the column `class` is missing or a cell is not a number.
    """
    table = read_csv(path)
    if not table or "class" not in table[0]:
        raise UserError(f"{path}: found no column `class`; the header must be class,<model>,<model>,...")
    cells = {(row["class"], model): row.get(model) for row in table for model in models}
    try:
        return {model: np.array([float(cells.get((row, model)) or "nan") for row in rows]) for model in models}
    except ValueError as error:
        raise UserError(f"{path}: {error}; every cell must be a percentage or empty") from error


def contradictions(published: Mapping[str, np.ndarray]) -> dict[str, tuple[float, float]]:
    """Find the models whose published average, the last value, is not the mean of the others: (printed, mean)."""
    pairs = {model: (float(values[-1]), float(values[:-1].mean())) for model, values in published.items()}
    return {model: (printed, mean) for model, (printed, mean) in pairs.items() if abs(printed - mean) > ROUNDING}
