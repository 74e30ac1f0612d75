"""Training histories, and what was published of the epochs of a training."""

import numpy as np
import pytest

from mythical_digit.errors import UserError
from mythical_digit.tables.histories import read_all_histories, read_histories, read_published_history

COLUMNS = "epoch,train_loss,train_cross_entropy,train_accuracy,test_cross_entropy,test_accuracy"
ALL_COLUMNS = f"seed,model,{COLUMNS}"
EPOCHS = [
    *("7,kd,1,10,11,12,13,14", "7,kd,2,20,21,22,23,24", "7,norm,1,1,1,1,1,1"),
    *("3,kd,1,30,31,32,33,34", "3,kd,2,40,41,42,43,44", "3,norm,1,2,2,2,2,2"),
]
NOT_THE_SAME = "no rows, or not of the same seeds for each model"


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def test_histories_stand_by_seed_and_epoch(tmp_path):
    paths = [
        write(tmp_path / "a.csv", COLUMNS, "1,10,11,12,13,14", "2,20,21,22,23,24"),
        write(tmp_path / "b.csv", COLUMNS, "1,30,31,32,33,34", "2,40,41,42,43,44"),
    ]
    histories = read_histories(paths)
    np.testing.assert_array_equal(histories["train_loss"], [[10, 20], [30, 40]])
    np.testing.assert_array_equal(histories["test_accuracy"], [[14, 24], [34, 44]])


@pytest.mark.parametrize(
    "lines",
    [[COLUMNS], [COLUMNS, "1,1,1,1,1,1"], [COLUMNS, "2,1,1,1,1,1", "3,1,1,1,1,1"], ["epoch,loss", "1,2", "2,3"]],
)
def test_histories_that_do_not_match_are_named(tmp_path, lines):
    good = write(tmp_path / "good.csv", COLUMNS, "1,1,1,1,1,1", "2,1,1,1,1,1")
    with pytest.raises(UserError, match=r"bad\.csv"):
        read_histories([good, write(tmp_path / "bad.csv", *lines)])


def test_the_table_of_all_histories_has_each_model_with_its_own_epochs(tmp_path):
    histories = read_all_histories(write(tmp_path / "histories.csv", ALL_COLUMNS, *EPOCHS))
    np.testing.assert_array_equal(histories["kd"]["train_loss"], [[10, 20], [30, 40]])
    np.testing.assert_array_equal(histories["kd"]["test_accuracy"], [[14, 24], [34, 44]])
    np.testing.assert_array_equal(histories["norm"]["train_loss"], [[1], [2]])


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], NOT_THE_SAME),
        (EPOCHS[:5], NOT_THE_SAME),
        ([*EPOCHS[:4], EPOCHS[5]], "kd, seed 3: 1 epochs, but 2 in .*: kd, seed 7"),
        ([*EPOCHS[:3], *EPOCHS[4:]], r"kd, seed 3: the epochs are \[2\], not 1, 2, 3"),
    ],
)
def test_a_table_of_histories_without_some_rows_is_named(tmp_path, rows, says):
    path = write(tmp_path / "histories.csv", ALL_COLUMNS, *rows)
    with pytest.raises(UserError, match=rf"histories\.csv: {says}"):
        read_all_histories(path)


def test_each_model_has_the_columns_that_were_published(tmp_path):
    path = tmp_path / "published.csv"
    path.write_text("model,epoch,train_loss,test_accuracy\nkd,1,0.5,91\nkd,2,0.25,94\nkd-no3,1,0.75,80\n")
    found = read_published_history(path)
    assert {model: {name: list(values) for name, values in columns.items()} for model, columns in found.items()} == {
        "kd": {"epoch": [1, 2], "train_loss": [0.5, 0.25], "test_accuracy": [91, 94]},
        "kd-no3": {"epoch": [1], "train_loss": [0.75], "test_accuracy": [80]},
    }


@pytest.mark.parametrize("text", ["epoch,train_loss\n1,0.5\n", "model,epoch,train_loss\nkd,1,low\n"])
def test_a_table_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "published.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=r"published\.csv: not a table of model, epoch"):
        read_published_history(path)
