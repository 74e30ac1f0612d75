"""The claims of the repository say what was published, each number once."""

import pytest
import yaml
from claims_of_project import CLAIMS, LABELS, NUMBERS
from project import ROOT

from mythical_digit.claims import published_claims as claimed
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.files.records import read_csv

SCHEMA = yaml.safe_load((ROOT / "reference/claims.schema.yaml").read_text())


def printed(source):
    return [number.printed for number in NUMBERS.values() if number.row is None and number.source == source]


def test_every_number_of_the_sources_is_claimed():
    assert printed("paper") == [
        *("67", "146", "74", "72", "206", "133", "3.5", "109", "97", "14", "98.6", "47.3", "-7.6", "13.2"),
    ]
    assert printed("study") == [
        *("98.18", "97.73", "97.25", "87.93", "87.82", "-0.48", "-0.11", "-9.80", "-9.43", "36.2"),
    ]
    assert printed("tudelft") == ["64", "67", "161", "102"]
    assert NUMBERS["tudelft-no-threes-on-threes"].elsewhere == "2"
    assert printed("hinton-problems") == ["98.39", "91.88", "2.70", "97.82", "98.07"]
    for row in read_csv(ROOT / "reference/original_table.csv"):
        for model in LABELS[CLAIMS["tables"]["study-table"]["experiment"]]:
            assert NUMBERS[f"study-table/{model}/{row['class']}"].printed == row[model]
    epochs = [number for number in NUMBERS.values() if number.family == "study-epochs"]
    assert len(epochs) == 80
    for row in read_csv(ROOT / "reference/original_history.csv"):
        for column in ("train_loss", "train_accuracy", "test_cross_entropy", "test_accuracy"):
            assert NUMBERS[f"study-epochs/{row['model']}/{row['epoch']}/{column}"].printed == row[column]


def test_a_number_that_repeats_another_is_marked():
    repeated = {name: number.same_as for name, number in NUMBERS.items() if number.same_as}
    assert repeated.pop("no-threes-bias-accuracy-on-threes") == "no-threes-bias-on-threes"
    assert repeated.pop("study-epochs/kd/10/test_accuracy") == "study-kd"
    assert repeated.pop("study-epochs/kd-no3/10/test_accuracy") == "study-kd-no3"
    assert len(repeated) == 16
    for name, original in repeated.items():
        assert name.replace("+bias", "") == original
        assert NUMBERS[name].printed == NUMBERS[original].printed


def test_a_count_is_exact_and_other_numbers_are_rounded_to_their_last_digit():
    assert NUMBERS["teacher"].rounding == 0
    assert NUMBERS["distilling-gains"].rounding == 0
    assert NUMBERS["only-7-8"].rounding == pytest.approx(0.05)
    assert NUMBERS["shift-of-7-8"].rounding == pytest.approx(0.05)
    assert NUMBERS["study-table/kd/avg"].rounding == pytest.approx(0.005)
    assert NUMBERS["study-epochs/kd/1/train_loss"].rounding == pytest.approx(0.00005)


def test_the_unit_of_a_difference_of_percentages_is_points():
    assert NUMBERS["study-shift-gains"].unit == "points"
    assert NUMBERS["shift-gains"].unit == "errors"
    assert NUMBERS["shift-of-three"].unit == "nats"


def test_what_is_taken_from_an_operand_differs_in_what_it_says_and_another_model_has_no_shift_of_its_own():
    claim = {"experiment": "paper", "model": "a", "quantity": "errors", "class": 3, "way": "oracle"}
    operand, minus = claimed.pair(claim | {"minus": {"model": "b"}})
    assert operand == claimed.Operand("paper", "a", "errors", 3, way="oracle")
    assert minus == claimed.Operand("paper", "b", "errors", 3)
    assert claimed.pair(claim | {"minus": {"way": "none"}})[1].way == "none"
    assert claimed.pair(claim)[1] is None


def test_the_ways_are_those_of_the_biases_and_the_quantities_have_units():
    assert SCHEMA["$defs"]["way"]["enum"] == list(SHIFT_CHOICES)
    assert set(SCHEMA["$defs"]["quantity"]["enum"]) == set(claimed.UNITS)


def test_what_the_claims_need_is_named():
    study = CLAIMS["tables"]["study-table"]["experiment"]
    assert claimed.experiments_of(CLAIMS) == [study, "paper", "temperature", "fashion-mlp"]
    assert claimed.experiments_with_shifts(CLAIMS) == ["paper"]
    assert claimed.experiments_with_history(CLAIMS) == [study]
