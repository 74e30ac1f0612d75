"""Accuracies per seed, model and class, as `summarize` writes them to results/{experiment}/metrics.csv."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import DIVERGED
from mythical_digit.tables.columns import AGAIN, read_columns


def _unless_missing(convert: Callable[[str], float]) -> Callable[[str], float]:
    """A conversion that gives NaN for a network that diverged, and for the accuracy of a class without images."""
    return lambda text: np.nan if text in (DIVERGED, "") else convert(text)


TYPES = {
    "seed": int,
    "model": str,
    "class": int,
    "n": int,
    "correct": _unless_missing(int),
    "accuracy": _unless_missing(float),
}
COLUMNS = tuple(TYPES)


@dataclass(frozen=True)
class Accuracies:
    """Test accuracies in percent: `values[model]` is float64 of shape (n_seeds, n_classes), NaN without test images.

    `errors[model]` counts the misclassified images of each seed, int64 of shape (n_seeds,), out of `n`.
    """

    seeds: tuple[int, ...]
    classes: tuple[int, ...]
    values: dict[str, np.ndarray]
    errors: dict[str, np.ndarray] = field(default_factory=dict)
    n: int = 0

    def with_average(self, model: str) -> np.ndarray:
        """Accuracies per class and, last, their mean, the macro average: (n_seeds, n_classes + 1), percent.

        A class without test images, NaN, is no part of the mean.
        """
        values = self.values[model]
        without = np.isnan(values).all(axis=0)
        # Not always by a mask: a copy may be added up in another order, and the last bits would differ.
        seen = values if without.all() or not without.any() else values[:, ~without]
        return np.column_stack([values, seen.mean(axis=1)])


def read_accuracies(path: str | Path, models: Iterable[str], *, search: bool = False) -> Accuracies:
    """Read the accuracies of `models` from metrics.csv: percent per seed, model and class.

    In a `search`, a network that diverged has the accuracies and errors NaN; then all errors are float64.

    Raises UserError if the table cannot be read, an accuracy does not follow from its counts, or the row for a model,
    seed and class is missing or repeated; and, outside a search, if one of the `models` diverged.
    """
    models = list(models)
    rows = read_columns(path, TYPES)
    cells, n, errors = {}, Counter(), Counter()
    for seed, model, label, total, correct, accuracy in rows:
        if np.isnan(correct) and not search and model in models:
            raise UserError(f"{path}: {model}, seed {seed}, diverged: it has no accuracy; train it by another recipe")
        expected = 100 * correct / total if total else np.nan
        if accuracy != expected and not np.isnan([accuracy, expected]).all():
            raise UserError(f"{path}: damaged (accuracy {accuracy} for {correct} correct of {total}); {AGAIN}")
        cells[model, seed, label] = accuracy
        n[model, seed] += total
        errors[model, seed] += total - correct
    if not cells or len(cells) < len(rows):
        raise UserError(f"{path}: {len(rows)} rows for {len(cells)} sets of seed, model and class; {AGAIN}")
    seeds = tuple(dict.fromkeys(seed for _, seed, _ in cells))
    classes = tuple(sorted({label for _, _, label in cells}))
    try:
        values = {
            model: np.array([[cells[model, seed, label] for label in classes] for seed in seeds]) for model in models
        }
    except KeyError as error:
        model, seed, label = error.args[0]
        raise UserError(f"{path}: no row for model {model}, seed {seed}, class {label}; {AGAIN}") from error
    if len({*n.values()}) > 1:
        raise UserError(f"{path}: damaged (models or seeds with different numbers of test images); {AGAIN}")
    counts = {model: np.array([errors[model, seed] for seed in seeds]) for model in values}
    return Accuracies(seeds, classes, values, counts, max(n.values()))


def class_sizes(path: str | Path) -> dict[int, int]:
    """How many test images each class has, from metrics.csv. Raises UserError if the table cannot be read."""
    return dict(read_columns(path, {"class": int, "n": int}))
