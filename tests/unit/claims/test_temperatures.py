"""The two rules for statements on temperatures, on invented seeds."""

import numpy as np
import pytest

from mythical_digit.claims.temperatures import alike, best
from mythical_digit.claims.verdicts import Finding


def temperatures(*columns):
    """Errors by temperature 1, 2, 3, ...: one column of seeds each."""
    return {float(i + 1): np.array(column, dtype=float) for i, column in enumerate(columns)}


def test_temperatures_are_alike_if_their_range_is_surely_below_the_margin_at_each_width():
    close = temperatures([100, 200, 150], [110, 209, 161])  # ranges 10, 9, 11, whatever the seeds themselves are
    far = temperatures([100, 200, 150], [160, 259, 211])  # 60, 59, 61
    unsure = temperatures([100, 200, 150], [110, 220, 190])  # 10, 20, 40
    assert alike([close], 36)[0] is Finding.HOLDS
    assert alike([close, close], 36)[0] is Finding.HOLDS
    assert alike([close, far], 36)[0] is Finding.FAILS
    assert alike([far, unsure], 36)[0] is Finding.FAILS
    assert alike([close, unsure], 36)[0] is Finding.UNDECIDED
    assert "10.0 ± 2.5" in alike([close], 36)[1]  # t s / √3
    assert alike([unsure], 20)[0] is Finding.UNDECIDED  # 23 ± 38
    assert alike([close], 12)[0] is Finding.UNDECIDED


BAND = [100, 200, 150]
WORSE, SURELY = [120, 219, 171], [130, 231, 179]


def test_a_band_is_best_if_both_sides_are_surely_worse():
    assert best(temperatures(WORSE, BAND, SURELY), [2], 0)[0] is Finding.HOLDS
    assert best(temperatures(WORSE, BAND, SURELY), [2], 19)[0] is Finding.UNDECIDED  # 20 ± 2.5


def test_a_band_is_not_best_if_one_side_is_surely_no_worse():
    assert best(temperatures(WORSE, BAND, BAND), [2], 0)[0] is Finding.FAILS  # no difference above
    assert best(temperatures(BAND, BAND, SURELY), [2], 0)[0] is Finding.FAILS  # none below
    assert best(temperatures(BAND, WORSE, BAND), [2], 0)[0] is Finding.FAILS  # the band is the worst
    assert best(temperatures(WORSE, BAND, SURELY), [2], 25)[0] is Finding.FAILS


def test_the_seeds_may_not_decide_whether_a_band_is_best():
    unsure = [100, 230, 180]  # 0, 30, 30 errors more: 20 ± 43
    assert best(temperatures(unsure, BAND, SURELY), [2], 0)[0] is Finding.UNDECIDED
    assert best(temperatures([99, 199, 153], BAND, SURELY), [2], 0)[0] is Finding.UNDECIDED  # 0.3 ± 5.7


def test_a_band_is_not_best_if_a_temperature_outside_surely_has_fewer_errors():
    worst, fewer, as_many = [400, 501, 449], [90, 189, 141], [99, 198, 150]
    finding, why = best(temperatures(worst, BAND, fewer, worst), [2], 0)
    assert "fewest at T = 3" in why
    assert finding is Finding.FAILS
    assert best(temperatures(worst, BAND, as_many, worst), [2], 0)[0] is Finding.UNDECIDED
    assert best(temperatures(worst, BAND, fewer, worst), [2, 3], 0)[0] is Finding.HOLDS


@pytest.mark.filterwarnings("error")
def test_statements_are_undecided_with_one_seed():
    errors = temperatures([120], [100], [130])
    for finding, why in (alike([errors], 36), best(errors, [2], 0)):
        assert finding is Finding.UNDECIDED
        assert "nan" not in why
