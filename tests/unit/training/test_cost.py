"""The operations of a training, against numbers counted in another way."""

from dataclasses import replace

import pytest

from mythical_digit.study.recipe import Recipe
from mythical_digit.training import cost

TEACHER = Recipe(hidden=[1200, 1200], dropout=0.5, epochs=10, batch_size=1024, learning_rate=0.001)
STUDENT = replace(TEACHER, hidden=[300, 300])


def test_the_studys_teacher_and_student_have_the_operations_that_their_products_have():
    assert cost.training_operations(TEACHER, 784, 10, 60_000) == pytest.approx(7.5e12, rel=0.01)
    assert cost.training_operations(STUDENT, 784, 10, 60_000) == pytest.approx(0.9e12, rel=0.01)
    # one hidden layer, by hand: forward 2 x 3 + 3 x 5, backward for the weights the same, for the inputs 3 x 5
    assert cost.training_operations(replace(TEACHER, hidden=[3], epochs=1), 2, 5, 1) == 2 * (21 + 21 + 15)


def test_the_last_batch_of_an_epoch_is_a_step_though_it_is_smaller():
    assert cost.training_steps(TEACHER, 60_000) == 10 * 59


def test_minutes_grow_with_operations_and_steps():
    assert cost.training_minutes(TEACHER, 784, 10, 60_000, rate=1e10, step=0) == 5 + 13
    assert cost.training_minutes(TEACHER, 784, 10, 60_000, rate=1e30, step=0.5) == 5 + 5
