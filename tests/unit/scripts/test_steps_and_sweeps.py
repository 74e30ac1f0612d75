"""What steps and sweeps present: which students stand in which row, and the numbers in the tables and figures."""

import itertools

import numpy as np
import pytest
import yaml
from project import ROOT

import steps
import sweep
from mythical_digit.errors import UserError
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.files.records import read_csv
from mythical_digit.study import experiments
from mythical_digit.study.config import completed
from mythical_digit.tables.statistics import estimate

CONFIG = completed(yaml.safe_load((ROOT / "config.yaml").read_text()))
CHAIN = experiments.expanded(CONFIG["experiments"]["chain"])
TWO_WAYS = experiments.expanded({**CONFIG["experiments"]["chain"], "left_out": False})
TEMPERATURE = experiments.expanded(CONFIG["experiments"]["temperature"])


@pytest.fixture
def rows():
    return experiments.steps_of(TWO_WAYS)


@pytest.fixture
def effects():
    return effects_of(TWO_WAYS["arms"])


def effects_of(arms):
    """What each way does to each arm: its accuracy names the arm and the way."""
    return {
        arm: {
            way: {
                "shift": np.full(3, 3.5),
                "errors": np.array([200.0, 210, 220]) + number,
                "class_accuracy": np.array([10.0, 12, 14]) + 5 * number + place,
            }
            for place, way in enumerate(SHIFT_CHOICES)
        }
        for number, arm in enumerate(arms)
    }


def aurocs_of(effects):
    """An AUROC of each arm and seed, which tells the arms apart."""
    return {
        arm: 0.9 + number / 1000 + np.zeros(len(each["none"]["errors"]))
        for number, (arm, each) in enumerate(effects.items())
    }


def test_every_arm_of_the_steps_has_a_row(rows):
    assert {row[order] for row in rows for order in steps.orders_of(rows)} == set(TWO_WAYS["arms"])
    assert len(rows) == 1 + len(TWO_WAYS["steps"])


def test_the_first_two_rows_are_the_same_in_both_orders(rows):
    assert [row["upto"] == row["alone"] for row in rows] == [True, True] + [False] * (len(rows) - 2)


def test_the_table_of_steps_has_the_means_and_intervals(rows, effects):
    table = [dict(zip(steps.COLUMNS, row, strict=True)) for row in steps.rows(rows, effects, aurocs_of(effects))]
    assert len(table) == 2 * len(rows) * len(SHIFT_CHOICES)
    for row in table:
        result = estimate(effects[row["arm"]][row["way"]]["class_accuracy"])
        assert (row["accuracy"], row["accuracy_halfwidth"]) == (float(result.mean), float(result.halfwidth))


def test_every_row_has_its_auroc_in_the_table_and_in_the_figure(rows, effects):
    table = [dict(zip(steps.COLUMNS, row, strict=True)) for row in steps.rows(rows, effects, aurocs_of(effects))]
    arms = list(effects)
    assert {row["arm"]: row["auroc"] for row in table} == pytest.approx(
        {arm: 0.9 + arms.index(arm) / 1000 for arm in arms}
    )
    alone = steps.sections(rows, effects, aurocs_of(effects), "class 3")[1]
    assert alone.columns["AUROC"] == [f"{0.9 + arms.index(row['alone']) / 1000:.4f} ± 0.0000" for row in rows]
    panel = steps.draw(rows, effects, aurocs_of(effects), {}, "class 3").axes[0]
    shown = [text.get_text() for text in panel.texts]
    assert shown[-len(rows) - 1 :] == ["AUROC", *(f"{0.9 + arms.index(row['upto']) / 1000:.4f}" for row in rows)]


def test_a_gain_is_paired_by_seed(rows, effects):
    effects["kd-no3~alone~wide"]["fixed"]["class_accuracy"] = effects["kd-no3"]["fixed"]["class_accuracy"] + [7, 8, 9]
    table = {
        (row[0], row[2], row[3]): dict(zip(steps.COLUMNS, row, strict=True))
        for row in steps.rows(rows, effects, aurocs_of(effects))
    }
    wide = table["alone", "kd-no3~alone~wide", "fixed"]
    assert wide["gain"] == pytest.approx(8)
    assert wide["gain_halfwidth"] == pytest.approx(4.3026527 / 3**0.5)
    assert table["upto", "kd-no3", "fixed"]["gain"] == 0
    assert "+8.0 ± 2.5" in steps.markdown(steps.sections(rows, effects, aurocs_of(effects), "class 3"))


def test_the_errors_are_those_with_the_shift_from_the_class_frequency(rows, effects):
    effects["kd-no3~alone~wide"]["prior"]["errors"] = effects["kd-no3"]["prior"]["errors"] - [30, 31, 32]
    alone = steps.sections(rows, effects, aurocs_of(effects), "class 3")[1]
    wide = [row["alone"] for row in rows].index("kd-no3~alone~wide")
    assert alone.columns["Errors, class frequency"][wide] == "179 ± 22"
    assert alone.columns["Change of errors"][wide] == "−31 ± 2"
    assert alone.columns["Change of errors"][0] == ""


def test_a_change_left_out_is_compared_with_all_changes():
    rows = experiments.steps_of(CHAIN)
    effects = effects_of(CHAIN["arms"])
    effects[rows[0]["all"]]["fixed"]["class_accuracy"] = np.array([90.0, 91, 92])
    effects[rows[2]["without"]]["fixed"]["class_accuracy"] = np.array([80.0, 80, 83])
    table = {
        row[:2] + row[3:4]: dict(zip(steps.COLUMNS, row, strict=True))
        for row in steps.rows(rows, effects, aurocs_of(effects))
    }
    found = table["without", rows[2]["label"], "fixed"]
    assert (found["gain"], found["gain_halfwidth"]) == (pytest.approx(-10), pytest.approx(4.3026527 / 3**0.5))
    text = steps.markdown(steps.sections(rows, effects, aurocs_of(effects), "class 3"))
    assert "| all but no dropout in the student | " in text
    assert "−10.0 ± 2.5" in text
    panel = steps.draw(rows, effects, aurocs_of(effects), {}, "class 3").axes[2]
    assert panel.get_yticklabels()[0].get_text() == "all changes"
    assert "−10.0 ± 2.5" in [text.get_text() for text in panel.texts]


def test_a_change_is_marked_only_if_it_gains_more_than_every_other(rows, effects):
    def shaded():
        figure = steps.draw(rows, effects, aurocs_of(effects), {}, "class 3")
        said = "shaded" in figure.get_supxlabel()
        found = [patch.get_y() + 0.5 for axes in figure.axes for patch in axes.patches]
        assert said == bool(found)
        return found

    for row in rows:
        effects[row["alone"]]["fixed"]["class_accuracy"] = np.array([10.0, 12, 14])
    effects["kd-no3~alone~weight"]["fixed"]["class_accuracy"] = np.array([80.0, 81, 82])
    assert shaded() == [4]
    effects["kd-no3~alone~wide"]["fixed"]["class_accuracy"] = np.array([79.0, 80, 81])
    assert shaded() == []


def test_no_interval_goes_beyond_what_is_possible(rows, effects):
    for arm in effects:
        effects[arm]["fixed"]["class_accuracy"] = np.array([90.0, 99, 100])
    figure = steps.draw(rows, effects, aurocs_of(effects), {}, "class 3")
    assert max(max(line.get_xdata()) for axes in figure.axes for line in axes.lines) <= 100
    assert "96.3 (83–100)" in [text.get_text() for text in figure.axes[0].texts]


def test_no_published_line_crosses_a_label(rows, effects):
    figure = steps.draw(rows, effects, aurocs_of(effects), TWO_WAYS["published_accuracy"], "class 3")
    figure.draw_without_rendering()
    for axes in figure.axes:
        labels = [text for text in axes.texts if ": " in text.get_text()]
        lines = [line for line in axes.lines if line.get_linestyle() != "None" and np.ptp(line.get_xdata()) == 0]
        assert len(labels) == 3
        for line, label in itertools.product(lines, labels):
            (x, top), (_, foot) = axes.transData.transform(line.get_xydata())
            box = label.get_window_extent()
            assert not (box.x0 < x < box.x1 and foot < box.y1 and top > box.y0), label.get_text()


def test_one_seed_has_no_interval(rows, effects):
    one = {
        arm: {way: {k: v[:1] for k, v in found.items()} for way, found in each.items()} for arm, each in effects.items()
    }
    table = [dict(zip(steps.COLUMNS, row, strict=True)) for row in steps.rows(rows, one, aurocs_of(one))]
    assert {row[f"{name}_halfwidth"] for row in table for name in steps.QUANTITIES} == {None}
    assert "±" not in steps.markdown(steps.sections(rows, one, aurocs_of(one), "class 3")).replace("After ±", "")
    steps.draw(rows, one, aurocs_of(one), {}, "class 3")


def test_the_figure_of_steps_names_each_change_and_what_was_published(rows, effects):
    figure = steps.draw(rows, effects, aurocs_of(effects), TWO_WAYS["published_accuracy"], "class 3")
    named = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert named == [rows[0]["label"], *(f"+ {row['label']}" for row in rows[1:])]
    for axes in figure.axes:
        texts = [text.get_text() for text in axes.texts]
        assert all(any(text.endswith(f": {value:g}") for text in texts) for value in (2.9, 39.1, 98.6))


def test_what_the_config_says_was_published_is_what_the_reference_says():
    study = {row["class"]: row for row in read_csv(ROOT / "reference/original_table.csv")}
    claims = yaml.safe_load((ROOT / "reference/claims.yaml").read_text())["numbers"]
    paper = claims["no-threes-bias-accuracy-on-threes"]["value"]
    published = [*(float(study["3"][model]) for model in ("kd-no3", "kd-no3+bias")), float(paper)]
    assert list(TWO_WAYS["published_accuracy"].values()) == published


@pytest.fixture
def students():
    return experiments.swept_students(TEMPERATURE)


@pytest.fixture
def errors(students):
    return {student["model"]: np.array([100, 110, 120]) + i for i, student in enumerate(students)}


def test_every_arm_of_the_sweep_is_a_point(students):
    assert {student["model"] for student in students} == set(TEMPERATURE["arms"])


def test_the_grid_has_each_students_errors_in_its_place(students, errors):
    lines, values, grid = sweep.grid(students, errors)
    assert lines == ["hidden 800x800", "hidden 300x300", "hidden 30x30"]
    assert values == [str(value) for value in TEMPERATURE["sweep"]["distillation.temperature"]]
    for student in students:
        place = (slice(None), lines.index(student["line"]), values.index(student["x"]))
        np.testing.assert_array_equal(grid[place], errors[student["model"]])


def test_the_table_of_the_sweep_has_a_row_per_student_and_seed(students, errors):
    table = [dict(zip(sweep.COLUMNS, row, strict=True)) for row in sweep.rows(students, errors, (0, 1, 2), 400)]
    assert len(table) == 3 * len(students)
    assert all(row["error_rate"] == 100 * row["errors"] / 400 for row in table)
    assert [row["errors"] for row in table if row["seed"] == 2] == [int(wrong[2]) for wrong in errors.values()]


def test_the_differences_are_paired_by_seed(students, errors):
    errors["distilled~hidden=800x800~temperature=1"] = np.array([100, 120, 140])
    errors["distilled~hidden=800x800~temperature=2"] = np.array([104, 125, 146])
    _, _, grid = sweep.grid(students, errors)
    result, best = sweep.differences(grid[:, :1, :2], sweep.TEST)
    assert best.tolist() == [[True, False]]
    assert result.mean.tolist() == [[0, 5]]
    assert result.halfwidth[0, 1] == pytest.approx(4.3026527 / 3**0.5)  # of 4, 5 and 6


def test_the_figure_of_differences_says_how_many_are_alike(students, errors):
    lines, values, grid = sweep.grid(students, errors)
    noise = np.random.default_rng(0).normal(0, 1, grid.shape)
    grid = 500 + noise
    grid[:, 1, 4] = 490 + noise[:, 1, 4]
    grid[:, 0, 0] = 490 + noise[:, 1, 4] + [-1, 2, 0]
    figure = sweep.draw_differences("temperature", lines, values, grid, sweep.HELD_OUT)
    (title,) = [text.get_text() for text in figure.texts if "told apart" in text.get_text()]
    assert title == "1 of 26 students cannot be told apart from the best: hidden 300x300, temperature 4"
    marks = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() for line in marks].count("white") == 1
    assert len(marks) == 26


def test_a_sweep_of_one_parameter_and_one_seed_is_drawn(students, errors):
    some = [student for student in students if student["line"] == "hidden 30x30"]
    lines, values, grid = sweep.grid(some, {model: wrong[:1] for model, wrong in errors.items()})
    assert len(sweep.draw_curves("temperature", lines, values, grid, 400, sweep.TEST, {}).axes[0].lines) == 2
    sweep.draw_differences("temperature", lines, values, grid, sweep.TEST)


def test_numbers_stand_on_a_logarithmic_axis_with_the_published_ranges(students, errors):
    lines, values, grid = sweep.grid(students, errors)
    ranges = TEMPERATURE["published_ranges"]
    axes = sweep.draw_curves("temperature", lines, values, grid, 400, sweep.TEST, ranges).axes[0]
    assert axes.get_xscale() == "log"
    assert [float(label.get_text()) for label in axes.get_xticklabels()] == axes.get_xticks().tolist()
    spans = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches]
    assert spans == [(2.5, 4), (8, 40)]  # to the last temperature, where the statement has no end
    assert {*ranges} <= {text.get_text() for text in axes.texts}


def test_values_that_are_no_numbers_are_evenly_spaced():
    grid = np.array([[[5, 6, 0]], [[7, 8, 0]]])  # no error at all has no logarithm
    axes = sweep.draw_curves("hidden", ["T 4"], ["8x8", "9", "10"], grid, 400, sweep.TEST, {}).axes[0]
    assert axes.get_xscale() == "linear"
    assert axes.get_xticks().tolist() == [0, 1, 2]
    assert 0 < axes.get_ylim()[0] < 0.25


def test_the_best_student_is_named_on_held_out_images_and_only_there(students, errors):
    errors["distilled~hidden=300x300~temperature=4"] = np.array([50, 52, 54])
    lines, values, grid = sweep.grid(students, errors)
    assert (lines[sweep.best(grid)[0]], values[sweep.best(grid)[1]]) == ("hidden 300x300", "4")
    assert sweep.chosen("temperature", lines, values, grid, 400).columns == {
        "Line": ["hidden 300x300"],
        "Temperature": ["4"],
        "Errors": ["52.0 ± 5.0"],
    }
    named, plain = (sweep.draw_differences("temperature", lines, values, grid, i) for i in (sweep.HELD_OUT, sweep.TEST))
    assert any("the best: hidden 300x300, temperature 4" in text.get_text() for text in named.texts)
    assert not any("300x300" in text.get_text() for text in plain.texts)
    assert sweep.section("temperature", lines, values, grid, 400, sweep.HELD_OUT).title == "Held-out errors"


def test_an_axis_of_much_the_same_errors_has_ticks_as_well():
    grid = np.array([[[220, 231, 244]], [[222, 238, 250]]])
    axes = sweep.draw_curves("temperature", ["alpha 1"], ["1", "4", "20"], grid, 10_000, sweep.HELD_OUT, {}).axes[0]
    low, high = axes.get_ylim()
    assert sum(low <= tick <= high for tick in axes.get_yticks()) >= 3


@pytest.fixture
def some_diverged():
    """Errors of two lines of three students at two seeds: one student diverged at one seed, one at both."""
    return np.array([[[5, np.nan, 9], [np.nan, 7, 8]], [[5, 4, 9], [np.nan, 7, 8]]], dtype=float)


def test_a_student_that_diverged_is_shown_as_such_and_is_never_the_best(some_diverged):
    lines, values = ["a", "b"], ["1", "2", "3"]
    assert sweep.best(some_diverged) == (0, 0)
    columns = sweep.section("rate", lines, values, some_diverged, 400, sweep.HELD_OUT).columns
    assert columns["a"][1] == "diverged (1 of 2)"
    assert columns["b"] == ["diverged (2 of 2)", "7.0 ± 0.0", "8.0 ± 0.0"]
    panels = sweep.draw_differences("rate", lines, values, some_diverged, sweep.HELD_OUT).axes
    assert [[text.get_text() for text in axes.texts] for axes in panels] == [["diverged"], ["diverged"]]
    figure = sweep.draw_curves("rate", lines, values, some_diverged, 400, sweep.HELD_OUT, {})
    assert [line.get_xdata().tolist() for line in figure.axes[0].lines if line.get_marker() == "x"] == [[2], [1]]
    assert figure.get_supxlabel().endswith("×: diverged")


def test_the_rows_of_a_student_that_diverged_have_no_number(some_diverged):
    students = [{"model": "m", "line": "a", "x": "1"}]
    rows = list(sweep.rows(students, {"m": some_diverged[:, 0, 1]}, (0, 1), 400))
    assert [row[4:] for row in rows] == [("diverged", "diverged"), (4, 1.0)]


def test_a_line_whose_students_all_diverged_is_named(some_diverged):
    some_diverged[:, 1] = np.nan
    axes = sweep.draw_curves("rate", ["a", "b"], ["1", "2", "3"], some_diverged, 400, sweep.TEST, {}).axes[0]
    assert "b: diverged" in [text.get_text() for text in axes.texts]
    sweep.draw_differences("rate", ["a", "b"], ["1", "2", "3"], some_diverged, sweep.TEST)


def test_a_sweep_in_which_all_diverged_has_no_best(some_diverged):
    with pytest.raises(UserError, match="every student of the sweep diverged"):
        sweep.best(some_diverged * np.nan)
