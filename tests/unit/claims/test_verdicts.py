"""The rules for verdicts, on invented seeds: each outcome, and the cases at its edge."""

import math

import numpy as np
import pytest

from mythical_digit.claims.verdicts import Verdict, alike, best, outcome

SEEDS = np.array([97.0, 98.0, 99.0])  # mean 98, s = 1
HALFWIDTH = 4.30265273 * math.sqrt(1 + 1 / 3)  # Student's t with 2 degrees of freedom


def judged(values, published, *, rounding=0.0, better="higher", one_image=0.01):
    return outcome(np.array(values, dtype=float), one_image).judge(published, rounding, better)


def test_the_interval_is_that_of_one_run():
    ours = outcome(SEEDS, 0.01)
    assert ours.mean == 98
    assert ours.halfwidth == pytest.approx(HALFWIDTH)


@pytest.mark.parametrize(
    ("published", "better", "verdict"),
    [
        (98 - HALFWIDTH + 0.01, "higher", Verdict.REPRODUCED),
        (98 + HALFWIDTH - 0.01, "higher", Verdict.REPRODUCED),
        (98 - HALFWIDTH - 0.01, "higher", Verdict.EXCEEDED),
        (98 + HALFWIDTH + 0.01, "higher", Verdict.NOT_REPRODUCED),
        (98 - HALFWIDTH - 0.01, "lower", Verdict.NOT_REPRODUCED),
        (98 + HALFWIDTH + 0.01, "lower", Verdict.EXCEEDED),
    ],
)
def test_inside_is_reproduced_and_outside_the_better_side_decides(published, better, verdict):
    assert judged(SEEDS, published, better=better) is verdict


def test_a_rounded_number_stands_for_all_that_round_to_it():
    outside = 98 + HALFWIDTH + 0.04
    assert judged(SEEDS, outside) is Verdict.NOT_REPRODUCED
    assert judged(SEEDS, outside, rounding=0.05) is Verdict.REPRODUCED


def test_seeds_that_agree_leave_one_image_of_room():
    assert judged([0, 0, 0], 0.0) is Verdict.REPRODUCED
    assert judged([0, 0, 0], 0.099, one_image=0.1) is Verdict.REPRODUCED
    assert judged([0, 0, 0], 0.2, one_image=0.1) is Verdict.NOT_REPRODUCED
    assert judged([0, 0, 0], 0.14, one_image=0.1, rounding=0.05) is Verdict.REPRODUCED
    assert judged([74, 74], 75, one_image=1, better="lower") is Verdict.REPRODUCED
    assert judged([74, 74], 76, one_image=1, better="lower") is Verdict.EXCEEDED


@pytest.mark.filterwarnings("error")
def test_one_seed_is_undecided_whatever_it_says():
    ours = outcome(np.array([98.0]), 0.1)
    assert ours.judge(98, 0.05, "higher") is ours.judge(0, 0.05, "higher") is Verdict.UNDECIDED
    assert math.isnan(ours.halfwidth)


def temperatures(*columns):
    """Errors by temperature 1, 2, 3, ...: one column of seeds each."""
    return {float(i + 1): np.array(column, dtype=float) for i, column in enumerate(columns)}


def test_temperatures_are_alike_if_their_range_is_surely_below_the_margin_at_each_width():
    close = temperatures([100, 200, 150], [110, 209, 161])  # ranges 10, 9, 11, whatever the seeds themselves are
    far = temperatures([100, 200, 150], [160, 259, 211])  # 60, 59, 61
    unsure = temperatures([100, 200, 150], [110, 220, 190])  # 10, 20, 40
    assert alike([close], 36)[0] is Verdict.REPRODUCED
    assert alike([close, close], 36)[0] is Verdict.REPRODUCED
    assert alike([close, far], 36)[0] is Verdict.NOT_REPRODUCED
    assert alike([far, unsure], 36)[0] is Verdict.NOT_REPRODUCED
    assert alike([close, unsure], 36)[0] is Verdict.UNDECIDED
    assert "10.0 ± 2.5" in alike([close], 36)[1]  # t s / √3
    assert alike([unsure], 20)[0] is Verdict.UNDECIDED  # 23 ± 38
    assert alike([close], 12)[0] is Verdict.UNDECIDED


def test_a_band_is_best_if_both_sides_are_surely_worse():
    band = [100, 200, 150]
    worse, surely = [120, 219, 171], [130, 231, 179]
    assert best(temperatures(worse, band, surely), [2], 0)[0] is Verdict.REPRODUCED
    assert best(temperatures(worse, band, band), [2], 0)[0] is Verdict.NOT_REPRODUCED  # no difference above
    assert best(temperatures(band, band, surely), [2], 0)[0] is Verdict.NOT_REPRODUCED  # none below
    assert best(temperatures(worse, surely, worse), [2], 0)[0] is Verdict.NOT_REPRODUCED  # the band is the worst
    assert best(temperatures([100, 230, 180], band, surely), [2], 0)[0] is Verdict.NOT_REPRODUCED  # 0, 30, 30: t = 2
    assert best(temperatures(worse, band, surely), [2], 19)[0] is Verdict.NOT_REPRODUCED  # 20, 19, 21: 18.3 surely


def test_a_band_is_not_best_if_one_temperature_outside_has_the_fewest_errors():
    band, better, worst = [100, 200, 150], [99, 198, 150], [200, 301, 249]
    verdict, why = best(temperatures(worst, band, better, worst), [2], 0)
    assert "fewest at T = 3" in why
    assert verdict is Verdict.NOT_REPRODUCED
    assert best(temperatures(worst, band, better, worst), [2, 3], 0)[0] is Verdict.REPRODUCED


@pytest.mark.filterwarnings("error")
def test_statements_are_undecided_with_one_seed():
    errors = temperatures([120], [100], [130])
    for verdict, why in (alike([errors], 36), best(errors, [2], 0)):
        assert verdict is Verdict.UNDECIDED
        assert "nan" not in why
