"""How sure a network is of the images of a class, and which to show: evenly spaced in this order."""

import numpy as np


def lead(logits: np.ndarray, label: int) -> np.ndarray:
    """The logit of class `label` less the largest other one, (n,), from logits (n, classes)."""
    return logits[:, label] - np.delete(logits, label, axis=1).max(axis=1)


def ranking(logits: np.ndarray, labels: np.ndarray, label: int) -> np.ndarray:
    """The indices (int64) of the images of one class, from the surest correct to the surest wrong.

    Ordered by the lead of the class. `logits` (n, classes), `labels` (n,).
    """
    images = np.flatnonzero(labels == label)
    return images[np.argsort(-lead(logits[images], label), kind="stable")]


def evenly_spaced(n: int, count: int) -> np.ndarray:
    """`count` of the places 0 to n - 1 with the first and the last; all of them if there are no more than `count`."""
    return np.linspace(0, n - 1, min(n, count)).round().astype(int)
