import numpy as np
import pytest

from mythical_digit.errors import UserError
from mythical_digit.files.records import write_csv
from mythical_digit.tables.accuracies import COLUMNS, read_accuracies

HEADER = "seed,model,class,n,correct,accuracy"
ROWS = [
    "7,teacher,0,4,4,100.0",
    "7,teacher,1,4,2,50.0",
    "7,kd,0,4,3,75.0",
    "7,kd,1,4,1,25.0",
    "3,teacher,0,4,3,75.0",
    "3,teacher,1,4,3,75.0",
    "3,kd,0,4,2,50.0",
    "3,kd,1,4,0,0.0",
]


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def test_values_stand_by_model_seed_and_class(tmp_path):
    accuracies = read_accuracies(write(tmp_path / "metrics.csv", HEADER, *ROWS), ["teacher", "kd"])
    assert accuracies.seeds == (7, 3)
    assert accuracies.classes == (0, 1)
    np.testing.assert_array_equal(accuracies.values["teacher"], [[100, 50], [75, 75]])
    np.testing.assert_array_equal(accuracies.values["kd"], [[75, 25], [50, 0]])


def test_errors_are_counted_over_the_classes(tmp_path):
    accuracies = read_accuracies(write(tmp_path / "metrics.csv", HEADER, *ROWS), ["kd"])
    np.testing.assert_array_equal(accuracies.errors["kd"], [4, 6])
    assert accuracies.n == 8


def test_average_is_over_classes_per_seed(tmp_path):
    accuracies = read_accuracies(write(tmp_path / "metrics.csv", HEADER, *ROWS), ["kd"])
    np.testing.assert_array_equal(accuracies.with_average("kd"), [[75, 25, 50], [50, 0, 25]])


def test_order_of_rows_within_a_seed_does_not_matter(tmp_path):
    mixed = write(tmp_path / "metrics.csv", HEADER, ROWS[3], ROWS[2], *ROWS[:2], *ROWS[4:])
    np.testing.assert_array_equal(read_accuracies(mixed, ["kd"]).values["kd"], [[75, 25], [50, 0]])


@pytest.mark.parametrize(("gone", "named"), [(7, "model kd, seed 3, class 1"), (2, "model kd, seed 7, class 0")])
def test_a_missing_row_is_named(tmp_path, gone, named):
    path = write(tmp_path / "metrics.csv", HEADER, *ROWS[:gone], *ROWS[gone + 1 :])
    with pytest.raises(UserError, match=rf"metrics\.csv: no row for {named}"):
        read_accuracies(path, ["teacher", "kd"])


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no row for model kd\+bias"):
        read_accuracies(write(tmp_path / "metrics.csv", HEADER, *ROWS), ["kd+bias"])


@pytest.mark.parametrize(
    "lines", [[HEADER], [HEADER, *ROWS, ROWS[0]], ["seed,model,n", "1,kd,5"], [HEADER, "x,kd,0,4,4,100.0"]]
)
def test_a_table_that_makes_no_sense_is_named(tmp_path, lines):
    with pytest.raises(UserError, match=r"metrics\.csv"):
        read_accuracies(write(tmp_path / "metrics.csv", *lines), ["kd"])


def test_a_class_without_test_images_has_no_accuracy_and_is_no_part_of_the_mean(tmp_path):
    rows = ["0,kd,0,4,3,75.0", "0,kd,1,0,0,", "0,kd,2,4,1,25.0"]
    accuracies = read_accuracies(write(tmp_path / "metrics.csv", HEADER, *rows), ["kd"])
    np.testing.assert_array_equal(accuracies.with_average("kd"), [[75, np.nan, 25, 50]])
    assert (accuracies.errors["kd"], accuracies.n) == ([4], 8)
    with pytest.raises(UserError, match=r"damaged \(accuracy nan for 1 correct of 4\)"):
        read_accuracies(write(tmp_path / "metrics.csv", HEADER, "0,kd,0,4,1,"), ["kd"])


def test_a_network_that_diverged_has_no_accuracy(tmp_path):
    path = tmp_path / "metrics.csv"
    rows = [(0, "a", 0, 4, 3, 75.0), (0, "b", 0, 4, "diverged", "diverged")]
    write_csv(path, COLUMNS, rows)
    found = read_accuracies(path, ["a", "b"], search=True)
    assert (found.errors["a"], found.n) == ([1], 4)
    assert np.isnan(found.errors["b"]).all()
    assert np.isnan(found.values["b"]).all()
    assert read_accuracies(path, ["a"]).values["a"] == 75
    with pytest.raises(UserError, match="b, seed 0, diverged: it has no accuracy"):
        read_accuracies(path, ["a", "b"])
