import numpy as np
import pytest

from mythical_digit.tables.two_way import ratio_interval, spreads

TEACHER, STUDENT, REST = 5.0, 2.0, 1.0


def simulated(rng: np.random.Generator, teachers: int = 5, students: int = 5) -> np.ndarray:
    effects = rng.normal(0, TEACHER, (teachers, 1)) + rng.normal(0, STUDENT, students)
    return 40 + effects + rng.normal(0, REST, (teachers, students))


def test_the_parts_add_up_to_the_whole():
    values = simulated(np.random.default_rng(0), 4, 6)
    found = spreads(values)
    assert [part.df for part in found.values()] == [3, 5, 15]
    total = sum(part.df * part.mean_square for part in found.values())
    assert total == pytest.approx(((values - values.mean()) ** 2).sum())


def test_variances_are_those_that_made_the_values():
    rng = np.random.default_rng(1)
    found = [spreads(simulated(rng)) for _ in range(3000)]
    for source, sd in (("teacher", TEACHER), ("student", STUDENT), ("rest", REST)):
        assert np.mean([part[source].sd ** 2 for part in found]) == pytest.approx(sd**2, rel=0.06)


def test_a_source_that_adds_nothing_is_found_as_rarely_as_promised():
    rng = np.random.default_rng(2)
    values = [rng.normal(0, 1, (5, 1)) + rng.normal(0, 1, (5, 5)) for _ in range(2000)]
    assert np.mean([spreads(each)["student"].p < 0.05 for each in values]) == pytest.approx(0.05, abs=0.015)


def test_the_interval_of_the_ratio_holds_the_true_one_as_often_as_promised():
    rng = np.random.default_rng(3)
    true = (REST**2 + 5 * TEACHER**2) / (REST**2 + 5 * STUDENT**2)
    found = [spreads(simulated(rng)) for _ in range(2000)]
    intervals = [ratio_interval(each["teacher"], each["student"]) for each in found]
    assert np.mean([low <= true <= high for low, high in intervals]) == pytest.approx(0.95, abs=0.015)


def test_one_teacher_has_no_spread():
    with pytest.raises(ValueError, match="at least two"):
        spreads(np.ones((1, 5)))
