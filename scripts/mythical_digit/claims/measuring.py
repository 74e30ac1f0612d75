"""What our seeds give for a published number or a conclusion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mythical_digit.claims.intervals import Counts, Outcomes, Scores
from mythical_digit.claims.published_claims import OF_HISTORY, UNITS, Operand
from mythical_digit.tables.accuracies import Accuracies, class_sizes, read_accuracies
from mythical_digit.tables.histories import read_all_histories
from mythical_digit.tables.shift_effects import read_shifts

BOUNDS = {"%": (0.0, 100.0), "nats": (0.0, np.inf)}


@dataclass(frozen=True)
class Measurements:
    """All that was read of our experiments, by their names.

    `sizes` are the test images of each class; `shifts` what shifted biases did, as tables/shift_effects.py reads it;
    `histories` the training histories, as tables/histories.py reads them.
    """

    accuracies: Mapping[str, Accuracies]
    sizes: Mapping[str, Mapping[int, int]]
    shifts: Mapping[str, Mapping[tuple[str, str], Mapping[str, np.ndarray]]] = field(default_factory=dict)
    histories: Mapping[str, Mapping[str, Mapping[str, np.ndarray]]] = field(default_factory=dict)


def read_measurements(
    metrics: Iterable[str],
    shifts: Iterable[str],
    histories: Iterable[str],
    labels: Mapping[str, Mapping[str, str]],
) -> Measurements:
    """Read EXPERIMENT/metrics.csv, EXPERIMENT/bias.csv and EXPERIMENT/histories.csv.

    `labels` has the models of each experiment. Raises UserError where a file cannot be read.
    """
    by_name = {Path(path).parent.name: path for path in metrics}
    return Measurements(
        {name: read_accuracies(path, labels[name]) for name, path in by_name.items()},
        {name: class_sizes(path) for name, path in by_name.items()},
        {Path(path).parent.name: read_shifts(path) for path in shifts},
        {Path(path).parent.name: read_all_histories(path) for path in histories},
    )


def measure(operand: Operand, ours: Measurements, minus: Operand | None = None, *, relative: bool = False) -> Outcomes:
    """The outcomes of the seeds, of an operand or of it minus another, within each seed; `relative`: in percent of it.

    `ours` must have what the operands name.
    """
    first = _measure(operand, ours)
    if minus is None:
        return first
    values = first.values - _measure(minus, ours).values
    if not relative:
        return Scores(values, first.least)
    whole = np.where(first.values == 0, np.nan, first.values)
    return Scores(100 * values / whole, float(100 * first.least / np.abs(whole).mean()), top=100)


def _measure(operand: Operand, ours: Measurements) -> Outcomes:
    if operand.quantity == "shift":
        return Scores(ours.shifts[operand.experiment][operand.model, operand.way]["shift"])
    if operand.quantity in OF_HISTORY:
        return _of_history(operand, ours.histories[operand.experiment][operand.model])
    if operand.quantity == "average":
        sizes = np.array([size for size in ours.sizes[operand.experiment].values() if size])
        values = ours.accuracies[operand.experiment].with_average(operand.model)[:, -1]
        return Scores(values, float((100 / sizes).mean() / len(sizes)), 0, 100)
    errors, images = _errors(operand, ours)
    counted = images - errors if operand.quantity == "accuracy" else errors
    return Counts(counted.astype(np.int64), images, 1.0 if operand.quantity == "errors" else 100 / images)


def _errors(operand: Operand, ours: Measurements) -> tuple[np.ndarray, int]:
    """The test images that each seed got wrong, (n_seeds,), and how many there are."""
    if operand.way is not None:
        found = ours.shifts[operand.experiment][operand.model, operand.way]
        if operand.label is not None:
            return found["class_errors"], int(found["class_n"][0])
        if operand.other_than is not None:
            return found["errors"] - found["class_errors"], int(found["n"][0] - found["class_n"][0])
        return found["errors"], int(found["n"][0])
    accuracies, sizes = ours.accuracies[operand.experiment], ours.sizes[operand.experiment]
    images = np.array([sizes[label] for label in accuracies.classes])
    errors = np.rint(images * (100 - accuracies.values[operand.model]) / 100)
    labels = np.array(accuracies.classes)
    kept = labels != operand.other_than if operand.label is None else labels == operand.label
    return errors[:, kept].sum(axis=1), int(images[kept].sum())


def _of_history(operand: Operand, history: Mapping[str, np.ndarray]) -> Scores:
    """A column at an epoch, NaN where training ended before it; or `overfitting`.

    That is how far the test cross-entropy has risen since its minimum, but no more than the training cross-entropy has
    fallen since: it is positive where both happened.
    """
    if operand.quantity == "overfitting":
        test, train = history["test_cross_entropy"], history["train_cross_entropy"]
        lowest = test.argmin(axis=1)[:, None]
        rise = test[:, -1] - np.take_along_axis(test, lowest, axis=1)[:, 0]
        fall = np.take_along_axis(train, lowest, axis=1)[:, 0] - train[:, -1]
        return Scores(np.minimum(rise, fall))
    column, epoch = history[operand.quantity], operand.epoch
    if epoch is not None and epoch > column.shape[1]:
        return Scores(np.array([np.nan]))
    return Scores(column[:, -1 if epoch is None else epoch - 1], 0.0, *BOUNDS[UNITS[operand.quantity]])
