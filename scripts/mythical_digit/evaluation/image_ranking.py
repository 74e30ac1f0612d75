"""Which images to show of a class: evenly spaced in the order of how sure a network is of them."""

import numpy as np


def ranking(logits: np.ndarray, labels: np.ndarray, label: int) -> np.ndarray:
    """The indices (int64) of the images of one class, from the surest correct to the surest wrong.

    Ordered by the margin of the class: its logit minus the highest other one. `logits` (n, classes), `labels` (n,).
    """
    images = np.flatnonzero(labels == label)
    margins = logits[images, label] - np.delete(logits[images], label, axis=1).max(axis=1)
    return images[np.argsort(-margins, kind="stable")]


def evenly_spaced(n: int, count: int) -> np.ndarray:
    """`count` of the places 0 to n - 1 with the first and the last; all of them if there are no more than `count`."""
    return np.linspace(0, n - 1, min(n, count)).round().astype(int)
