"""Does a published number, or a statement in words, hold? One rule for each, decided before the data were seen.

A number is compared with the outcome of one run, since the study and the paper ran once each. If nothing but chance
differs, the outcome of one more run of ours lies within m ± t s sqrt(1 + 1/n) with probability 95 %, where m and s are
mean and standard deviation over our n seeds (Hahn & Meeker 1991, "Statistical Intervals", section 4.8). A number holds
if it lies within; half of its last printed digit is allowed for, unless it is a count, which is exact. An outcome is a
count of images, so no interval ends nearer than one image to the mean: where every seed has 0.0 %, 0.1 % may be chance.
Outside, our better mean makes it *exceeded*, our worse one *not reproduced*. Of twenty numbers that hold, one lies
outside by chance. An average that its own column contradicts is neither. One seed decides nothing.

A statement on temperatures is judged on the error counts of a sweep's students, which share their seeds, so that
differences are taken within a seed and then averaged; intervals are Student's t over the seeds.

- `alike`: at each width, the range within a seed from the best to the worst of the temperatures, which is what a paper
  with one run sees. It holds if the 95 % interval of its mean ends below the margin at every width, does not if it
  begins above the margin at one width, and else the seeds do not decide. The range counts chance as well: that is
  against the statement. The margin is half of what distilling gains: closer than that, every temperature leaves a
  student nearer to the best than to one trained on hard labels.
- `best`: the mean errors of the temperatures below the band minus those in it, and the same above it. It holds if both
  differences exceed the margin (a one-sided paired t-test each, at 5 %; both must, which needs no correction: Berger
  1982, "Multiparameter hypothesis testing and acceptance sampling") and the temperature with the fewest mean errors
  lies in the band. Otherwise it does not: what it states is a significant difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from mythical_digit.tables.statistics import CONFIDENCE, SLACK, estimate, prediction_halfwidth


class Verdict(StrEnum):
    """What became of a claim."""

    REPRODUCED = "reproduced"
    EXCEEDED = "exceeded"
    NOT_REPRODUCED = "not reproduced"
    CONTRADICTS_ITSELF = "contradicts itself"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Outcome:
    """The mean over `n` seeds, and the half-width of the 95 % prediction interval of one run; NaN with one seed."""

    mean: float
    halfwidth: float
    n: int

    def judge(self, published: float, rounding: float, better: str) -> Verdict:
        """The verdict on a published number that stands for all within ± `rounding`; `better` is higher or lower."""
        if self.n == 1:
            return Verdict.UNDECIDED
        if abs(published - self.mean) <= self.halfwidth + rounding + SLACK:
            return Verdict.REPRODUCED
        return Verdict.EXCEEDED if (self.mean > published) == (better == "higher") else Verdict.NOT_REPRODUCED


def outcome(values: np.ndarray, one_image: float) -> Outcome:
    """What one run gives, from the values of the seeds, (n_seeds,); an image more or less changes it by `one_image`."""
    halfwidth = np.nan if len(values) == 1 else max(float(prediction_halfwidth(values, 1)), one_image)
    return Outcome(float(values.mean()), halfwidth, len(values))


def alike(widths: Sequence[Mapping[float, np.ndarray]], margin: float) -> tuple[Verdict, str]:
    """Do temperatures give similar results? Per width, errors (n_seeds,) by temperature; the verdict, and why."""
    ranges = [estimate(np.ptp(list(errors.values()), axis=0)) for errors in widths]
    many = ranges[0].n > 1
    shown = ", ".join(f"{found.mean:.1f}" + (f" ± {found.halfwidth:.1f}" if many else "") for found in ranges)
    why = f"from the best to the worst temperature, by width: {shown} errors (margin {margin:g})"
    if many and all(found.mean + found.halfwidth <= margin for found in ranges):
        return Verdict.REPRODUCED, why
    if many and any(found.mean - found.halfwidth > margin for found in ranges):
        return Verdict.NOT_REPRODUCED, why
    return Verdict.UNDECIDED, why


def best(errors: Mapping[float, np.ndarray], band: Sequence[float], margin: float) -> tuple[Verdict, str]:
    """Are the temperatures in the `band` better than those below and above? Errors (n_seeds,) by temperature."""
    sides = {
        "lower": [values for temperature, values in errors.items() if temperature < min(band)],
        "higher": [values for temperature, values in errors.items() if temperature > max(band)],
    }
    inside = np.mean([errors[temperature] for temperature in band], axis=0)
    differences = {side: np.mean(values, axis=0) - inside for side, values in sides.items()}
    fewest = min(errors, key=lambda temperature: errors[temperature].mean())
    n = len(inside)
    t = stdtrit(n - 1, CONFIDENCE) if n > 1 else np.nan
    holds = fewest in band
    words = []
    for side, values in differences.items():
        least = values.mean() - t * values.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
        holds &= bool(least > margin)
        bound = f" (at least {least:+.1f})" if n > 1 else ""
        words.append(f"at {side} temperatures {values.mean():+.1f} errors{bound}")
    why = f"{', '.join(words)}; fewest at T = {fewest:g}".replace("-", "−")
    return (Verdict.UNDECIDED if n == 1 else Verdict.REPRODUCED if holds else Verdict.NOT_REPRODUCED), why
