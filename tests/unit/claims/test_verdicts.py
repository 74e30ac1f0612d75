"""The rules for verdicts, each outcome and the cases at its edge."""

import numpy as np
import pytest

from mythical_digit.claims.verdicts import Finding, Verdict, find, judge


@pytest.mark.parametrize(
    ("p", "p_contrast", "mean", "verdict"),
    [
        (0.5, 0.01, 63, Verdict.REPRODUCED),
        (0.5, 0.2, 63, Verdict.COMPATIBLE),
        (0.06, 0.05, 63, Verdict.REPRODUCED),
        (0.05, 0.01, 63, Verdict.HIGHER),
        (0.05, 0.5, 20, Verdict.LOWER),
        (np.nan, np.nan, 39, Verdict.UNDECIDED),
    ],
)
def test_a_number_is_reproduced_only_where_its_contrast_is_excluded(p, p_contrast, mean, verdict):
    assert judge(p, p_contrast, mean, 39.1) is verdict


@pytest.mark.parametrize(
    ("low", "high", "side", "finding"),
    [
        (10.1, 20, "above", Finding.HOLDS),
        (10, 20, "above", Finding.UNDECIDED),
        (5, 10, "above", Finding.FAILS),
        (5, 9.9, "below", Finding.HOLDS),
        (5, 10, "below", Finding.UNDECIDED),
        (10, 20, "below", Finding.FAILS),
        (-np.inf, np.inf, "below", Finding.UNDECIDED),
        (np.nan, np.nan, "above", Finding.UNDECIDED),
        (np.nan, np.nan, "below", Finding.UNDECIDED),
    ],
)
def test_a_conclusion_holds_only_if_the_whole_interval_is_on_its_side(low, high, side, finding):
    assert find(low, high, side, 10) is finding
