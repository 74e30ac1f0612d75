"""What our seeds give for a published number: from the accuracies, or from the shifted biases."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mythical_digit.claims.published_claims import Number
from mythical_digit.tables.accuracies import Accuracies


@dataclass(frozen=True)
class Measured:
    """The seeds' values of a number, (n_seeds,), what one image weighs in them, and the most that they can be."""

    values: np.ndarray
    one_image: float
    most: float


def measure(
    number: Number, way: str | None, accuracies: Accuracies, sizes: Mapping[int, int], shifts: Mapping
) -> Measured:
    """What was measured of a number; `way` None: of the model as it was evaluated, from metrics.csv."""
    n = np.array([sizes[label] for label in accuracies.classes])
    if way is not None:
        found = shifts[number.model, way]
        part = "" if number.label is None else "class_"
        errors, images = found[f"{part}errors"], int(found[f"{part}n"][0])
    else:
        values = accuracies.values[number.model]
        if number.quantity == "average":
            return Measured(values.mean(axis=1), float((100 / n).mean() / len(n)), 100)
        per_class = np.rint(n * (100 - values) / 100)
        place = slice(None) if number.label is None else [accuracies.classes.index(number.label)]
        errors, images = per_class[:, place].sum(axis=1), int(n[place].sum())
    if number.quantity == "errors":
        return Measured(errors, 1, images)
    share = 100 * errors / images
    return Measured(100 - share if number.quantity == "accuracy" else share, 100 / images, 100)
