"""Verdicts on invented experiments, and the swap control: against the wrong arm no number may be reproduced."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from claims_of_project import CLAIMS, LABELS, NUMBERS
from project import ROOT
from scipy.special import expit, logit
from scipy.stats import ttest_1samp

from mythical_digit.claims.judging import contradicted_averages, judge_conclusion, judge_numbers
from mythical_digit.claims.measuring import Measurements, measure
from mythical_digit.claims.published_claims import Conclusion, Number, Operand
from mythical_digit.claims.verdicts import Finding, Verdict
from mythical_digit.tables.accuracies import Accuracies, class_sizes, read_accuracies

SIZES = dict.fromkeys(range(10), 1000)


def ours(**percent):
    """Measurements of an experiment x with ten classes: accuracies (n_seeds, 10) by model."""
    values = {model: np.array(rows, dtype=float) for model, rows in percent.items()}
    n = len(next(iter(values.values())))
    return Measurements({"x": Accuracies(tuple(range(n)), tuple(range(10)), values)}, {"x": SIZES})


def number(name, printed, contrast, **values):
    plain = {"quantity": "accuracy", "label": 3, "experiment": "x", "model": "a", "way": None}
    operand = Operand(**{key: values.pop(key, value) for key, value in plain.items()})
    plain = {"says": "X", "source": "paper", "family": "f"}
    return Number(**{**plain, "id": name, "printed": printed, "contrast": contrast, "operand": operand, **values})


def seeds(*percent):
    return np.tile(np.array(percent)[:, None], (1, 10))


def test_a_number_names_a_value_or_another_number_as_its_contrast():
    made = ours(a=seeds(13.0, 12.0, 14.0, 13.5, 12.5), b=seeds(*[0.0] * 5))
    numbers = [number("a", "13.0", "b"), number("b", "0.0", "a", model="b"), number("c", "13.0", "13.4")]
    found = judge_numbers(numbers, made, {})
    assert [result.verdict for result in found] == [Verdict.REPRODUCED, Verdict.REPRODUCED, Verdict.COMPATIBLE]
    assert [result.contrast for result in found] == [0.0, 13.0, 13.4]
    far = judge_numbers([number("a", "39.1", "2.9"), number("b", "2.9", "0")], made, {})
    assert [result.verdict for result in far] == [Verdict.LOWER, Verdict.HIGHER]


def test_a_number_that_equals_its_contrast_says_nothing():
    (found,) = judge_numbers([number("a", "13.0", "13.0")], ours(a=seeds(13.0, 12.9, 13.1)), {})
    assert found.verdict is Verdict.COMPATIBLE


def test_one_of_many_that_lie_outside_by_chance_becomes_compatible_and_never_reproduced():
    made = ours(a=seeds(50.0, 51.0, 49.0, 50.5, 49.5))
    inside = [number(f"n{i}", "50.0", "0") for i in range(20)]
    found = judge_numbers([number("out", "53.0", "0"), number("far", "90.0", "0"), *inside], made, {})
    assert found[0].verdict is Verdict.LOWER
    assert 0.01 < found[0].p < 0.05 < found[0].p_adjusted
    assert found[0].adjusted is Verdict.COMPATIBLE
    assert found[1].adjusted is Verdict.LOWER
    assert {result.adjusted for result in found[2:]} == {Verdict.REPRODUCED}
    alone = judge_numbers([number("out", "53.0", "0")], made, {})
    assert alone[0].adjusted is Verdict.LOWER


def test_what_repeats_another_number_is_judged_but_does_not_count():
    repeated = number("b", "50.0", "0", same_as="a")
    found = judge_numbers([number("a", "50.0", "0"), repeated], ours(a=seeds(50.0, 51.0, 49.0)), {})
    assert [result.counts for result in found] == [True, False]
    assert found[1].verdict is Verdict.REPRODUCED
    assert found[1].adjusted is None


def test_an_average_that_its_column_contradicts_is_judged_by_the_column_too_and_is_the_contrast_of_others():
    made = ours(a=seeds(79.0, 79.5, 78.5), b=seeds(79.1, 79.6, 78.4))
    numbers = [
        number("a", "50.00", "b", quantity="average", label=None),
        number("b", "79.10", "a", quantity="average", label=None, model="b"),
    ]
    first, second = judge_numbers(numbers, made, {("f", "a"): 79.0})
    assert first.verdict is Verdict.CONTRADICTS_ITSELF
    assert first.note == "mean of its own column: 79.00, compatible"
    assert second.contrast == 79.0
    assert judge_numbers(numbers, made, {("f", "c"): 79.0})[0].verdict is Verdict.HIGHER


def test_a_source_that_says_two_things_contradicts_itself():
    made = ours(a=seeds(90.0, 90.4, 89.6))
    (found,) = judge_numbers([number("a", "102", "1000", quantity="errors", elsewhere="2")], made, {})
    assert found.verdict is Verdict.CONTRADICTS_ITSELF
    assert found.note == "the same source says 2 elsewhere: differs, higher; 102: reproduced"


@pytest.mark.filterwarnings("error")
def test_one_seed_decides_nothing():
    made = ours(a=seeds(50.0))
    (found,) = judge_numbers([number("a", "50.0", "0")], made, {})
    assert found.verdict is Verdict.UNDECIDED
    conclusion = Conclusion("c", "C", "paper", found.number.operand, None, "above", 10)
    assert judge_conclusion(conclusion, made).finding is Finding.UNDECIDED


def test_a_conclusion_is_decided_by_differences_within_a_seed():
    made = ours(a=seeds(10.0, 50.0, 90.0), b=seeds(8.0, 48.5, 87.5))
    a, b = (Operand("x", model, "accuracy", 3) for model in "ab")
    plain = {"id": "c", "says": "C", "source": "paper", "operand": a, "minus": b, "side": "above", "threshold": 0}
    found = judge_conclusion(Conclusion(**plain), made)
    assert found.finding is Finding.HOLDS  # 2, 1.5, 2.5, although the seeds lie far apart
    assert found.mean == pytest.approx(2)
    assert (found.low, found.high) == pytest.approx((2 - 1.2421, 2 + 1.2421), abs=1e-3)
    assert found.on_side == 3
    assert judge_conclusion(Conclusion(**plain | {"threshold": 2}), made).finding is Finding.UNDECIDED
    assert judge_conclusion(Conclusion(**plain | {"threshold": 4}), made).finding is Finding.FAILS
    assert judge_conclusion(Conclusion(**plain | {"threshold": 4, "side": "below"}), made).finding is Finding.HOLDS


def test_a_conclusion_on_every_run_needs_more_than_one_on_the_mean():
    made = ours(a=seeds(1.0, 2.0, 3.0, 2.0, 2.0))
    plain = {"id": "c", "says": "C", "source": "paper", "operand": Operand("x", "a", "accuracy", 3), "minus": None}
    plain |= {"side": "below", "threshold": 3.5}
    assert judge_conclusion(Conclusion(**plain), made).finding is Finding.HOLDS
    assert judge_conclusion(Conclusion(**plain, one_run=True), made).finding is Finding.UNDECIDED


@pytest.mark.parametrize("n", [5, 20])
def test_swap_control_on_invented_arms(n):
    """Each arm publishes one run more; judged against another arm, none of its numbers is reproduced."""
    random = np.random.default_rng(n)
    rates = {"a": 0.03, "b": 0.4, "c": 0.9, "d": 0.985}

    def runs(rate):
        return random.binomial(1000, expit(logit(rate) + 0.15 * random.standard_normal((n + 1, 10)))) / 10

    drawn = {arm: runs(rate) for arm, rate in rates.items()}
    made = ours(**{arm: values[:-1] for arm, values in drawn.items()})
    contrasts = {"a": "b", "b": "a", "c": "b", "d": "c"}
    verdicts = {}
    for arm, against in itertools.product(rates, rates):
        claimed = [
            number(
                f"{arm}{label}", f"{drawn[arm][-1, label]:.1f}", f"{contrasts[arm]}{label}", label=label, model=against
            )
            for label in range(10)
        ]
        others = [
            number(f"{contrasts[arm]}{label}", f"{drawn[contrasts[arm]][-1, label]:.1f}", "0", label=label)
            for label in range(10)
        ]
        verdicts[arm, against] = [result.verdict for result in judge_numbers([*claimed, *others], made, {})[:10]]
    wrong = [verdict for pair, found in verdicts.items() if pair[0] != pair[1] for verdict in found]
    assert Verdict.REPRODUCED not in wrong
    right = [verdict for pair, found in verdicts.items() if pair[0] == pair[1] for verdict in found]
    assert right.count(Verdict.REPRODUCED) >= 36  # of 40; one in twenty lies outside by chance


def test_swap_control_on_the_published_results():
    """The study's columns against our wrong arms: none is reproduced where one run tells the arms apart.

    Where it does not, reference/README.md says how many are, and for how many of these the means differ all the same.
    """
    experiment = CLAIMS["tables"]["study-table"]["experiment"]
    path = ROOT / f"results/published/{experiment}/metrics.csv"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    labels = LABELS[experiment]
    made = Measurements({experiment: read_accuracies(path, labels)}, {experiment: class_sizes(path)})
    wrong = contradicted_averages(CLAIMS["tables"], LABELS, made)
    cells = [found for found in NUMBERS.values() if found.family == "study-table"]
    swaps = told_apart = reproduced = although_means_differ = 0
    for cell, other in itertools.product(cells, labels):
        if other == cell.operand.model:
            continue
        swapped = replace(cell, operand=replace(cell.operand, model=other))
        right, against = (measure(found.operand, made) for found in (cell, swapped))
        (low, high), (from_, to) = right.interval(), against.interval()
        apart = high < from_ or to < low
        everything = [swapped if found is cell else found for found in cells]
        fits = judge_numbers(everything, made, wrong)[cells.index(cell)].verdict is Verdict.REPRODUCED
        assert not (apart and fits), (cell.id, other)
        swaps, told_apart, reproduced = swaps + 1, told_apart + apart, reproduced + fits
        differences = right.values - against.values
        although_means_differ += fits and differences.any() and ttest_1samp(differences, 0).pvalue < 0.05
    text = " ".join((ROOT / "reference/README.md").read_text(encoding="utf-8").split())
    assert f"Of these {swaps} verdicts, {reproduced} are *reproduced*" in text
    assert f"lie apart ({told_apart}). In {although_means_differ} of the {reproduced}," in text
