"""The verdicts on published numbers, and on conclusions.

A number is the outcome of one run, and is compared with the 95 % prediction interval of one run of ours
(intervals.py). It must also be told apart from its *contrast*: the value that it would have if what it is cited for
were not so, such as the number of the arm without soft targets. An interval that has room for both says nothing.

A conclusion is about a mean over seeds, mostly of a difference within each seed. It holds if the whole 95 % interval
lies on the claimed side of its threshold, does not hold if the whole interval lies on the other side, and else the
seeds do not decide.
"""

from enum import StrEnum

import numpy as np

from mythical_digit.claims.intervals import ALPHA


class Verdict(StrEnum):
    """What became of a published number."""

    REPRODUCED = "reproduced"
    COMPATIBLE = "compatible"
    HIGHER = "differs, higher"
    LOWER = "differs, lower"
    CONTRADICTS_ITSELF = "contradicts itself"
    UNDECIDED = "undecided"


class Finding(StrEnum):
    """What became of a conclusion."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNDECIDED = "undecided"


def judge(p: float, p_contrast: float, mean: float, published: float) -> Verdict:
    """The verdict on a number from its p-value, that of its contrast, and on which side of it our mean lies.

    The p-values are NaN with one seed, which decides nothing.
    """
    if np.isnan(p):
        return Verdict.UNDECIDED
    if p <= ALPHA:
        return Verdict.HIGHER if mean > published else Verdict.LOWER
    return Verdict.REPRODUCED if p_contrast <= ALPHA else Verdict.COMPATIBLE


def find(low: float, high: float, side: str, threshold: float) -> Finding:
    """The finding on a conclusion from the ends of its interval; `side` is `above` or `below` the threshold."""
    if side == "below":
        low, high, threshold = -high, -low, -threshold
    if low > threshold:
        return Finding.HOLDS
    return Finding.FAILS if high <= threshold else Finding.UNDECIDED
