"""An ablation and a sweep on the small data set: from the targets that people ask for to what git keeps of them."""

import csv
import re
from urllib.parse import urlencode

import pytest
from browser import shown, texts
from project import QUICK

from mythical_digit.tables.markdown import plus_minus
from mythical_digit.tables.statistics import estimate

pytestmark = pytest.mark.slow

RECORDS = {"provenance", "ro_crate"}
STEPS = {
    "no-dropout": {"label": "no dropout in the student", "student": {"dropout": 0}},
    "t8": {"label": "T = 8", "distillation": {"temperature": 8}},
}
TABLES_AND_FIGURES = [
    *(f"chain/{name}" for name in ("metrics.csv", "bias.csv", "steps.csv", "steps.md", "steps.png", "steps.svg")),
    *(f"temperature/{name}" for name in ("metrics.csv", "sweep.csv", "sweep.md", "explore.html")),
    *(f"temperature/{name}.{kind}" for name in ("sweep_curves", "differences") for kind in ("png", "svg")),
]


def rows(project, name):
    with (project.folder / "results" / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def compared_project(made_once, finished_project):
    """A project with two seeds of a small ablation and a small sweep, published; not to be changed."""

    def make(folder):
        project = finished_project.copy(folder)
        config = project.config
        config["run"] = ["chain", "temperature"]
        chain, temperature = (config["experiments"][name] for name in config["run"])
        chain["student"] |= {"hidden": [16], **QUICK}
        chain["steps"] = STEPS
        temperature["student"] |= QUICK | {"epochs": 1}
        temperature["sweep"] = {"student.hidden": [[16], [8, 8]], "distillation.temperature": [1, 2.5, 10]}
        temperature["teacher"] = "notebook"
        chain["seeds"] = temperature["seeds"] = [0, 1]
        project.config = config
        project.run("chain", "temperature", cores=4)
        project.run("publish")

    return made_once("compared", make)


@pytest.fixture
def compared(compared_project, tmp_path):
    """A copy of it that a test may change."""
    return compared_project.copy(tmp_path / "project")


def test_the_tables_and_figures_are_made_published_and_small(compared_project):
    results = compared_project.results()
    for name in TABLES_AND_FIGURES:
        assert results[f"published/{name}"] == results[name], name
        assert 0 < len(results[name]) < 2**20, name
    for target in ("chain", "temperature", "publish"):
        assert "Nothing to be done" in compared_project.run("--dry-run", target)


def test_the_steps_have_what_was_counted(compared_project):
    counted = {}
    for row in rows(compared_project, "chain/bias.csv"):
        counted.setdefault((row["arm"], row["way"]), []).append(float(row["class_accuracy"]))
    table = rows(compared_project, "chain/steps.csv")
    changed = ("upto~no-dropout", "upto~t8", "alone~t8")
    assert {row["arm"] for row in table} == {"kd-no3", *(f"kd-no3~{change}" for change in changed)}
    for row in table:
        first = "kd-no3~upto~t8" if row["order"] == "without" else "kd-no3"
        before, after = (counted[arm, row["way"]] for arm in (first, row["arm"]))
        assert row["n"] == "2"
        assert float(row["accuracy"]) == pytest.approx(sum(after) / 2)
        assert float(row["gain"]) == pytest.approx(sum(after) / 2 - sum(before) / 2)


def test_the_sweep_has_the_errors_of_the_metrics(compared_project):
    errors = {}
    for row in rows(compared_project, "temperature/metrics.csv"):
        key = row["model"], row["seed"]
        errors[key] = errors.get(key, 0) + int(row["n"]) - int(row["correct"])
    table = rows(compared_project, "temperature/sweep.csv")
    assert {(row["model"], row["seed"]): int(row["errors"]) for row in table} == errors
    assert {(row["line"], row["x"]) for row in table} == {
        (line, x) for line in ("hidden 16", "hidden 8x8") for x in ("1", "2.5", "10")
    }


def test_a_browser_shows_the_errors_of_the_sweep(compared_project, tmp_path):
    page = compared_project.folder / "results/temperature/explore.html"
    name = "distilled~hidden=8x8~temperature=2.5"
    pick = f"document.querySelector('[data-arm=\"{name}\"]').click();"
    for model, script in (("distilled~hidden=16~temperature=10", ""), (name, pick)):
        document = shown(page, tmp_path, urlencode({"arm": "distilled~hidden=16~temperature=10"}), script)
        table = [row for row in rows(compared_project, "temperature/sweep.csv") if row["model"] == model]
        found = texts(document)
        assert found["single"] == ", ".join(f"{row['errors']}\N{NO-BREAK SPACE}({row['seed']})" for row in table)
        assert found["errors"] == plus_minus(estimate([float(row["errors"]) for row in table]), 1)[0]
        assert found["error-rate"] == plus_minus(estimate([float(row["error_rate"]) for row in table]))[0]
        counted = [row for row in rows(compared_project, "temperature/metrics.csv") if row["model"] == model]
        accuracies = [float(row["accuracy"]) for row in counted if row["class"] == "4"]
        assert found["class-4"] == plus_minus(estimate(accuracies))[0]
        assert len(re.findall(r"<button[^>]* data-arm=", document)) == 6


@pytest.mark.parametrize(
    ("experiment", "key", "value", "expected"),
    [
        ("chain", "published_accuracy", {"elsewhere": 50}, "steps"),
        ("temperature", "published_ranges", {"elsewhere": {"from": 2, "to": 4}}, "sweep"),
    ],
)
def test_what_was_published_elsewhere_makes_only_its_figure_stale(compared, experiment, key, value, expected):
    compared.change("experiments", experiment, key, value=value)
    assert {job.split(":")[0] for job in compared.stale(experiment)} - {experiment} == {expected, *RECORDS}


@pytest.mark.parametrize("script", ["steps", "sweep"])
def test_their_scripts_make_only_them_stale_and_repeat_their_bytes(compared, script):
    before = compared.results()
    compared.append(f"scripts/{script}.py", "\nCHANGED = True\n")
    assert compared.stale() == {script, *RECORDS}
    compared.run()
    assert compared.results() == before
