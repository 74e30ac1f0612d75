"""Each quantity is measured on its images, its shift or its epoch."""

import numpy as np
import pytest

from mythical_digit.claims.measuring import Measurements, measure, read_measurements
from mythical_digit.claims.published_claims import Operand
from mythical_digit.files.records import write_csv
from mythical_digit.tables import accuracies, histories
from mythical_digit.tables.accuracies import Accuracies

SHIFTED = {"n": [14, 14], "errors": [2, 7], "class_n": [4, 4], "class_errors": [1, 3], "shift": [2.0, 2.5]}
TEST = np.array([[1.0, 0.6, 0.7, 0.9], [1.0, 0.9, 0.8, 0.7]])  # the second never rises
TRAIN = np.array([[1.0, 0.5, 0.4, 0.3], [1.0, 0.9, 0.8, 0.7]])
OURS = Measurements(
    {"paper": Accuracies((0, 1), (0, 1), {"kd": np.array([[90.0, 75.0], [100.0, 50.0]])})},
    {"paper": {0: 10, 1: 4}},
    {"paper": {("kd", "oracle"): {key: np.array(values) for key, values in SHIFTED.items()}}},
    {"paper": {"kd": {"test_cross_entropy": TEST, "train_cross_entropy": TRAIN}}},
)


def operand(**values):
    return Operand(**{"experiment": "paper", "model": "kd", "quantity": "accuracy", **values})


@pytest.mark.parametrize(
    ("values", "measured", "one_image"),
    [
        ({"label": 1}, [75, 50], 25),
        ({}, [100 * 12 / 14, 100 * 12 / 14], 100 / 14),
        ({"other_than": 1}, [90, 100], 10),
        ({"quantity": "average"}, [82.5, 75], (10 + 25) / 4),
        ({"quantity": "errors"}, [2, 2], 1),
        ({"quantity": "errors", "label": 0}, [1, 0], 1),
        ({"quantity": "error_rate", "label": 0}, [10, 0], 10),
        ({"quantity": "errors", "way": "oracle"}, [2, 7], 1),
        ({"quantity": "errors", "way": "oracle", "label": 1}, [1, 3], 1),
        ({"quantity": "errors", "way": "oracle", "other_than": 1}, [1, 4], 1),
        ({"quantity": "accuracy", "way": "oracle", "label": 1}, [75, 25], 25),
        ({"quantity": "error_rate", "way": "oracle"}, [100 * 2 / 14, 50], 100 / 14),
        ({"quantity": "shift", "way": "oracle"}, [2, 2.5], 0),
        ({"quantity": "test_cross_entropy"}, [0.9, 0.7], 0),
        ({"quantity": "test_cross_entropy", "epoch": 2}, [0.6, 0.9], 0),
        ({"quantity": "overfitting"}, [0.2, 0], 0),  # the rise is 0.3, but training fell by 0.2 only
    ],
)
def test_each_quantity_is_measured_on_its_images(values, measured, one_image):
    found = measure(operand(**values), OURS)
    np.testing.assert_allclose(found.values, measured)
    assert found.least == pytest.approx(one_image)


def test_a_difference_is_taken_within_a_seed_and_may_be_relative():
    raw, shifted = operand(quantity="errors", label=1), operand(quantity="errors", label=1, way="oracle")
    np.testing.assert_allclose(measure(shifted, OURS, raw).values, [0, 1])
    np.testing.assert_allclose(measure(shifted, OURS, raw, relative=True).values, [0, 100 / 3])


@pytest.mark.filterwarnings("error")
def test_an_epoch_after_the_last_is_not_measured():
    found = measure(operand(quantity="test_cross_entropy", epoch=5), OURS)
    assert np.isnan(found.values).all()
    assert np.isnan(found.p_value(1, 1))


def test_the_files_are_told_apart_by_their_paths(tmp_path):
    cells = [(seed, "kd", label, 10, 9, 90.0) for seed in (0, 1) for label in (0, 1)]
    write_csv(tmp_path / "here/metrics.csv", accuracies.COLUMNS, cells)
    epochs = [(seed, "kd", epoch, *[seed + epoch / 10] * len(histories.COLUMNS)) for seed in (0, 1) for epoch in (1, 2)]
    write_csv(tmp_path / "here/histories.csv", histories.ALL_COLUMNS, epochs)
    files = [[str(tmp_path / "here" / name)] for name in ("metrics.csv", "histories.csv")]
    ours = read_measurements(files[0], [], files[1], {"here": {"kd": "KD"}})
    found = measure(Operand("here", "kd", "train_loss", epoch=2), ours)
    np.testing.assert_allclose(found.values, [0.2, 1.2])
    assert measure(Operand("here", "kd", "errors"), ours).values.tolist() == [2, 2]
