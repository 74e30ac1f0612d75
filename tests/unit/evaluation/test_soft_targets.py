import numpy as np
import pytest

from mythical_digit.evaluation.soft_targets import mean_probability


def test_mean_probability_is_per_label_and_without_the_class_itself():
    probabilities = np.array([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4], [0.9, 0.1]])
    found = mean_probability(probabilities, np.array([1, 0, 0, 2]), 1)
    assert found == pytest.approx({0: 30, 2: 10})
