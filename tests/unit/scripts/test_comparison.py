"""An experiment beside another: pairs by seed, differences, their interval."""

import numpy as np
import pytest

import comparison
from mythical_digit.errors import UserError
from mythical_digit.tables.accuracies import Accuracies


def accuracies(seeds, errors):
    values = np.array([[100.0, 100 - wrong] for wrong in errors])
    return Accuracies(tuple(seeds), (0, 1), {"kd": values}, {"kd": np.array(errors)}, 100)


@pytest.fixture
def pairs():
    return comparison.paired(accuracies((0, 1, 2), [5, 7, 9]), accuracies((2, 1, 0, 7), [8, 5, 2, 50]), ["kd"])


def test_differences_are_of_the_same_seed_and_of_common_seeds_alone(pairs):
    (_, _, n, there, here, difference, halfwidth) = next(row for row in comparison.rows(pairs) if row[1] == "errors")
    assert (n, there, here, difference) == (3, 5, 7, 2)  # seed by seed 3, 2, 1
    assert halfwidth == pytest.approx(4.3026527 / 3**0.5)


def test_the_tables_say_both_sides_and_the_signed_difference(pairs):
    average, errors = comparison.sections(pairs, {"kd": "KD"}, ("notebook", "bf16"))
    assert errors.columns == {
        "Model": ["KD"],
        "notebook": ["5.0 ± 7.5"],
        "bf16": ["7.0 ± 5.0"],
        "Difference": ["+2.0 ± 2.5"],
    }
    assert average.columns["Difference"] == ["−1.00 ± 1.24"]


def test_one_common_seed_has_no_interval():
    pairs = comparison.paired(accuracies((0,), [5]), accuracies((0, 1), [5, 6]), ["kd"])
    assert [row[-1] for row in comparison.rows(pairs)] == [None, None]
    assert comparison.sections(pairs, {"kd": "KD"}, ("a", "b"))[1].columns["Difference"] == ["+0.0"]


def test_no_common_seed_is_said():
    with pytest.raises(UserError, match="none in common"):
        comparison.paired(accuracies((0,), [5]), accuracies((1,), [5]), ["kd"])
