"""The changes that docs/ shows: each is made as it is written there, and does what is said of it."""

import csv
import json
import re
import subprocess

import pytest
import yaml
from drawn_digits import write_dataset
from project import QUICK, ROOT

pytestmark = pytest.mark.slow

SECTION = re.compile(r"^## (.*?)\n.*?^```diff\n(--- (\S+)\n.*?)^```", re.MULTILINE | re.DOTALL)
DIFFS = {
    f"{file}: {title}": diff
    for title, diff, file in SECTION.findall((ROOT / "docs/adding-things.md").read_text(encoding="utf-8"))
}


def apply(project, name, **placeholders):
    """Apply one of the diffs, with the placeholders in angle brackets filled in."""
    text = DIFFS[name]
    for placeholder, value in placeholders.items():
        assert f"<{placeholder}>" in text
        text = text.replace(f"<{placeholder}>", str(value))
    done = subprocess.run(["patch", "-p0", "--fuzz=0"], cwd=project.folder, input=text, text=True, capture_output=True)
    assert done.returncode == 0, f"docs/adding-things.md: this diff no longer applies\n{done.stdout}{done.stderr}"


@pytest.fixture
def with_real_config(fresh):
    """A project with config.yaml as it is, made small by what is laid over it."""
    small = fresh.config
    held_out = {name: {"held_out": 300} for name, block in small["experiments"].items() if "held_out" in block}
    over = {
        "seeds": [0],
        "compute": {"device": "cpu"},
        "datasets": {"mnist": small["datasets"]["mnist"]},
        "experiments": {
            **held_out,
            "order-from-30000": {"teacher": {"order": "file from 700"}},  # of 1,500
            "notebook": {role: {"hidden": [16, 16], **QUICK} for role in ("teacher", "student")},
        },
    }
    (fresh.folder / "small.json").write_text(json.dumps(over))
    (fresh.folder / "config.yaml").write_text((ROOT / "config.yaml").read_text())
    return fresh


def test_there_are_three():
    assert set(DIFFS) == {"config.yaml: An arm", "config.yaml: A data set", "reference/claims.yaml: A claim"}


def test_an_arm(with_real_config):
    target = "results/notebook/table.csv"
    with_real_config.run("--configfile", "small.json", "--", target)
    apply(with_real_config, "config.yaml: An arm")
    stale = with_real_config.stale("--configfile", "small.json", "--", target)
    assert stale == {"train_student:kd-no38:0", "evaluate:kd-no38:0", "summarize", "table"}
    with_real_config.run("--configfile", "small.json", "--", target)
    with (with_real_config.folder / target).open(newline="") as file:
        assert "kd-no38" in csv.DictReader(file).fieldnames


def test_a_data_set(with_real_config):
    files = write_dataset(with_real_config.folder / "my-digits", train=500, test=100)
    wanted = {
        f"{kind} of {name}": files[f"{name}-ubyte"][kind]
        for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
        for kind in ("bytes", "sha256")
    }
    apply(with_real_config, "config.yaml: A data set", **wanted)
    small = json.loads((with_real_config.folder / "small.json").read_text())
    small["experiments"]["mine"] = small["experiments"]["notebook"]
    (with_real_config.folder / "small.json").write_text(json.dumps(small))
    with_real_config.run("--configfile", "small.json", "--", "results/mine/bar_plot.png")
    assert (with_real_config.folder / "results/data/my-digits.safetensors").exists()
    assert not (with_real_config.folder / "results/data/mnist.safetensors").exists()


def test_a_claim(finished):
    project = finished
    project.shrink()
    apply(project, "reference/claims.yaml: A claim")
    claims = yaml.safe_load((project.folder / "reference/claims.yaml").read_text())
    assert "my-student" in claims["numbers"]
    project.run("results/paper/metrics.csv", "results/paper/bias.csv")
    project.run("claims")
    with (project.folder / "results/claims/claims.csv").open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["my-student"]["verdict"] == "undecided"  # one seed has no interval


def test_a_turned_knob(finished):
    """docs/configuration.md shows what the five seeds of the config make stale; here there are fewer."""
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    command = r"^\$ snakemake --dry-run --config '(.*?)'\n(.*?)```"
    option, shown = re.search(command, text, re.DOTALL | re.MULTILINE).groups()
    five = len(yaml.safe_load((ROOT / "config.yaml").read_text())["seeds"])
    here = len(finished.config["seeds"])
    counts = {rule: int(count) for rule, count in re.findall(r"^(\w+) +(\d+)$", shown, re.MULTILINE)}
    assert counts.pop("total") == sum(counts.values())
    said = finished.run("--dry-run", "--quiet", "rules", "--config", option)
    stale = {rule: int(count) for rule, count in re.findall(r"^(\w+) +(\d+)$", said, re.MULTILINE)}
    del stale["total"]
    assert stale == {rule: count * here // five if count % five == 0 else count for rule, count in counts.items()}
