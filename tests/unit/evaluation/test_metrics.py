"""Metrics from a confusion matrix, and the tidy table, by hand."""

import numpy as np
import pytest

import summarize
from mythical_digit.errors import UserError
from mythical_digit.evaluation import metrics
from mythical_digit.evaluation.metrics import read_record, scored
from mythical_digit.files.records import write_json


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


def test_a_class_without_images_has_no_accuracy_and_leaves_that_of_the_others(tmp_path):
    record = metrics.from_confusion(np.array([[3, 1, 0], [0, 0, 0], [1, 0, 1]]))
    assert record["class_accuracy"] == [75.0, None, 50.0]
    assert record["class_mean_accuracy"] == 62.5
    assert (record["n"], record["errors"], record["class_n"]) == (6, 2, [4, 0, 2])
    write_json(tmp_path / "metrics.json", record)
    assert read_record(tmp_path / "metrics.json") == record


def test_tidy_rows():
    record = {"class_n": [4, 2], "class_correct": [3, 0], "class_accuracy": [75.0, 0.0]}
    assert list(summarize.rows([(7, "kd", record)])) == [(7, "kd", 0, 4, 3, 75.0), (7, "kd", 1, 2, 0, 0.0)]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_logits_that_are_not_finite_have_no_score(bad, tmp_path):
    labels = np.array([0, 1, 1])
    logits = np.zeros((3, 2), dtype=np.float32)
    assert scored(logits, labels)["errors"] == 2
    logits[1, 1] = bad
    record = scored(logits, labels)
    assert record == {"diverged": True, "n": 3, "class_n": [1, 2]}
    write_json(tmp_path / "metrics.json", record)
    assert read_record(tmp_path / "metrics.json", search=True) == record
    with pytest.raises(UserError, match=r"metrics\.json: the network diverged and has no accuracy"):
        read_record(tmp_path / "metrics.json")
