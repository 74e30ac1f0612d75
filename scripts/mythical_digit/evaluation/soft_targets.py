"""What a teacher's soft targets say of a class, from its logits."""

import numpy as np
from scipy.special import softmax


def soft_targets(logits: np.ndarray, temperature: float) -> np.ndarray:
    """The class probabilities (n, classes) float64 at a temperature: equation 1 of Hinton, Vinyals & Dean (2015)."""
    return softmax(logits.astype(np.float64) / temperature, axis=1)


def mean_probability(probabilities: np.ndarray, labels: np.ndarray, label: int) -> dict[int, float]:
    """The mean probability of class `label` over the images of each other label, in percent."""
    return {
        int(other): 100 * float(probabilities[labels == other, label].mean())
        for other in np.unique(labels)
        if other != label
    }
