"""Metrics on the test split: the confusion matrix, and all others derived from it."""

from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_json


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes), int64: row = true class, column = predicted class; from two (n,) integer arrays."""
    counts = np.bincount(labels * classes + predicted, minlength=classes**2)
    return counts.reshape(classes, classes)


def from_confusion(confusion: np.ndarray) -> dict[str, object]:
    """The record of a model: counts, and accuracies in percent, from a confusion matrix (classes, classes).

    `accuracy` is over all images, `class_accuracy` per true class, and `class_mean_accuracy` the mean over the classes
    (the study's "Avg").

    Raises UserError if a class has no image: its accuracy is not defined.
    """
    n, correct = confusion.sum(axis=1), confusion.diagonal()
    if (n == 0).any():
        raise UserError(f"the test split has no image of class {int(n.argmin())}; its accuracy is not defined")
    class_accuracy = 100 * correct / n
    return {
        "confusion": confusion.tolist(),
        "n": int(n.sum()),
        "errors": int(n.sum() - correct.sum()),
        "accuracy": float(100 * correct.sum() / n.sum()),
        "class_n": n.tolist(),
        "class_correct": correct.tolist(),
        "class_accuracy": class_accuracy.tolist(),
        "class_mean_accuracy": float(class_accuracy.mean()),
    }


def read_record(path: str | Path) -> dict:
    """Read a record of `evaluate`, without its origin. Raises UserError if it contradicts its confusion matrix."""
    record = {key: value for key, value in read_json(path).items() if key != "origin"}
    try:
        consistent = from_confusion(np.array(record["confusion"], dtype=np.int64)) == record
    except (KeyError, TypeError, ValueError, OverflowError, UserError):
        consistent = False
    if not consistent:
        raise UserError(f"{path}: damaged (not what follows from its confusion matrix); delete it and run again")
    return record
