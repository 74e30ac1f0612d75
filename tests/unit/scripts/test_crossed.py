import numpy as np
import pytest

import crossed as script
from mythical_digit.errors import UserError
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES

TEACHERS = np.array([[10.0, 11, 12], [20, 21, 22.5], [31, 30, 32]])  # whose rows differ, and whose columns hardly do
ACCURACIES = dict.fromkeys(SHIFT_CHOICES, TEACHERS)


def test_the_table_names_the_larger_spread():
    found = script.section("KD", [3], ACCURACIES).columns
    assert (found["Mean (%)"][0], found["Teachers, SD"][0], found["Students, SD"][0]) == ("21.1", "10.0", "0.9")
    low, high = found["Ratio of mean squares (95 %)"][0].split("(")[1].rstrip(")").split(" to ")
    assert 1 < float(low) < 100 < float(high)


def test_the_rows_of_the_file_have_the_ratio_once_per_choice():
    rows = [dict(zip(script.COLUMNS, row, strict=True)) for row in script.rows(ACCURACIES)]
    assert [row["source"] for row in rows] == ["teacher", "student", "rest"] * len(SHIFT_CHOICES)
    assert [row["ratio"] is None for row in rows[:3]] == [False, True, True]
    assert rows[0]["ratio"] == pytest.approx(rows[0]["mean_square"] / rows[1]["mean_square"])


def test_students_that_do_not_differ_have_no_ratio():
    flat = dict.fromkeys(SHIFT_CHOICES, TEACHERS[:, :1] * np.ones(3))
    assert script.section("KD", [3], flat).columns["Ratio of mean squares (95 %)"][0] == ""


def test_no_ratio_is_given_where_other_numbers_of_repeats_decide_on_it():
    found = script.section("KD", [3], dict.fromkeys(SHIFT_CHOICES, TEACHERS[:, :2]))
    assert set(found.columns["Ratio of mean squares (95 %)"]) == {""}
    assert "only with as many students as teachers" in found.caption
    assert "only with" not in script.section("KD", [3], ACCURACIES).caption


def test_one_seed_of_students_is_refused_in_words():
    with pytest.raises(UserError, match="the student of seed 4 alone"):
        script.check([4])


def test_the_figure_shows_the_same_values_by_teacher_and_by_student():
    figure = script.draw(ACCURACIES, [0, 1, 2], [5, 6, 7], [3])
    left, right = figure.axes[:2]
    for axes, groups in ((left, TEACHERS), (right, TEACHERS.T)):
        dots = [line.get_ydata().tolist() for line in axes.lines if line.get_marker() == "o"]
        assert dots == groups.tolist()
    assert [text.get_text() for text in figure.axes[2].get_xticklabels()] == ["5", "6", "7"]
