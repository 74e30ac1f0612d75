"""The intervals of one run: how often they hold it, in simulated experiments; they stay within their bounds."""

import itertools

import numpy as np
import pytest
from scipy.special import expit, logit

from mythical_digit.claims.intervals import ALPHA, Counts, Scores, holm, of_the_mean, p_values

IMAGES = 1010  # the threes of the test images
RATES = (0, 0.1, 1, 5, 20, 50, 80, 95, 99, 99.9, 100)  # percent
SEEDS = (5, 10, 20)
SPREADS = (0, 0.3, 0.6)  # between seeds: standard deviation of the logit
COARSE = 0.5  # percent, about five images: fewer, or all but fewer, are too coarse for 95 %


def coverage(rate, n, spread, runs):
    """Percent of `runs` experiments of n seeds whose interval holds the seed after them."""
    random = np.random.default_rng([round(100 * rate), n, round(10 * spread)])
    shape = (n + 1, runs)
    rates = np.full(shape, rate / 100)
    if 0 < rate < 100:
        rates = expit(logit(rates) + spread * random.standard_normal(shape))
    k = random.binomial(IMAGES, rates)
    return 100 * (p_values(k[:-1], IMAGES, k[-1]) > ALPHA).mean()


def assert_coverage(runs, rates):
    """Check the coverage of each cell; return the coarse ones that are held more often than in 97 %."""
    found = {(rate, n, spread): coverage(rate, n, spread, runs) for rate, n, spread in
             itertools.product(rates, SEEDS, SPREADS)}  # fmt: skip
    coarse = {cell for cell in found if min(cell[0], 100 - cell[0]) <= COARSE}
    assert {cell: value for cell, value in found.items() if cell not in coarse and not 93 <= value <= 97} == {}
    assert {cell: found[cell] for cell in coarse if not 95 <= found[cell] <= 100} == {}
    return {cell for cell in coarse if found[cell] > 97}


def test_the_interval_of_counts_holds_the_next_run_as_often_as_it_says():
    """But with a true rate of 0, 0.1, 99.9 or 100 %: there it holds the next run more often than in 97 %."""
    over = assert_coverage(4000, RATES)
    assert over == set(itertools.product((0, 0.1, 99.9, 100), SEEDS, SPREADS))


@pytest.mark.slow
def test_it_does_at_many_more_rates():
    assert_coverage(8000, (*RATES, 0.01, 0.03, 0.2, 0.3, 0.5, 2, 10, 35, 65, 90, 98, 99.5, 99.7))


@pytest.mark.parametrize("n", SEEDS)
def test_it_does_where_seeds_scatter_less_than_a_binomial(n):
    """As they do: all are scored on the same images."""
    random = np.random.default_rng(n)
    k = np.rint(random.normal(980, 2.5, (n + 1, 20_000))).astype(int)
    assert 93 <= 100 * (p_values(k[:-1], IMAGES, k[-1]) > ALPHA).mean() <= 97.5


@pytest.mark.parametrize("n", SEEDS)
def test_the_interval_of_an_average_or_a_difference_holds_the_next_run_as_often_as_it_says(n):
    random = np.random.default_rng(n)
    rates = np.array([0.991, 0.985, 0.974, 0.03, 0.98, 0.975, 0.979, 0.974, 0.965, 0.96])
    shape = (2, 2000, n + 1, 10)
    averages = 100 * random.binomial(1000, expit(logit(rates) + 0.3 * random.standard_normal(shape))).mean(-1) / 1000
    for values in (averages[0], averages[0] - averages[1]):
        scores = [Scores(row[:-1], 0.01, -100, 100) for row in values]
        held = [found.p_value(row[-1], row[-1]) > ALPHA for found, row in zip(scores, values, strict=True)]
        assert 93 <= 100 * np.mean(held) <= 97


def test_the_interval_of_a_mean_of_runs_holds_it_as_often_as_it_says():
    random = np.random.default_rng(0)
    k = np.rint(random.normal(980, 8, (10, 20_000))).astype(int)
    means = np.rint(k[5:].mean(axis=0)).astype(int)
    assert 93 <= 100 * (p_values(k[:5], IMAGES, means, runs=5) > ALPHA).mean() <= 97.5
    values = random.normal(97, 0.3, (2000, 10))
    scores = [Scores(row[:5], runs=5) for row in values]
    held = [
        low <= row[5:].mean() <= high for row, (low, high) in zip(values, map(Scores.interval, scores), strict=True)
    ]
    assert 93 <= 100 * np.mean(held) <= 97
    assert scores[0].p_value(97, 97) < Scores(values[0, :5]).p_value(97, 97)


def counts(*k, m=1000, unit=0.1):
    return Counts(np.array(k), m, unit)


def test_no_interval_leaves_what_is_possible():
    assert counts(0, 0, 0, 0, 1).interval()[0] == 0
    low, high = counts(1000, 999, 1000, 997, 1000).interval()
    assert 95 < low < 99.7
    assert high == 100
    assert Scores(np.array([99.9, 99.5, 99.99]), 0.1, 0, 100).interval()[1] == 100


def test_seeds_that_all_have_none_leave_room_for_one_image_until_they_are_many():
    """Jeffreys' prior: after 5 times 0 of 1,000, the next has 0 with probability √(5/6), that is 0.91."""
    assert counts(0, 0, 0, 0, 0).interval() == (0, 0.1)
    assert counts(*[0] * 20).interval() == (0, 0)
    assert counts(*[1000] * 5).interval() == (99.9, 100)
    assert counts(0, 0, 0, 0, 0).p_value(0.1, 0.1) == pytest.approx(2 * (1 - np.sqrt(5 / 6)), abs=1e-3)


def test_the_interval_ends_where_the_p_value_falls_to_five_percent():
    found = counts(90, 131, 186, 75, 162)
    low, high = found.interval()
    assert 0 < low < 7.5
    assert 18.6 < high < 50
    assert found.p_value(low, low) > ALPHA >= found.p_value(low - 0.1, low - 0.1)
    assert found.p_value(high, high) > ALPHA >= found.p_value(high + 0.1, high + 0.1)


def test_a_rounded_number_stands_for_the_counts_that_round_to_it():
    found = counts(8, 9, 10, 11, 12, m=892, unit=100 / 892)
    assert found.p_value(1.05, 1.15) == found.p_value(100 * 10 / 892, 100 * 10 / 892)  # 10 of 892 is 1.12 %
    assert found.p_value(0.95, 1.005) == max(found.p_value(100 * k / 892, 100 * k / 892) for k in (8, 9))  # none


def test_scores_are_predicted_by_students_t_and_by_no_less_than_one_image():
    found = Scores(np.array([97.0, 98.0, 99.0]))
    assert found.interval()[1] == pytest.approx(98 + 4.30265273 * np.sqrt(1 + 1 / 3))
    edge = found.interval()[1]
    assert found.p_value(edge - 0.01, edge - 0.01) > ALPHA > found.p_value(edge + 0.01, edge + 0.01)
    assert found.p_value(90, 98.5) == 1
    same = Scores(np.array([5.0, 5.0]), 0.1)
    assert same.interval() == (4.9, 5.1)
    assert same.p_value(5.09, 5.09) > ALPHA > same.p_value(5.11, 5.11)


def test_the_mean_is_no_more_certain_than_one_image_of_one_seed():
    low, high = of_the_mean(Scores(np.array([97.0, 98.0, 99.0])))
    assert high - low == pytest.approx(2 * 4.30265273 / np.sqrt(3))
    assert of_the_mean(counts(5, 5, 5, 5)) == pytest.approx((0.475, 0.525))


@pytest.mark.filterwarnings("error")
def test_one_seed_has_no_interval():
    for found in (counts(5), Scores(np.array([5.0]))):
        assert np.isnan(found.interval()).all()
        assert np.isnan(found.p_value(5, 5))
    assert np.isnan(of_the_mean(counts(5))).all()


def test_holm_multiplies_the_least_by_the_size_of_the_family_and_keeps_the_order():
    np.testing.assert_allclose(holm(np.array([0.01, np.nan, 0.04, 0.03])), [0.03, np.nan, 0.06, 0.06])
    assert holm(np.array([0.5, 0.9])).tolist() == [1, 1]
