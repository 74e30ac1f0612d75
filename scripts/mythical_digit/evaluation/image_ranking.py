"""Which images to show of a class: evenly spaced in the order of how sure a network is of them."""

import numpy as np


def ranking(logits: np.ndarray, labels: np.ndarray, label: int) -> np.ndarray:
    """The indices of the images of one class, from the surest right to the surest wrong.

    They are ordered by the margin of the class, its logit less the highest other one; `logits` (n, classes), `labels`
    (n,).
    """
    images = np.flatnonzero(labels == label)
    margins = logits[images, label] - np.delete(logits[images], label, axis=1).max(axis=1)
    return images[np.argsort(-margins, kind="stable")]


def evenly_spaced(n: int, count: int) -> np.ndarray:
    """`count` of the places 0 to n - 1, the first and the last among them; all, where there are no more."""
    return np.linspace(0, n - 1, min(n, count)).round().astype(int)
