"""Metrics from a confusion matrix, the injection of a bias, and the tidy table, by hand."""

import numpy as np
import pytest

import summarize
from common import metrics
from common.errors import UserError
from inject_bias import inject


def test_confusion_matrix_has_true_classes_in_rows():
    confusion = metrics.confusion_matrix(np.array([0, 0, 2, 1]), np.array([0, 1, 2, 1]), 3)
    assert confusion.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]


def test_record_by_hand():
    record = metrics.from_confusion(np.array([[3, 1], [2, 0]]))
    assert record == {
        "confusion": [[3, 1], [2, 0]],
        "n": 6,
        "errors": 3,
        "accuracy": 50.0,
        "class_n": [4, 2],
        "class_correct": [3, 0],
        "class_accuracy": [75.0, 0.0],
        "class_mean_accuracy": 37.5,
    }


def test_a_class_without_images_is_named():
    with pytest.raises(UserError, match="no image of class 1"):
        metrics.from_confusion(np.array([[3, 1], [0, 0]]))


def test_injection_changes_the_output_biases_of_the_classes_and_nothing_else():
    shapes = {"layers.0.weight": (3, 2), "layers.0.bias": (3,), "layers.10.weight": (4, 3), "layers.10.bias": (4,)}
    tensors = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    shifted = inject(tensors, [1, 3], 3.5)
    assert shifted["layers.10.bias"].tolist() == [1.0, 4.5, 1.0, 4.5]
    assert shifted["layers.10.bias"].dtype == np.float32
    assert tensors["layers.10.bias"].tolist() == [1.0] * 4
    assert all(np.array_equal(shifted[name], tensors[name]) for name in list(shapes)[:3])


def test_tidy_rows():
    record = {"class_n": [4, 2], "class_correct": [3, 0], "class_accuracy": [75.0, 0.0]}
    assert list(summarize.rows([(7, "kd", record)])) == [(7, "kd", 0, 4, 3, 75.0), (7, "kd", 1, 2, 0, 0.0)]
