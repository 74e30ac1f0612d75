"""The ways to choose a shift: what each one chooses, and that figures and tables can tell them apart."""

import numpy as np
import pytest

from mythical_digit.evaluation.bias_shift import ShiftCurve
from mythical_digit.evaluation.shift_choices import EXPLANATIONS, SHIFT_CHOICES, Evidence


@pytest.fixture
def chosen():
    """The shifts for class 1, which the network never predicts: three test images need 2, 3 and 4 nats more."""
    train_logits = np.log(np.array([[0.9, 0.1], [0.9, 0.1]], dtype=np.float32))
    curve = ShiftCurve(np.array([[2.0, 0], [3, 0], [4, 0], [9, 0]]), np.array([1, 1, 1, 0]), [1])
    evidence = Evidence([1], 3.5, train_logits, 0.5, curve)
    return {key: choice.choose(evidence) for key, choice in SHIFT_CHOICES.items()}


def test_each_choice_is_what_its_label_says(chosen):
    assert chosen["none"] == 0
    assert chosen["fixed"] == 3.5
    assert chosen["prior"] == pytest.approx(np.log(9))  # odds of 1 : 9 become even
    assert chosen["oracle"] == pytest.approx(6.5)  # midway between the last image gained and the first lost


def test_what_uses_the_test_labels_is_called_an_oracle():
    assert "Oracle: chosen on the test set" in SHIFT_CHOICES["oracle"].label
    assert "without their labels" in EXPLANATIONS


def test_no_two_choices_look_alike():
    choices = SHIFT_CHOICES.values()
    for names in ([c.label for c in choices], [c.short_label for c in choices], [c.symbol for c in choices]):
        assert len({*names}) == len(choices)
    marks = {(choice.style["marker"], choice.style["markerfacecolor"] == "white") for choice in choices}
    assert len(marks) == len(choices)  # in grey, too
