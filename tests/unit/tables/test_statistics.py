import math

import numpy as np
import pytest

from mythical_digit.tables.statistics import describe, estimate


def test_interval_is_student_t():
    result = estimate([1, 2, 3])
    assert result.n == 3
    assert result.mean == 2
    assert result.halfwidth == pytest.approx(4.30265273 / math.sqrt(3), rel=1e-8)  # t with 2 degrees of freedom; s = 1


def test_seeds_are_the_first_axis():
    result = estimate([[0, 10], [2, 10]])
    np.testing.assert_array_equal(result.mean, [1, 10])
    np.testing.assert_allclose(result.halfwidth, [12.70620474, 0])  # t with 1 degree of freedom; s / sqrt(2) = 1


@pytest.mark.filterwarnings("error")
def test_one_seed_has_a_mean_and_no_interval():
    result = estimate([[5.0, 7.0]])
    np.testing.assert_array_equal(result.mean, [5, 7])
    assert np.isnan(result.halfwidth).all()
    assert "needs at least two" in describe(1)
    assert "nan" not in describe(1)


def test_no_seed_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        estimate([])


def test_description_names_n_and_the_interval():
    assert "n = 5 seeds" in describe(5)
    assert "95 % confidence interval (Student's t)" in describe(5)
