"""Metrics on the test split: the confusion matrix, and all others derived from it."""

from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_json

DIVERGED = "diverged"  # the key of a record, and the cell of a table, in the place of a score


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes), int64: row = true class, column = predicted class; from two (n,) integer arrays."""
    counts = np.bincount(labels * classes + predicted, minlength=classes**2)
    return counts.reshape(classes, classes)


def from_confusion(confusion: np.ndarray) -> dict[str, object]:
    """The record of a model: counts, and accuracies in percent, from a confusion matrix (classes, classes).

    `accuracy` is over all images, `class_accuracy` per true class, and `class_mean_accuracy` the mean over the classes
    (the study's "Avg"). The accuracy of a class without images is None, and no part of that mean.
    """
    n, correct = confusion.sum(axis=1), confusion.diagonal()
    there = n > 0
    class_accuracy = 100 * correct[there] / n[there]
    by_class = iter(class_accuracy.tolist())
    return {
        "confusion": confusion.tolist(),
        "n": int(n.sum()),
        "errors": int(n.sum() - correct.sum()),
        "accuracy": float(100 * correct.sum() / n.sum()),
        "class_n": n.tolist(),
        "class_correct": correct.tolist(),
        "class_accuracy": [next(by_class) if has_images else None for has_images in there],
        "class_mean_accuracy": float(class_accuracy.mean()),
    }


def scored(logits: np.ndarray, labels: np.ndarray) -> dict[str, object]:
    """The record of a model from its logits (n, classes) and the labels (n,) of the images.

    A network whose logits are not finite has diverged: it has no predictions, though an argmax would find some.
    """
    classes = logits.shape[1]
    if not np.isfinite(logits).all():
        return of_diverged(np.bincount(labels, minlength=classes).tolist())
    return from_confusion(confusion_matrix(labels, logits.argmax(axis=1), classes))


def of_diverged(class_n: list[int]) -> dict[str, object]:
    """The record of a network that diverged: images per class, and no score."""
    return {DIVERGED: True, "n": sum(class_n), "class_n": class_n}


def read_record(path: str | Path, *, search: bool = False) -> dict:
    """Read a record of `evaluate`, without its origin. Raises UserError if it contradicts its confusion matrix, and
    outside a `search` if the network diverged."""
    record = {key: value for key, value in read_json(path).items() if key != "origin"}
    try:
        if record.get(DIVERGED):
            consistent = of_diverged(record["class_n"]) == record
        else:
            consistent = from_confusion(np.array(record["confusion"], dtype=np.int64)) == record
    except (KeyError, TypeError, ValueError, OverflowError, UserError):
        consistent = False
    if not consistent:
        raise UserError(f"{path}: damaged (not what follows from its confusion matrix); delete it and run again")
    if record.get(DIVERGED) and not search:
        raise UserError(
            f"{path}: the network diverged and has no accuracy; change its recipe or its shift in config.yaml"
        )
    return record
