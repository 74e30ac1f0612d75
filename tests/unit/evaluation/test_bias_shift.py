"""Shifted biases: what they do, counted one by one, and the shifts that are chosen."""

import numpy as np
import pytest
from scipy.special import softmax

import summarize_bias
from mythical_digit.evaluation import metrics
from mythical_digit.evaluation.bias_shift import ShiftCurve, inject, prior_shift
from mythical_digit.training.randomness import stream


@pytest.fixture
def problem():
    """Logits of 500 images that know all classes but 3, which they never predict."""
    rng = stream(0, "test")
    labels = rng.integers(5, size=500)
    logits = rng.normal(size=(500, 5))
    logits[np.arange(500), labels] += 3
    logits[:, 3] -= 4
    return logits.astype(np.float32), labels


def correct(logits, labels, classes, shift):
    shifted = logits.astype(np.float64)
    shifted[:, classes] += shift
    return shifted.argmax(axis=1) == labels


@pytest.mark.parametrize("classes", [[3], [3, 1]])
def test_the_curve_is_what_counting_gives(problem, classes):
    logits, labels = problem
    shifts = np.linspace(-6, 9, 301)
    found = ShiftCurve(logits, labels, classes).accuracies(shifts)
    of_classes = np.isin(labels, classes)
    for i, shift in enumerate(shifts):
        right = correct(logits, labels, classes, shift)
        assert found["classes"][i] == pytest.approx(100 * right[of_classes].mean())
        assert found["others"][i] == pytest.approx(100 * right[~of_classes].mean())
        assert found["all"][i] == pytest.approx(100 * right.mean())


def test_the_best_shift_is_that_of_a_search(problem):
    logits, labels = problem
    best = ShiftCurve(logits, labels, [3]).best_shift()
    right = [correct(logits, labels, [3], shift).sum() for shift in np.linspace(-6, 9, 3001)]
    assert correct(logits, labels, [3], best).sum() == max(right)
    assert 2 < best < 6


def test_the_prior_shift_predicts_the_class_as_often_as_it_is(problem):
    logits, labels = problem
    frequency = (labels == 3).mean()
    shift = prior_shift(logits, [3], frequency)
    probabilities = softmax(logits + shift * (np.arange(5) == 3), axis=1)
    assert probabilities[:, 3].mean() == pytest.approx(frequency, abs=1e-6)
    assert prior_shift(inject_logits(logits, shift), [3], frequency) == pytest.approx(0, abs=1e-4)
    assert prior_shift(logits, [3, 1], 0.5) != pytest.approx(shift)


def inject_logits(logits, shift):
    return logits + np.float32(shift) * (np.arange(5) == 3)


def test_injection_changes_the_output_biases_of_the_classes_and_nothing_else():
    names = ["layers.0.weight", "layers.0.bias", "layers.10.weight", "layers.10.bias"]
    tensors = {name: np.arange(5, dtype=np.float32) for name in names}
    shifted = inject(tensors, [1, 3], 3.5)
    assert shifted["layers.10.bias"].tolist() == [0, 4.5, 2, 6.5, 4]
    assert shifted["layers.10.bias"].dtype == np.float32
    assert all(np.array_equal(shifted[name], tensors[name]) for name in names[:3])
    assert tensors["layers.10.bias"].tolist() == [0, 1, 2, 3, 4]


def test_a_row_per_way_with_counts_of_the_shifted_classes():
    record = {
        "classes": [0, 2],
        "ways": {
            "prior": {"shift": 1.5, "metrics": metrics.from_confusion(np.diag([3, 5, 2]) + np.eye(3, k=1, dtype=int))}
        },
    }
    (row,) = summarize_bias.rows([(7, "kd", record)])
    found = dict(zip(summarize_bias.COLUMNS, row, strict=True))
    assert found == {
        "seed": 7, "arm": "kd", "way": "prior", "shift": 1.5, "n": 12, "errors": 2, "class_n": 6, "class_errors": 1,
        "class_accuracy": pytest.approx(100 * 5 / 6), "other_accuracy": pytest.approx(100 * 5 / 6),
        "accuracy": pytest.approx(100 * 10 / 12),
    }  # fmt: skip
