"""Accuracies per seed, model and class, as `summarize` leaves them in results/{experiment}/metrics.csv."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv

COLUMNS = ("seed", "model", "class", "n", "correct", "accuracy")


@dataclass(frozen=True)
class Accuracies:
    """Test accuracies in percent: `values[model]` is float64 of shape (n_seeds, n_classes).

    `errors[model]` are the test images that each seed got wrong, int64 of shape (n_seeds,), out of `n`.
    """

    seeds: tuple[int, ...]
    classes: tuple[int, ...]
    values: dict[str, np.ndarray]
    errors: dict[str, np.ndarray] = field(default_factory=dict)
    n: int = 0

    def with_average(self, model: str) -> np.ndarray:
        """Accuracies per class and, last, their mean, the macro average: (n_seeds, n_classes + 1), percent."""
        values = self.values[model]
        return np.column_stack([values, values.mean(axis=1)])


def read_accuracies(path: str | Path, models: Iterable[str]) -> Accuracies:
    """Read the accuracies of `models` from a table as `summarize` writes it: percent per seed, model and class.

    Raises UserError where the table cannot be read, an accuracy is not that of the counts beside it, or the row for a
    model, seed and class is lacking or repeated.
    """
    rows = read_csv(path)
    again = "delete the file and run Snakemake again"
    try:
        cells = {(row["model"], int(row["seed"]), int(row["class"])): float(row["accuracy"]) for row in rows}
        wrong = [row for row in rows if float(row["accuracy"]) != 100 * int(row["correct"]) / int(row["n"])]
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise UserError(f"{path}: not a table of {', '.join(COLUMNS)} ({error!r}); {again}") from error
    if wrong:
        found = "accuracy {accuracy} for {correct} correct of {n}".format_map(wrong[0])
        raise UserError(f"{path}: damaged ({found}); {again}")
    if not cells or len(cells) < len(rows):
        raise UserError(f"{path}: {len(rows)} rows for {len(cells)} sets of seed, model and class; {again}")
    seeds = tuple(dict.fromkeys(seed for _, seed, _ in cells))
    classes = tuple(sorted({label for _, _, label in cells}))
    try:
        values = {
            model: np.array([[cells[model, seed, label] for label in classes] for seed in seeds]) for model in models
        }
    except KeyError as error:
        model, seed, label = error.args[0]
        raise UserError(f"{path}: no row for model {model}, seed {seed}, class {label}; {again}") from error
    n, errors = Counter(), Counter()
    for row in rows:
        n[row["model"], int(row["seed"])] += int(row["n"])
        errors[row["model"], int(row["seed"])] += int(row["n"]) - int(row["correct"])
    if len({*n.values()}) > 1:
        raise UserError(f"{path}: damaged (models or seeds with different numbers of test images); {again}")
    counts = {model: np.array([errors[model, seed] for seed in seeds]) for model in values}
    return Accuracies(seeds, classes, values, counts, max(n.values()))


def class_sizes(path: str | Path) -> dict[int, int]:
    """How many test images each class has, from the same table."""
    return {int(row["class"]): int(row["n"]) for row in read_csv(path)}
