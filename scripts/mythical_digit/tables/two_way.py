"""Whose spread it is: values by teacher and by student, taken apart into their variances."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import f

from mythical_digit.tables.statistics import CONFIDENCE, SLACK


@dataclass(frozen=True)
class Spread:
    """What one source adds to the spread of the values.

    mean_square  of the source, on `df` degrees of freedom
    sd           standard deviation that it adds, in the unit of the values; 0 if its estimate would be negative
    p            of the F test against the rest, that it adds none; NaN for the rest itself
    """

    df: int
    mean_square: float
    sd: float
    p: float


def spreads(values: np.ndarray) -> dict[str, Spread]:
    """Part the variance of `values` (n_teachers, n_students) by `teacher`, `student` and `rest`.

    This is the two-way analysis of variance with random effects and one value per cell (Scheffé 1959, "The Analysis of
    Variance", chapter 7): the value is the sum of an effect of the teacher, one of the student, and a rest that holds
    what the two do together.

    Raises ValueError with fewer than two teachers or two students.
    """
    if min(values.shape) < 2:
        raise ValueError("the spread of teachers and students needs at least two of each")
    teachers, students = values.shape
    centred = values - values.mean()
    effects = {"teacher": centred.mean(axis=1), "student": centred.mean(axis=0)}
    repeats = {"teacher": students, "student": teachers}
    rest = centred - effects["teacher"][:, None] - effects["student"]
    df = (teachers - 1) * (students - 1)
    noise = float((rest**2).sum() / df)
    found = {}
    for source, effect in effects.items():
        own = len(effect) - 1
        square = float(repeats[source] * (effect**2).sum() / own)
        p = float(f.sf(square / noise, own, df)) if noise > SLACK**2 else float(square < SLACK**2)
        found[source] = Spread(own, square, float(np.sqrt(max(0.0, square - noise) / repeats[source])), p)
    return {**found, "rest": Spread(df, noise, float(np.sqrt(noise)), np.nan)}


def ratio_interval(one: Spread, other: Spread) -> tuple[float, float]:
    """The 95 % confidence interval of the ratio of two expected mean squares, from Fisher's F distribution."""
    tail, ratio = (1 - CONFIDENCE) / 2, one.mean_square / other.mean_square
    low, high = (float(ratio / f.ppf(share, one.df, other.df)) for share in (1 - tail, tail))
    return low, high
