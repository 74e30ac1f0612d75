"""A table of published numbers that would say nothing, or something wrong, is refused before anything runs."""

import pytest

from mythical_digit.study.published_mistakes import history_mistakes, table_mistakes

MODELS = ["teacher", "kd", "kd-no3"]


@pytest.mark.parametrize("text", ["class,kd\n0,99.5\n1,\navg,0\n", "class,kd,other\n2,100,x\n"])
def test_a_table_of_some_models_and_classes_is_right(tmp_path, text):
    (tmp_path / "t.csv").write_text(text)
    assert list(table_mistakes(tmp_path / "t.csv", MODELS, 3)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("class,KD No3,Norm\n0,1,2\n", "no column has the name of a model: class, KD No3, Norm; allowed: teacher, kd"),
        ("class,kd-no-3\n0,1\n", "did you mean 'kd-no3'?"),
        ("class,kd\nAvg,1\n", "no class 'Avg' to compare with; did you mean 'avg'? allowed: 0, 1, 2, avg"),
        ("class,kd\n3,1\n", "no class '3'"),
        ("class,kd\n0,1\n0,2\n", "the row '0' is there twice"),
        ("class,kd,kd\n0,1,2\n", "the column 'kd' is there twice"),
        *((f"class,kd\n1,{cell}\n", f"{cell!r} (row 1, column kd)") for cell in ("inf", "nan", "975", "-1", "x")),
        ("kd\n1\n", "no column `class`"),
        ("class,kd\n", "a row for each class"),
        ("", "no column `class`"),
        ("class;kd\n0;1\n", "separated by ';'"),
    ],
)
def test_a_mistake_in_a_table_is_named(tmp_path, text, says):
    (tmp_path / "t.csv").write_text(text)
    assert says in " ".join(table_mistakes(tmp_path / "t.csv", MODELS, 3))


def test_a_history_of_some_models_is_right(tmp_path):
    (tmp_path / "h.csv").write_text("model,epoch,train_loss,source\nkd,1,0.5,x\nother,1,2,y\n")
    assert list(history_mistakes(tmp_path / "h.csv", MODELS)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("model,epoch,train_loss\nKD,1,0.5\n", "no row is of a model: KD"),
        ("model,epoch\nkd,1\n", "needs the columns model, epoch and some of train_..."),
        ("model,epoch,test_accuracy\nkd,1,inf\n", "'inf' (row 1, column test_accuracy)"),
        ("model,epoch,test_accuracy\nkd,one,5\n", "'one' (row 1, column epoch)"),
        ("model,epoch,test_accuracy\nkd,1\n", "None (row 1, column test_accuracy)"),
    ],
)
def test_a_mistake_in_a_history_is_named(tmp_path, text, says):
    (tmp_path / "h.csv").write_text(text)
    assert says in " ".join(history_mistakes(tmp_path / "h.csv", MODELS))
