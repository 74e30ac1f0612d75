"""Another workflow, in another folder, uses this one as a module: it turns a knob and asks for one figure.

It has modules of its own, some with the names of this project's scripts.
"""

import subprocess
import sys

import pytest
from project import Project

SNAKEFILE = """
import sys

sys.path.insert(0, "scripts")
from common import WORD


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


from table import COLUMNS


rule words:
    output:
        "words.txt",
    params:
        words=[WORD, *COLUMNS],
    script:
        "scripts/words.py"


rule figure:
    default_target: True
    input:
        "results/notebook/bar_plot.png",
        "results/notebook/table.md",
"""
SCRIPTS = {
    "common/__init__.py": 'WORD = "common"\n',
    "table.py": 'COLUMNS = ["theirs"]\n',
    "words.py": """
import common, table
from pathlib import Path

Path(snakemake.output[0]).write_text(" ".join([*snakemake.params.words, common.WORD, *table.COLUMNS]))
""",
}


@pytest.fixture
def snakemake(tmp_path):
    Project.create(tmp_path / "digit")
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    for name, text in SCRIPTS.items():
        path = tmp_path / "scripts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

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


@pytest.mark.parametrize("where", ['prefix: "mnist"', 'replace_prefix: {"results/": "mnist/"}'])
def test_a_prefix_is_refused_in_one_message(snakemake, tmp_path, where):
    part = "    config:\n        config\n"
    (tmp_path / "Snakefile").write_text(SNAKEFILE.replace(part, f"{part}    {where}\n"))
    done = snakemake("--dry-run")
    assert done.returncode == 1
    assert "cannot be used with `prefix`" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_another_workflow_keeps_its_own_modules(snakemake, tmp_path):
    done = snakemake("words")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "words.txt").read_text() == "common theirs common theirs"


@pytest.mark.parametrize(
    "before",
    [
        "",  # on the path of every job: the folder that `python -m snakemake` runs in
        "import mythical_digit, sys\nsys.path = [folder for folder in sys.path if folder != sys.path[0]]\n",
    ],
)
def test_another_package_with_the_name_of_ours_is_named(snakemake, tmp_path, before):
    package = tmp_path / "mythical_digit/__init__.py"
    package.parent.mkdir()
    package.write_text("")
    (tmp_path / "Snakefile").write_text(before + SNAKEFILE)
    done = snakemake("--dry-run")
    assert done.returncode == 1
    assert f"{package}: this package has the name of the one in" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.slow
def test_another_workflow_gets_its_figure(snakemake, tmp_path):
    done = snakemake()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results/notebook/bar_plot.png").stat().st_size > 10_000
    assert "## Difference" in (tmp_path / "results/notebook/table.md").read_text()
    assert not (tmp_path / "digit/results").exists()
