"""What each way of choosing a shift does to the accuracies, and how tables and figures call it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.tables.markdown import minus, plus_minus
from mythical_digit.tables.shifts import read_shifts
from mythical_digit.tables.statistics import estimate

# As `choose_bias` makes them. The oracle is named as what it is wherever it is shown.
LABELS = {
    "none": "No shift",
    "fixed": "Fixed shift",
    "prior": "From the class frequency",
    "oracle": "Oracle: chosen on the test set",
}
NOTE = (
    "From the class frequency: the shift at which the classes are predicted as often as they occur, on training images "
    "without their labels"
)

Ways = dict[str, dict[str, np.ndarray]]  # for each way and measure, (n_seeds,): in nats, in images, in percent


def read_ways(path: str | Path, arms: Iterable[str]) -> dict[str, Ways]:
    """Read what each way does to each of the `arms` from bias.csv.

    Raises UserError where it cannot be read, or an arm or one of its seeds is lacking.
    """
    table = read_shifts(path)
    again = "delete the file and run Snakemake again"
    try:
        found = {arm: {way: _measures(table[arm, way]) for way in LABELS} for arm in arms}
    except KeyError as error:
        arm, way = error.args[0]
        raise UserError(f"{path}: no row for arm {arm}, way {way}; {again}") from error
    if len({len(measures["shift"]) for ways in found.values() for measures in ways.values()}) > 1:
        raise UserError(f"{path}: not as many seeds for each arm and way; {again}")
    return found


def _measures(counts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    n, errors, class_n, class_errors = (counts[name] for name in ("n", "errors", "class_n", "class_errors"))
    other_n, other_errors = n - class_n, errors - class_errors
    pairs = {
        "class_accuracy": (class_errors, class_n),
        "other_accuracy": (other_errors, other_n),
        "accuracy": (errors, n),
    }
    accuracies = {name: 100 * (total - wrong) / total for name, (wrong, total) in pairs.items()}
    return {"shift": counts["shift"], "errors": errors} | accuracies


def name_classes(classes: Sequence[int]) -> str:
    """Name classes in a sentence: class 3; classes 7, 8."""
    return ("class " if len(classes) == 1 else "classes ") + ", ".join(map(str, classes))


def shift_text(shifts: np.ndarray) -> str:
    """Write the mean of the shifts (n_seeds,) with its interval; one that is the same for all seeds has none."""
    return minus(f"{shifts[0]:.2f}") if (shifts == shifts[0]).all() else plus_minus(estimate(shifts))[0]
