"""The target `claims`: what was published against what a small run measured, and what a mistake in it says."""

import csv

import pytest
import yaml

pytestmark = pytest.mark.slow

ALL = ["twenty-seeds", "paper", "temperature", "fashion-mlp"]


@pytest.fixture(scope="session")
def claims_project(made_once, finished_project):
    """A project with two seeds of the study and one of the others, after `claims`; not to be changed."""

    def make(folder):
        project = finished_project.copy(folder)
        project.shrink()
        project.run("results/paper/metrics.csv", "results/paper/bias.csv")
        project.run("claims")

    return made_once("claims", make)


@pytest.fixture
def claimed(claims_project, tmp_path):
    """A copy of it that a test may change."""
    return claims_project.copy(tmp_path / "project")


def rows(project):
    with (project.folder / "results/claims/claims.csv").open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def change_claims(project, *path, value):
    file = project.folder / "reference/claims.yaml"
    claims = yaml.safe_load(file.read_text())
    block = claims
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    file.write_text(yaml.safe_dump(claims, sort_keys=False))


def test_every_claim_has_a_verdict_and_one_seed_decides_none(claims_project):
    found = rows(claims_project)
    claims = yaml.safe_load((claims_project.folder / "reference/claims.yaml").read_text())
    singles = sum(len(claims[kind]) for kind in ("conclusions", "statements", "numbers"))
    assert len(found) == singles + 7 * 11 + 80
    others = [row for row in found.values() if row["experiment"] != "twenty-seeds"]
    assert {row["verdict"] for row in others} == {"undecided", "contradicts itself"}
    cells = [row for row in found.values() if row["id"].startswith("study-table/")]
    assert {row["n"] for row in cells} == {"2"}
    assert "undecided" not in {row["verdict"] for row in cells}
    assert found["study-table/kd-no3+bias/avg"]["verdict"] == "contradicts itself"
    assert found["study-table/norm-no3/3"]["verdict"] == "reproduced"  # 0.0 in every seed
    epochs = claims_project.config["experiments"]["notebook"]["student"]["epochs"]
    for row in (row for row in found.values() if row["id"].startswith("study-epochs/")):
        assert (row["verdict"] == "undecided") == (int(row["epoch"]) > epochs), row["id"]
    folder = claims_project.folder / "results/claims"
    kinds = ("csv", "html", "md", "png", "svg")
    assert sorted(path.name for path in folder.iterdir()) == [f"claims.{kind}" for kind in kinds]
    assert "Student on hard labels" in (folder / "claims.md").read_text()


def test_with_one_seed_everywhere_only_the_contradictions_remain(claimed):
    claimed.run("claims", "--config", "experiments={twenty-seeds: {seeds: [0]}}")
    verdicts = [row["verdict"] for row in rows(claimed).values()]
    assert set(verdicts) == {"undecided", "contradicts itself"}
    assert verdicts.count("contradicts itself") == 4


def test_claims_are_stale_when_they_change_and_nothing_else_is(claimed):
    assert claimed.stale("claims") == set()
    change_claims(claimed, "numbers", "teacher", "value", value="68")
    assert claimed.stale("claims") == {"claims"}
    assert claimed.stale() == set()


def test_published_are_the_claims_where_all_their_experiments_are_run(claimed):
    claimed.run("results/published/claims/claims.md")
    results = claimed.results()
    assert results["published/claims/claims.md"] == results["claims/claims.md"]
    assert "publish_claims" not in claimed.stale("publish")
    claimed.change("run", value=ALL)
    assert "publish_claims" in claimed.stale("publish")


def test_a_mistake_in_the_claims_is_named_before_anything_is_trained(finished):
    change_claims(finished, "numbers", "hard-student", "model", value="hrad")
    done = finished.snakemake("claims")
    assert done.returncode == 1
    assert "reference/claims.yaml: numbers.hard-student.model: 'paper' has no model 'hrad'" in done.stdout
    assert "did you mean 'hard'?" in done.stdout
    assert "Traceback" not in done.stdout
    assert "train_student" not in done.stdout
    assert "Nothing to be done" in finished.run()
