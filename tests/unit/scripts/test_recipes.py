"""The table that has students of several experiments side by side."""

import numpy as np
import pytest

import recipes
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.files.records import write_csv, write_json
from mythical_digit.tables.shift_effects import COLUMNS as SHIFTS

ERRORS = {"found": [80, 90], "paper": [105, 95, 110]}
SEEDS = {"found": [3, 4], "paper": [2, 3, 4]}
BASIC = {"hidden": [800, 800], "dropout": 0, "epochs": 20, "batch_size": 64, "learning_rate": 0.001}
STUDENTS = [
    {
        "label": name.title(),
        "experiment": name,
        "arm": f"no3-{name}",
        "seeds": seeds,
        "recipe": {**BASIC, **more, "temperature": 20, "teacher": "paper"},
    }
    for (name, seeds), more in zip(SEEDS.items(), ({}, {"schedule": "one-cycle"}), strict=True)
]


@pytest.fixture
def found(tmp_path):
    measured = []
    for student in STUDENTS:
        name, arm, table, records = student["experiment"], student["arm"], [], []
        for seed, errors in zip(SEEDS[name], ERRORS[name], strict=True):
            for way in SHIFT_CHOICES:
                wrong = errors + (100 if way == "none" else 0)
                table.append((seed, arm, way, 2.5, 10000, wrong, 1010, 10, 99.0, 99.0, 99.0))
            records.append(tmp_path / f"{name}-{seed}.json")
            write_json(records[-1], {"auroc": 0.9980 + seed / 5000})
        write_csv(tmp_path / f"{name}.csv", SHIFTS, table)
        measured.append(recipes.measures(tmp_path / f"{name}.csv", records, arm, len(SEEDS[name])))
    return measured


def test_the_recipes_are_told_with_what_the_other_leaves_unsaid():
    section = recipes.recipes(STUDENTS)
    table = dict(zip(section.columns["Parameter"], zip(*list(section.columns.values())[1:], strict=True), strict=True))
    assert table["hidden"] == ("800x800", "800x800")
    assert table["schedule"] == ("constant", "one-cycle")
    assert table["teacher"] == ("paper", "paper")


def test_a_student_without_soft_targets_has_no_temperature():
    hard = {**STUDENTS[0], "label": "Hard", "recipe": BASIC}
    section = recipes.recipes([STUDENTS[0], hard])
    assert section.columns["Hard"][section.columns["Parameter"].index("temperature")] == ""


def test_the_results_have_a_row_per_measure_and_way(found):
    section = recipes.results(STUDENTS, found, [3])
    names = section.columns[""]
    assert (section.columns["Found"][0], section.columns["Paper"][0]) == ("2", "3")
    assert section.columns["Found"][names.index("Errors, raw")] == "185.0 ± 63.5"
    assert section.columns["Paper"][names.index("Errors, shift from class frequency")] == "103.3 ± 19.0"
    assert section.columns["Paper"][names.index("On class 3 (%), oracle shift")] == "99.01 ± 0.00"
    assert section.columns["Found"][names.index("AUROC")] == "0.9987 ± 0.0013"


def test_differences_are_paired_by_seed(found):
    section = recipes.differences(STUDENTS, found, [3])
    names, column = section.columns[""], section.columns["less Paper"]
    assert column[0] == "2"
    assert column[names.index("Errors, shift from class frequency")] == "−17.5 ± 31.8"  # 80 - 95 and 90 - 110
    assert column[names.index("AUROC")] == "+0.0000 ± 0.0000"


def test_without_common_seeds_there_are_no_differences(found):
    other = {**STUDENTS[1], "seeds": [7, 8, 9]}
    assert recipes.differences([STUDENTS[0], other], found, [3]) is None


def test_the_rows_of_the_file_say_whose_they_are(found):
    table = [dict(zip(recipes.COLUMNS, row, strict=True)) for row in recipes.rows(STUDENTS, found)]
    assert len(table) == 2 * (4 * 3 + 1)
    row = next(row for row in table if (row["recipe"], row["way"], row["measure"]) == ("Paper", "prior", "errors"))
    assert (row["experiment"], row["arm"], row["n"], row["mean"]) == ("paper", "no3-paper", 3, pytest.approx(310 / 3))
    assert {np.isfinite(row["halfwidth"]) for row in table} == {True}
