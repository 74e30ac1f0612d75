"""An experiment that continues another with more seeds trains those alone."""

import shutil

import pytest
from project import Project

from mythical_digit.files.records import read_csv


@pytest.fixture
def continued(finished) -> Project:
    config = finished.config
    more = {"seeds": [0, 1, 2], "continues": "notebook"}
    finished.config = config | {"experiments": {**config["experiments"], "more": more}}
    return finished


def test_only_the_new_seeds_are_trained(continued):
    trained = {job.name for job in continued.jobs("more").values() if job.rule.startswith("train_")}
    assert trained == {"train_teacher:2", *(f"train_student:{arm}:2" for arm in ("norm", "kd", "norm-no3", "kd-no3"))}


def test_all_seeds_are_counted(continued):
    before = continued.results()
    continued.run("more", cores=4)
    rows, first = (read_csv(continued.folder / f"results/{name}/metrics.csv") for name in ("more", "notebook"))
    assert [row for row in rows if row["seed"] != "2"] == first
    assert {row["seed"] for row in rows} == {"0", "1", "2"}
    assert {name: continued.results()[name] for name in before} == before
    shutil.rmtree(continued.folder / ".snakemake")  # where Snakemake has lost its notes, the files tell
    assert "Nothing to be done" in continued.run("more", "--dry-run")
