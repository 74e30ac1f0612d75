"""Where the outcome of one more run lies, predicted from a few seeds, and how surely another outcome does not fit.

A published number is the outcome of one run, so ours is compared as the outcome of one run: if only chance differs,
the next run lies in mean ± t s √(1 + 1/n) with probability 95 %, where s is the spread of n seeds and t has n − 1
degrees of freedom (Hahn & Meeker 1991, "Statistical Intervals", section 4.8). The mean of r more runs lies in mean ±
t s √(1/r + 1/n). The p-value of an outcome is from the same t.

`Counts`, k of m images, are predicted on the scale arcsin √((k + 3/8)/(m + 3/4)), where a binomial spreads alike at
every rate (Anscombe 1948, "The transformation of Poisson, binomial and negative-binomial data", Biometrika 35),
with a continuity correction of half an image, so that no interval leaves 0 to m. The spread is that of the seeds
themselves. A binomial or beta-binomial spread would be too wide: all seeds are scored on the same images, and scatter
less than a binomial where most images are easy. Where all seeds agree there is no spread to measure; then the next
count follows the beta-binomial that Jeffreys' prior Beta(½, ½) gives for the pooled counts (Brown, Cai & DasGupta
2001, "Interval estimation for a binomial proportion", Statistical Science 16).

`Scores` are all other outcomes: averages, differences, losses. They are predicted as they are, between their bounds,
and never to less than one image.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import betaln, gammaln, stdtr, stdtrit

from mythical_digit.tables.statistics import CONFIDENCE, SLACK, estimate

ALPHA = 1 - CONFIDENCE


@dataclass(frozen=True)
class Counts:
    """Counts of the seeds, `k` (n_seeds,), of `m` images; `unit` is what one image is in the unit of the outcome.

    What is predicted is the mean of so many more `runs`.
    """

    k: np.ndarray
    m: int
    unit: float
    runs: int = 1

    @property
    def values(self) -> np.ndarray:
        """The outcomes (n_seeds,), in their unit."""
        return self.k * self.unit

    @property
    def least(self) -> float:
        """What changes if one image changes."""
        return self.unit

    @cached_property
    def p_of_each(self) -> np.ndarray:
        """The two-sided p-value of each count that may come next, 0 to m: (m + 1,), NaN with one seed."""
        return p_values(self.k[:, None], self.m, np.arange(self.m + 1), self.runs)

    def p_value(self, low: float, high: float) -> float:
        """The largest p-value of the outcomes from `low` to `high`; of their neighbours, if no count is among them."""
        first, last = np.ceil(low / self.unit - SLACK), np.floor(high / self.unit + SLACK)
        first, last = (int(np.clip(end, 0, self.m)) for end in (min(first, last), max(first, last)))
        return float(self.p_of_each[first : last + 1].max())

    def interval(self) -> tuple[float, float]:
        """The ends of the 95 % prediction interval, which are counts; NaN with one seed."""
        inside = np.flatnonzero(self.p_of_each > ALPHA)
        return (inside[0] * self.unit, inside[-1] * self.unit) if len(inside) else (np.nan, np.nan)


@dataclass(frozen=True)
class Scores:
    """Other outcomes (n_seeds,), which lie from `bottom` to `top`; `least` is the least half-width of an interval.

    What is predicted is the mean of so many more `runs`.
    """

    values: np.ndarray
    least: float = 0.0
    bottom: float = -np.inf
    top: float = np.inf
    runs: int = 1

    def p_value(self, low: float, high: float) -> float:
        """The largest two-sided p-value of the outcomes from `low` to `high`; NaN with one seed."""
        n, mean = len(self.values), self.values.mean()
        if n == 1:
            return np.nan
        error = self.values.std(ddof=1) * np.sqrt(1 / self.runs + 1 / n)
        error = max(error, self.least / stdtrit(n - 1, 1 - ALPHA / 2))
        distance = max(0.0, abs(np.clip(mean, low, high) - mean) - SLACK)
        return 1.0 if distance == 0 else float(2 * stdtr(n - 1, -distance / error)) if error else 0.0

    def interval(self) -> tuple[float, float]:
        """The ends of the 95 % prediction interval; NaN with one seed."""
        n, mean = len(self.values), self.values.mean()
        if n == 1:
            return np.nan, np.nan
        t = stdtrit(n - 1, 1 - ALPHA / 2)
        halfwidth = max(t * self.values.std(ddof=1) * np.sqrt(1 / self.runs + 1 / n), self.least)
        return max(self.bottom, mean - halfwidth), min(self.top, mean + halfwidth)


Outcomes = Counts | Scores


def p_values(k: np.ndarray, m: int, counts: np.ndarray, runs: int = 1) -> np.ndarray:
    """The two-sided p-values of the next `counts` (...) of `m` images after `k` (n_seeds, ...); NaN with one seed.

    They are of the mean count of so many `runs`; where all seeds agree, of one run.
    """
    n = len(k)
    if n == 1:
        return np.full(np.broadcast_shapes(k.shape[1:], counts.shape), np.nan)
    scaled = _stabilised(k, m)
    mean, error = scaled.mean(axis=0), scaled.std(axis=0, ddof=1) * np.sqrt(1 / runs + 1 / n)
    agree = np.ptp(k, axis=0) == 0
    error = np.where(agree, 1, error)
    at_most = np.where(counts == m, 1, stdtr(n - 1, (_stabilised(counts + 0.5, m) - mean) / error))
    at_least = np.where(counts == 0, 1, stdtr(n - 1, (mean - _stabilised(counts - 0.5, m)) / error))
    found = np.minimum(1, 2 * np.minimum(at_most, at_least))
    agree, totals, counts = np.broadcast_arrays(agree, k.sum(axis=0), counts)
    for total in np.unique(totals[agree]):
        these = agree & (totals == total)
        found[these] = _jeffreys(m, int(total), n)[counts[these]]
    return found


def of_the_mean(outcomes: Outcomes) -> tuple[float, float]:
    """The ends of the 95 % confidence interval of the mean over the seeds; NaN with one seed.

    Student's t, but at least as wide as one image of one seed makes it: seeds that agree do not make a mean certain.
    """
    found = estimate(outcomes.values)
    halfwidth = np.maximum(found.halfwidth, outcomes.least / found.n)
    return float(found.mean - halfwidth), float(found.mean + halfwidth)


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust the p-values (n,) of a family for their number; NaN stays and does not count.

    Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6.
    """
    adjusted = np.full(len(p_values), np.nan)
    order = np.argsort(p_values)[: int(np.isfinite(p_values).sum())]  # NaN comes last
    steps = p_values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps))
    return adjusted


def _stabilised(k: np.ndarray, m: int) -> np.ndarray:
    return np.arcsin(np.sqrt(np.clip((k + 0.375) / (m + 0.75), 0, 1)))


def _jeffreys(m: int, total: int, n: int) -> np.ndarray:
    """The two-sided p-value of each count of `m` images, (m + 1,), after `total` of n times `m`."""
    counts = np.arange(m + 1)
    a, b = total + 0.5, n * m - total + 0.5
    ways = gammaln(m + 1) - gammaln(counts + 1) - gammaln(m - counts + 1)
    mass = np.exp(ways + betaln(counts + a, m - counts + b) - betaln(a, b))
    at_most, at_least = np.cumsum(mass), np.cumsum(mass[::-1])[::-1]
    return np.minimum(1, 2 * np.minimum(at_most, at_least))
