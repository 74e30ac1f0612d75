"""What was published of the epochs of a training."""

import pytest

from mythical_digit.errors import UserError
from mythical_digit.tables.histories import read_published_history


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
