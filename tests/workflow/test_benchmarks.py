"""The benchmarks as commands: mistakes, and tiny runs of those that are short enough for a test."""

import subprocess
import sys

import pytest
from project import Project


@pytest.fixture
def benchmark(fresh: Project):
    """A function that runs a benchmark of a fresh project, whose pipeline is small."""
    fresh.change("seeds", value=[0])

    def benchmark(name: str, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, f"benchmarks/{name}.py", *arguments]
        return subprocess.run(command, cwd=fresh.folder, capture_output=True, text=True, timeout=900)

    benchmark.project = fresh
    return benchmark


@pytest.mark.parametrize("name", ["speed", "scale", "targets"])
def test_a_mistake_in_the_config_ends_in_one_message(benchmark, name):
    benchmark.project.append("config.yaml", "seeds: [1]\n")
    done = benchmark(name)
    assert done.returncode == 1
    assert "config.yaml, line" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_scale_runs_and_plans_grids(benchmark):
    done = benchmark("scale", "--students", "1", "2", "--planned", "2", "3")
    assert done.returncode == 0, done.stderr
    folder = benchmark.project.folder / "results/published/scale"
    files = {f"scale.{kind}" for kind in ("csv", "md", "png", "svg")}
    assert {path.name for path in folder.iterdir()} == {*files, "manifest.json"}
    rows = [line.split(",")[:3] for line in (folder / "scale.csv").read_text().splitlines()[1:]]
    assert rows == [["run", "1", "2"], ["run", "2", "4"], ["plan", "2", "4"], ["plan", "3", "6"]]


def test_an_unknown_target_is_named(benchmark):
    done = benchmark("targets", "quik")
    assert done.returncode == 1
    assert done.stderr.startswith("no target 'quik'; there are all, ")


@pytest.mark.slow
def test_targets_are_measured_and_estimated(benchmark):
    done = benchmark("targets", "quick", "--estimated", "notebook")
    assert done.returncode == 0, done.stderr
    folder = benchmark.project.folder / "results/published/speed"
    rows = [line.split(",") for line in (folder / "targets.csv").read_text().splitlines()[1:]]
    changes = ["from nothing", "another bias", "one more seed", "another temperature"]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        (target, change, how)
        for target, how in (("notebook", "estimated"), ("quick", "measured"))
        for change in changes
    ]
    seconds = {(row[0], row[1]): float(row[3]) for row in rows}  # of processors, which other work slows less
    for target in ("notebook", "quick"):
        assert 0 < seconds[target, "another bias"] < seconds[target, "from nothing"]
    assert "| `notebook` | about " in (folder / "targets.md").read_text()
