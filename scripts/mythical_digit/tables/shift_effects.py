"""What each way to choose a shift did, as `summarize_bias` writes it to results/{experiment}/bias.csv."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.tables.columns import AGAIN, read_columns
from mythical_digit.tables.markdown import minus, plus_minus
from mythical_digit.tables.statistics import estimate

COUNTS = (
    "shift",  # in nats
    "n",  # test images
    "errors",
    "class_n",  # of the shifted classes
    "class_errors",
)
ACCURACIES = ("class_accuracy", "other_accuracy", "accuracy")  # in percent; they follow from the counts
COLUMNS = ("seed", "arm", "way", *COUNTS, *ACCURACIES)

Effects = dict[str, dict[str, np.ndarray]]  # of one arm: by choice and measure, (n_seeds,) float64


def read_shifts(path: str | Path) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Read bias.csv: for each arm and choice, the COUNTS and ACCURACIES, (n_seeds,) float64 each.

    Raises UserError if the file cannot be read.
    """
    found: dict[tuple[str, str], list[list[float]]] = {}
    for arm, key, *counts in read_columns(path, {"arm": str, "way": str, **dict.fromkeys(COUNTS, float)}):
        found.setdefault((arm, key), []).append(counts)
    return {key: _with_accuracies(dict(zip(COUNTS, np.array(rows).T, strict=True))) for key, rows in found.items()}


def _with_accuracies(counts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    n, errors, class_n, class_errors = (counts[name] for name in COUNTS[1:])
    pairs = ((class_errors, class_n), (errors - class_errors, n - class_n), (errors, n))
    with np.errstate(invalid="ignore"):  # NaN where there is no test image of such a class
        accuracies = [100 * (total - wrong) / total for wrong, total in pairs]
    return counts | dict(zip(ACCURACIES, accuracies, strict=True))


def read_effects(path: str | Path, arms: Iterable[str]) -> dict[str, Effects]:
    """Read from bias.csv what each choice of a shift does to each of the `arms`.

    Raises UserError if the file cannot be read, or an arm or one of its seeds is missing.
    """
    table = read_shifts(path)
    try:
        found = {arm: {key: table[arm, key] for key in SHIFT_CHOICES} for arm in arms}
    except KeyError as error:
        arm, key = error.args[0]
        raise UserError(f"{path}: no row for arm {arm}, way {key}; {AGAIN}") from error
    if len({len(measures["shift"]) for effects in found.values() for measures in effects.values()}) > 1:
        raise UserError(f"{path}: not as many seeds for each arm and way; {AGAIN}")
    return found


def shift_text(shifts: np.ndarray) -> str:
    """Write the mean of the shifts (n_seeds,) with its interval, or the shift alone if all seeds share it."""
    return minus(f"{shifts[0]:.2f}") if (shifts == shifts[0]).all() else plus_minus(estimate(shifts))[0]
