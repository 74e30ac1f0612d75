"""Two kinds of statement on how the temperature moves the errors of a sweep's students, and the rules for them.

Students share their seeds, so differences are taken within a seed and then averaged. All intervals are 95 % ones.

- `alike`: at each width, the range within a seed from the best to the worst of the temperatures, which is what a paper
  with one run sees. It holds if the interval of its mean ends below the margin at every width, and does not if it
  begins above the margin at one width. The range counts chance as well, which is against the statement. The margin is
  half of what distilling gains: closer than that, every temperature leaves a student nearer to the best than to one
  trained on hard labels.
- `best`: the mean errors of the temperatures below the band minus those in it, and the same above it. It holds if both
  intervals lie above the margin and the temperature with the fewest mean errors is in the band. It does not hold if one
  of them lies at or below the margin, or if a temperature outside surely has fewer errors than the band, for which the
  interval of that difference is widened for the number of temperatures outside (Bonferroni).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import stdtrit

from mythical_digit.claims.intervals import ALPHA
from mythical_digit.claims.statement_students import band, chosen
from mythical_digit.claims.verdicts import Finding
from mythical_digit.tables.markdown import minus
from mythical_digit.tables.statistics import estimate


def judge_statement(
    statement: Mapping, candidates: Mapping[str, tuple[list[int], float]], errors: Mapping[str, np.ndarray]
) -> tuple[Finding, str]:
    """The finding on a statement and the numbers behind it; `errors` (n_seeds,) by student."""
    widths = [
        {temperature: errors[model] for temperature, model in sorted(models.items())}
        for models in chosen(statement, candidates).values()
    ]
    if statement["rule"] == "alike":
        return alike(widths, statement["margin"])
    return best(widths[0], band(statement, widths[0]), statement["margin"])


def alike(widths: Sequence[Mapping[float, np.ndarray]], margin: float) -> tuple[Finding, str]:
    """Do temperatures give similar results? Per width, errors (n_seeds,) by temperature; the finding, and why."""
    ranges = [estimate(np.ptp(list(errors.values()), axis=0)) for errors in widths]
    many = ranges[0].n > 1
    shown = ", ".join(f"{found.mean:.1f}" + (f" ± {found.halfwidth:.1f}" if many else "") for found in ranges)
    why = f"from the best to the worst temperature, by width: {shown} errors (margin {margin:g})"
    if many and all(found.mean + found.halfwidth <= margin for found in ranges):
        return Finding.HOLDS, why
    if many and any(found.mean - found.halfwidth > margin for found in ranges):
        return Finding.FAILS, why
    return Finding.UNDECIDED, why


def best(errors: Mapping[float, np.ndarray], inside: Sequence[float], margin: float) -> tuple[Finding, str]:
    """Are the temperatures `inside` better than those below and above? Errors (n_seeds,) by temperature."""
    outside = {temperature: values for temperature, values in errors.items() if temperature not in inside}
    of_band = np.mean([errors[temperature] for temperature in inside], axis=0)
    sides = {
        "lower": [values for temperature, values in outside.items() if temperature < min(inside)],
        "higher": [values for temperature, values in outside.items() if temperature > max(inside)],
    }
    differences = {side: estimate(np.mean(values, axis=0) - of_band) for side, values in sides.items()}
    fewest = min(errors, key=lambda temperature: errors[temperature].mean())
    n = len(of_band)
    shown = ", ".join(
        minus(f"{found.mean:+.1f}") + (f" ± {found.halfwidth:.1f}" if n > 1 else "") + f" errors at {side} temperatures"
        for side, found in differences.items()
    )
    why = f"{shown}; fewest at T = {fewest:g}"
    if n == 1:
        return Finding.UNDECIDED, why
    if fewest in inside and all(found.mean - found.halfwidth > margin for found in differences.values()):
        return Finding.HOLDS, why
    t = stdtrit(n - 1, 1 - ALPHA / 2 / len(outside))
    fewer = [values - of_band for values in outside.values()]
    beaten = any(gap.mean() + t * gap.std(ddof=1) / np.sqrt(n) < 0 for gap in fewer)
    fails = beaten or any(found.mean + found.halfwidth <= margin for found in differences.values())
    return (Finding.FAILS if fails else Finding.UNDECIDED), why
