"""The mean over a few seeds and its confidence interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

CONFIDENCE = 0.95
SLACK = 1e-9  # percentage points: the rounding of sums


@dataclass(frozen=True)
class Estimate:
    """A mean over `n` seeds and the half-width of its 95 % confidence interval, in the unit of the values.

    `mean` and `halfwidth` are float64 arrays of the same shape, or numbers. One seed has no interval: `halfwidth` is
    NaN, which Matplotlib leaves out.
    """

    mean: np.ndarray
    halfwidth: np.ndarray
    n: int


def estimate(values: ArrayLike) -> Estimate:
    """Estimate the mean over the first axis, the seeds: (n_seeds, ...) -> `mean` and `halfwidth` of shape (...).

    The half-width is t s / sqrt(n), with s the sample standard deviation (n - 1 in its denominator) and t the 97.5 %
    quantile of Student's distribution with n - 1 degrees of freedom (Student 1908, "The probable error of a mean").

    Raises ValueError if there is no seed.
    """
    values = np.asarray(values, dtype=np.float64)
    n = len(values)
    if n == 0:
        raise ValueError("a mean needs at least one seed")
    mean = values.mean(axis=0)
    if n == 1:
        return Estimate(mean, np.full_like(mean, np.nan), n)
    t = stdtrit(n - 1, (1 + CONFIDENCE) / 2)
    return Estimate(mean, t * values.std(axis=0, ddof=1) / np.sqrt(n), n)


def prediction_halfwidth(values: np.ndarray, k: int, comparisons: int = 1) -> np.ndarray:
    """Half-width of the 95 % prediction interval of the mean of `k` new seeds, with Bonferroni's correction.

    `values` (n_seeds, ...) are those of the published seeds; returns (...), NaN for a single seed, which has no
    spread. The confidence holds for all `comparisons` together.
    """
    n = len(values)
    if n == 1:
        return np.full(values.shape[1:], np.nan)
    t = stdtrit(n - 1, 1 - (1 - CONFIDENCE) / 2 / comparisons)
    return t * values.std(axis=0, ddof=1) * np.sqrt(1 / k + 1 / n)


def describe(n: int) -> str:
    """Say in words what an estimate over `n` seeds shows, for a caption."""
    if n == 1:
        return "One seed (n = 1); a confidence interval needs at least two"
    return f"Mean over n = {n} seeds with its {100 * CONFIDENCE:g} % confidence interval (Student's t)"
