import numpy as np
import pytest

import soft_target_mass as script
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES

NAMES = {"file": "the file's order", "shuffled": "shuffled"}


def effects(accuracy):
    return {choice: {"class_accuracy": np.array(accuracy)} for choice in SHIFT_CHOICES}


def test_mass_is_the_mean_probability_at_the_temperature_by_class_of_the_image():
    logits = np.log([[0.8, 0.1, 0.1], [0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]]).astype(np.float32)
    labels = np.array([0, 0, 1, 2])
    found = script.mass_by_class(logits, labels, omitted=2, temperature=1)
    assert found == {0: (2, pytest.approx(17.5, rel=1e-6)), 1: (1, pytest.approx(10, rel=1e-6))}
    softer = script.mass_by_class(logits, labels, omitted=2, temperature=2)
    roots = np.sqrt([0.1, 0.8, 0.1])
    assert softer[1][1] == pytest.approx(100 * roots[2] / roots.sum(), rel=1e-6)


def test_the_mean_over_all_images_weighs_each_class_by_its_images():
    assert script.overall([{0: (3, 1.0), 1: (1, 5.0)}, {0: (3, 2.0), 1: (1, 2.0)}]).tolist() == [2.0, 2.0]


def test_correlation_is_told_between_arms_and_within_them():
    masses = {"a": np.array([1.0, 2.0]), "b": np.array([11.0, 12.0])}
    accuracies = {"a": np.array([20.0, 10.0]), "b": np.array([60.0, 50.0])}
    assert script.correlation(masses, accuracies) == (pytest.approx(1), pytest.approx(-1))


def test_what_does_not_vary_has_no_correlation():
    between, within = script.correlation(
        {"a": np.array([1.0]), "b": np.array([2.0])}, {"a": np.array([5.0]), "b": np.array([9.0])}
    )
    assert between == pytest.approx(1)
    assert np.isnan(within)


def test_the_table_gives_paired_differences_from_the_first_arm():
    masses = {"file": np.array([2.0, 2.2]), "shuffled": np.array([3.0, 3.4])}
    found = script.section(NAMES, masses, {"file": effects([40.0, 50.0]), "shuffled": effects([60.0, 70.0])})
    assert found.columns["Student"] == ["the file's order", "shuffled"]
    assert found.columns["Mass, minus the first"] == ["", "1.10 ± 1.27"]
    assert found.columns["As trained, minus the first"] == ["", "20.0 ± 0.0"]


def test_the_figure_has_a_dot_per_seed():
    masses = {arm: [{0: (5, low), 1: (5, low + 1)} for low in (1.0, 2.0)] for arm in NAMES}
    figure = script.draw(NAMES, masses, {arm: effects([40.0, 50.0]) for arm in NAMES})
    dots = [line.get_xydata().tolist() for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert dots == [[[1.5, 40.0], [2.5, 50.0]]] * 2
