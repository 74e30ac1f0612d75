"""A small search: what each rung trains and keeps, against the records of its students; and what a change reruns."""

import csv
import hashlib
import json
import re
import shutil

import pytest
from project import QUICK, RECORDS, Project

from mythical_digit.study import experiments

pytestmark = pytest.mark.slow

RUNGS = [{"recipes": 5, "students": 1}, {"recipes": 3, "students": 3}, {"recipes": 2, "students": 4}]
VALUES = {
    "student.hidden": [[16], [8, 8]],
    "student.learning_rate": [0.01, 0.001],
    "distillation.temperature": [2, 8],
}


def rows(project, name):
    with (project.folder / "results/search" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def score(project, arm, seed):
    """The errors that count, from the record of a student."""
    path = project.folder / f"results/search/seed-{seed}/{arm}/bias.json"
    return json.loads(path.read_text())["ways"]["prior"]["metrics"]["errors"]


@pytest.fixture(scope="session")
def searched_project(made_once):
    """A project with a finished search; not to be changed."""

    def make(folder):
        project = Project.create(folder)
        config = project.config
        search, grid = config["experiments"]["search"], config["experiments"]["grid"]
        grid["teacher"] |= {"hidden": [32], **QUICK}
        search["student"] |= {"hidden": [16], **QUICK, "epochs": 1}
        search["seeds"] = [0, 1]
        search["search"] = {"values": VALUES, "random_seed": 3, "rungs": RUNGS}
        config["run"] = ["search"]
        project.config = config
        project.run(cores=4)

    return made_once("searched", make)


@pytest.fixture
def searched(searched_project, tmp_path):
    """A copy of it that a test may change."""
    return searched_project.copy(tmp_path / "project")


def test_each_rung_keeps_the_recipes_with_the_fewest_errors_and_trains_no_other(searched_project):
    students = [("no2", 0), ("no5", 0), ("no8", 0), ("no2", 1)]
    left, trained = list(range(5)), set()
    for number, rung in enumerate(RUNGS):
        trained |= {(f"{arm}~r{recipe}", seed) for recipe in left for arm, seed in students[: rung["students"]]}
        table = rows(searched_project, f"rung-{number}.csv")
        scores = {
            (recipe, arm, seed): score(searched_project, f"{arm}~r{recipe}", seed)
            for recipe in left
            for arm, seed in students[: rung["students"]]
        }
        assert {(int(row["recipe"]), row["arm"], int(row["seed"])): int(row["errors"]) for row in table} == scores
        errors = {recipe: sum(value for (of, *_), value in scores.items() if of == recipe) for recipe in left}
        most = RUNGS[number + 1]["recipes"] if number + 1 < len(RUNGS) else 1
        kept = sorted(sorted(left, key=errors.get)[:most])
        assert sorted({int(row["recipe"]) for row in table if row["kept"] == "yes"}) == kept
        left = kept
    found = json.loads((searched_project.folder / "results/search/found.json").read_text())
    drawn = experiments.drawn(searched_project.config["experiments"]["search"])
    assert found == {"recipe": left[0], **experiments.nested(drawn[left[0]])}
    folder = searched_project.folder / "results/search"
    there = {
        (path.parent.name, int(path.parent.parent.name[5:])) for path in folder.glob("seed-*/no*/model.safetensors")
    }
    assert there == trained


def test_a_finished_search_has_nothing_to_do(searched_project):
    assert "Nothing to be done" in searched_project.run("--dry-run")


def test_a_lost_rung_is_made_again_without_a_training(searched):
    before = searched.results()
    (searched.folder / "results/search/rung-1.csv").unlink()
    done = searched.run()
    assert "train_student" not in done
    assert searched.results() == before


def test_a_search_goes_on_where_it_was_cut_off(searched):
    before = searched.results()
    folder = searched.folder / "results/search"
    for name in ("rung-1.csv", "rung-2.csv", "halving.csv", *RECORDS):
        (folder / name).unlink()
    recipe = next(row["recipe"] for row in rows(searched, "rung-0.csv") if row["kept"] == "yes")
    shutil.rmtree(folder / f"seed-0/no8~r{recipe}")
    done = searched.run()
    assert done.count("train_student search/") == 1, done
    assert searched.results() == before


def test_one_more_rung_trains_only_what_it_adds(searched):
    searched.change("experiments", "search", "search", "rungs", value=[*RUNGS, {"recipes": 1, "students": 5}])
    done = searched.run()
    assert done.count("train_student search/seed-1/no5~r") == done.count("train_student search/") == 1, done


def test_its_results_are_published_and_verified(searched):
    searched.run("publish")
    published = searched.folder / "results/published/search"
    assert {path.name for path in published.iterdir()} == {
        *("rung-0.csv", "rung-1.csv", "rung-2.csv", "found.json", "manifest.json"),
        *(f"halving.{kind}" for kind in ("csv", "md", "png", "svg")),
    }
    assert "identical: 10 of 10 files have the published bytes" in searched.run("verify")


def test_a_search_that_found_another_recipe_is_different(searched):
    searched.run("publish")
    path = searched.folder / "results/published/search/found.json"
    path.write_text(path.read_text().replace('"temperature": 2', '"temperature": 3').replace("[16]", "[17]"))
    manifest, digest = path.with_name("manifest.json"), hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(re.sub(r'("search/found.json": ")\w+', rf"\g<1>{digest}", manifest.read_text()))
    done = searched.snakemake("verify")
    assert done.returncode == 1
    assert "the recipe found, found.json: " in done.stdout
