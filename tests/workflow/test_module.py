"""Another workflow, in another folder, uses this one as a module: it turns a knob and asks for one figure."""

import subprocess
import sys

import pytest
from project import Project

SNAKEFILE = """
configfile: "digit/config.yaml"


config["seeds"] = [0]
config["experiments"]["notebook"]["distillation"]["temperature"] = 8
config["datasets"]["mnist"]["sources"] = [{"folder": "digit/digits"}]


module digit:
    snakefile:
        "digit/Snakefile"
    config:
        config


use rule * from digit


rule figure:
    default_target: True
    input:
        "results/notebook/bar_plot.png",
        "results/notebook/table.md",
"""


@pytest.fixture
def snakemake(tmp_path):
    Project.create(tmp_path / "digit")
    (tmp_path / "Snakefile").write_text(SNAKEFILE)

    def snakemake(*arguments):
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900)

    return snakemake


def test_another_workflow_plans_the_jobs_behind_its_figure(snakemake):
    done = snakemake("--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + done.stderr
    assert "digit/reference/original_table.csv" in said
    assert said.count("seed-0") > 10
    assert "seed-1" not in said
    assert "rule learning_curves:" not in said


def test_another_workflow_plans_the_verdicts(snakemake):
    done = snakemake("--dry-run", "claims")
    assert done.returncode == 0, done.stdout + done.stderr
    for needed in ("digit/reference/claims.yaml", "digit/reference/original_table.csv", "results/paper/metrics.csv"):
        assert needed in done.stdout + done.stderr


@pytest.mark.slow
def test_another_workflow_gets_its_figure(snakemake, tmp_path):
    done = snakemake()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results/notebook/bar_plot.png").stat().st_size > 10_000
    assert "## Difference" in (tmp_path / "results/notebook/table.md").read_text()
    assert not (tmp_path / "digit/results").exists()
