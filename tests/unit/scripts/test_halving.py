"""The rungs of a search, and which recipe is left: scores, ties, recipes that diverged, the table and the figure."""

import numpy as np
import pytest
from matplotlib.text import Text

import halving
import rung
from mythical_digit.errors import UserError

NAN = float("nan")
RECIPES = [
    {"student.hidden": hidden, "distillation.temperature": temperature}
    for hidden in ([30], [8, 8])
    for temperature in (2, 8)
]
VALUES = {"student.hidden": [[30], [8, 8]], "distillation.temperature": [2, 8]}
SCORES = [
    {
        0: np.array([(120.0, 80.0, 0.9)]),
        1: np.array([(90.0, 85.0, 0.95)]),
        2: np.array([(NAN, NAN, NAN)]),
        3: np.array([(100.0, NAN, 0.8)]),
    },
    {
        1: np.array([(90.0, 85.0, 0.95), (95.0, 84.0, 0.94), (100.0, 83.0, 0.93)]),
        3: np.array([(89.0, 83.0, 0.94), (93.0, 82.0, 0.93), (97.0, 81.0, 0.92)]),
    },
]
RUNGS = [halving.means(scores) for scores in SCORES]


def record(errors, correct, n=10, auroc=0.5):
    metrics = {"errors": errors, "class_correct": [0, correct], "class_n": [5, n]}
    return {"classes": [1], "ways": {"prior": {"metrics": metrics}, "oracle": {}}, "auroc": auroc}


def test_a_student_is_scored_with_the_shift_from_the_class_frequency():
    assert rung.scores(record(7, 4)) == (7, 40, 0.5)
    assert np.isnan(rung.scores({"classes": [1], "ways": {}, "auroc": None})).all()
    assert np.isnan(rung.scores(record(7, 0, n=0, auroc=None))[1:]).all()


def test_a_rung_keeps_the_fewest_mean_errors_the_first_of_equals_and_no_recipe_that_diverged():
    found = {
        4: [(9, 1, 1), (11, 1, 1)],
        7: [(3, 1, 1), (NAN, NAN, NAN)],
        8: [(10, 1, 1), (10, 1, 1)],
        9: [(8, 1, 1)] * 2,
    }
    students = [("no2", 0), ("no5", 0)]
    table = list(rung.rows(found, students, 2))
    assert [(*row[:4], row[-1]) for row in table] == [
        (4, "no2", 0, 9, "yes"), (4, "no5", 0, 11, "yes"), (7, "no2", 0, 3, "no"), (7, "no5", 0, "diverged", "no"),
        (8, "no2", 0, 10, "no"), (8, "no5", 0, 10, "no"), (9, "no2", 0, 8, "yes"), (9, "no5", 0, 8, "yes"),
    ]  # fmt: skip
    assert [row[-1] for row in rung.rows({1: found[7], 2: found[4]}, students, 2)] == ["no", "no", "yes", "yes"]


def test_a_rung_in_which_all_diverged_is_an_error():
    with pytest.raises(UserError, match="every recipe of the search diverged"):
        list(rung.rows({0: [(NAN, NAN, NAN)]}, [("no2", 0)], 1))


def test_the_recipe_that_is_left_has_the_fewest_errors_in_the_last_rung():
    assert halving.found_in(RUNGS) == 3
    assert halving.found_in(RUNGS[:1]) == 1


def test_the_rows_have_the_values_of_each_recipe_and_its_scores():
    rows = halving.rows(RUNGS, RECIPES, [1, 3])
    assert rows[0] == (0, 0, "30", "2", 1, 120, 80, 0.9)
    assert rows[2] == (0, 2, "8x8", "2", 1, "diverged", "diverged", "diverged")
    assert rows[3] == (0, 3, "8x8", "8", 1, 100, None, 0.8)
    assert rows[-1] == (1, 3, "8x8", "8", 3, 93, 82, 0.93)


def test_a_rung_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "rung-0.csv"
    path.write_text(
        "recipe,arm,seed,errors,class_accuracy,auroc,kept\n"
        "3,no2,0,9,,0.25,yes\n3,no5,0,10,50,0.75,yes\n"
        "4,no2,0,9,50,0.5,no\n4,no5,0,diverged,diverged,diverged,no\n"
    )
    found = halving.read_rung(path)
    assert found[3].tolist() == [pytest.approx([9, NAN, 0.25], nan_ok=True), [10, 50, 0.75]]
    assert halving.means(found)[3] == pytest.approx([9.5, NAN, 0.5], nan_ok=True)
    assert np.isnan(halving.means(found)[4]).all()


def test_the_tables_say_what_was_found_how_and_on_which_images():
    students = halving.described([("no2", 0), ("no5", 0), ("no2", 1)], {"no2": [2], "no5": [5]}, None)
    found, rungs, last = halving.sections(SCORES, RECIPES, students, [0, 1, 2], [1, 3], 10_000)
    assert found.title == "Recipe 3 of 4"
    assert "test images had no part" in found.caption
    assert found.columns == {"Parameter": ["hidden", "temperature"], "Value": ["8x8", "8"]}
    assert rungs.columns["New students of each"] == [
        "without class 2, seed 0", "without class 5, seed 0; without class 2, seed 1",
    ]  # fmt: skip
    assert rungs.columns["Diverged"] == ["1", "0"]
    assert rungs.columns["Fewest errors"] == ["90.0", "93.0"]
    assert last.columns["Recipe"] == ["3", "1"]
    assert last.columns["Errors"] == ["93.0", "95.0"]
    assert last.columns["Errors, minus those of 3"] == ["", "2.0 ± 2.5"]  # 1, 2 and 3 more
    assert "Mean over n = 3 seeds" in last.caption


def test_the_interval_of_a_difference_is_over_seeds_not_over_the_students_of_a_seed():
    more = np.array([1.0, 2, 3, 5, 6, 10])
    assert halving.by_seed(more, [0, 0, 1, 1, 2, 2]).tolist() == [1.5, 4, 8]
    assert halving.by_seed(more, [0, 0, 0, 1, 1, 2]).tolist() == [4.5]  # seeds with more and less students
    *_, last = halving.sections(SCORES, RECIPES, ["", "", ""], [0, 0, 1], [1, 3], 10_000)
    assert last.columns["Errors, minus those of 3"] == ["", "2.0"]
    assert "±" not in last.caption


def test_classes_have_their_names():
    names = ["Shirt", "Bag", "Coat"]
    assert halving.described([("no2", 4)], {"no2": [2]}, names) == ["without Coat, seed 4"]


def test_the_figure_shows_the_rungs_and_each_parameter_and_crosses_out_what_diverged():
    figure = halving.draw(RUNGS, RECIPES, VALUES, [1, 3], 10_000)
    texts = [text.get_text() for text in figure.findobj(Text)]
    for expected in (
        "Recipe 3 of 4 makes the fewest errors",
        "4 recipes,\n1 student each",
        "2 recipes,\n3 students each",
        "Hidden",
    ):
        assert expected in texts, expected
    assert {"diverged", "2 ×\n8"} <= {*texts}
    assert halving.tick([30, 8]) == "30\n8"
    assert "Errors on 10,000 held-out images" in texts
