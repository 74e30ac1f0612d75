"""The page to explore, of the small data set: its numbers are those of the tables, in it and in a browser."""

import csv
import json
import re

import numpy as np
import pytest
from browser import shown, texts

from mythical_digit.tables.markdown import plus_minus
from mythical_digit.tables.statistics import estimate

SHIFT_COLUMNS = {"classes": [3], "others": [0, 1, 2, 4, 5, 6, 7, 8, 9], "all": list(range(10))}


def rows(project, name):
    with (project.folder / "results/notebook" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def embedded(project, experiment="notebook"):
    page = (project.folder / f"results/{experiment}/explore.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)[1])


def arms(project):
    content = embedded(project)
    assert [student["model"] for student in content["students"]] == ["norm-no3", "kd-no3"]
    return content, {student["model"]: student for student in content["students"]}


def test_its_counts_along_the_shift_are_those_of_the_curves(finished_project):
    content, students = arms(finished_project)
    sizes = np.array(content["sizes"])
    for arm, student in students.items():
        for seed, correct in zip(content["seeds"], np.array(student["correct"]), strict=True):
            table = rows(finished_project, f"seed-{seed}/{arm}/bias_curve.csv")
            assert [float(row["shift"]) for row in table] == content["shifts"]
            for column, classes in SHIFT_COLUMNS.items():
                accuracies = 100 * correct[:, classes].sum(axis=1) / sizes[classes].sum()
                assert [float(row[column]) for row in table] == accuracies.tolist()


def test_what_the_ways_do_is_what_the_tables_say(finished_project):
    content, students = arms(finished_project)
    table = rows(finished_project, "bias.csv")
    assert len(table) == 2 * 2 * 4
    for row in table:
        student, place = students[row["arm"]], content["seeds"].index(int(row["seed"]))
        way = student["ways"][row["way"]]
        assert way["shift"][place] == float(row["shift"])
        assert sum(content["sizes"]) - sum(way["correct"][place]) == int(row["errors"])
        assert content["sizes"][3] - way["correct"][place][3] == int(row["class_errors"])


def test_its_counts_per_class_are_those_of_the_metrics(finished_project):
    content, students = arms(finished_project)
    counted = {"teacher": content["teacher"]}
    for arm, student in students.items():
        counted |= {arm: student["ways"]["none"]["correct"], f"{arm}+bias": student["ways"]["fixed"]["correct"]}
    table = [row for row in rows(finished_project, "metrics.csv") if row["model"] in counted]
    assert len(table) == 5 * 2 * 10
    for row in table:
        place = content["seeds"].index(int(row["seed"]))
        assert counted[row["model"]][place][int(row["class"])] == int(row["correct"])


def test_the_examples_are_test_images_with_the_logits_of_each_seed(finished_project):
    content, students = arms(finished_project)
    for student in students.values():
        labels = [digit["label"] for digit in student["digits"]]
        assert labels[:12] == [3] * 12
        assert 3 not in labels[12:]
        assert all(np.shape(digit["logits"]) == (len(content["seeds"]), 10) for digit in student["digits"])
    ranked = students["kd-no3"]["digits"][:12]
    right = [int(np.argmax(digit["logits"][0])) == 3 for digit in ranked]
    assert right == sorted(right, reverse=True)


def written(values, digits):
    return plus_minus(estimate(values), digits)[0]


def expected(project, arm, way=None, shift=None, seeds=(0, 1)):
    """What the tables say that the page should show of an arm."""
    if way:
        found = [row for row in rows(project, "bias.csv") if (row["arm"], row["way"]) == (arm, way)]
        found = [row for row in found if int(row["seed"]) in seeds]
        columns = ("class_accuracy", "other_accuracy", "accuracy")
    else:
        curves = [rows(project, f"seed-{seed}/{arm}/bias_curve.csv") for seed in seeds]
        found = [row for curve in curves for row in curve if float(row["shift"]) == shift]
        columns = ("classes", "others", "all")
    assert len(found) == len(seeds)
    names = ("shifted-accuracy", "other-accuracy", "accuracy")
    return {
        name: written([float(row[column]) for row in found], 2) for name, column in zip(names, columns, strict=True)
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fragment", "script", "state"),
    [
        ("arm=kd-no3&shift=1.5", "", {"arm": "kd-no3", "shift": 1.5}),
        ("arm=norm-no3&shift=-12", "", {"arm": "norm-no3", "shift": -12}),
        ("arm=kd-no3&shift=3.5&seed=1", "", {"arm": "kd-no3", "way": "fixed", "seeds": [1]}),
        ("arm=norm-no3&way=prior", "", {"arm": "norm-no3", "way": "prior"}),
        ("arm=nobody&way=none&seed=5", "", {"arm": "kd-no3", "way": "none"}),
        (
            "arm=kd-no3",
            "const slider = document.getElementById('shift'); slider.value = 7.3;"
            "slider.dispatchEvent(new Event('input', {bubbles: true}));",
            {"arm": "kd-no3", "shift": 7.3},
        ),
        (
            "arm=kd-no3&shift=1.5",
            "document.querySelector('[data-way=oracle]').click();"
            "document.querySelector('[data-arm=norm-no3]').click();"
            "const seed = document.getElementById('seed'); seed.value = 0; seed.dispatchEvent(new Event('change'));",
            {"arm": "norm-no3", "way": "oracle", "seeds": [0]},
        ),
    ],
)
def test_a_browser_shows_what_the_tables_say(finished_project, tmp_path, fragment, script, state):
    page = finished_project.folder / "results/notebook/explore.html"
    document = shown(page, tmp_path, fragment, script)
    found = texts(document)
    wanted = expected(finished_project, **state)
    assert {name: found[name] for name in wanted} == wanted
    seeds = state.get("seeds", (0, 1))
    if state.get("way") in ("none", "fixed"):
        model = state["arm"] + ("+bias" if state["way"] == "fixed" else "")
        table = [row for row in rows(finished_project, "metrics.csv") if row["model"] == model]
        for k in range(10):
            of_class = [row for row in table if int(row["class"]) == k and int(row["seed"]) in seeds]
            assert found[f"class-{k}"] == written([float(row["accuracy"]) for row in of_class], 2)
    # The examples, by the logits of the first of the seeds shown.
    content, students = arms(finished_project)
    student, place = students[state["arm"]], content["seeds"].index(seeds[0])
    shift = state["shift"] if "shift" in state else student["ways"][state["way"]]["shift"][place]
    captions = re.findall(r"<figcaption>(\d) taken for (\d) (.)", document)
    taken = [np.argmax(np.array(each["logits"][place]) + shift * np.eye(10)[3]) for each in student["digits"]]
    marks = ["✓" if label == each["label"] else "✗" for label, each in zip(taken, student["digits"], strict=True)]
    assert captions == [
        (str(each["label"]), str(label), mark)
        for each, label, mark in zip(student["digits"], taken, marks, strict=True)
    ]


@pytest.mark.slow
def test_a_script_that_fails_would_be_noticed(finished_project, tmp_path):
    with pytest.raises(AssertionError, match="nothing here"):
        shown(finished_project.folder / "results/notebook/explore.html", tmp_path, script="throw Error('nothing here')")
