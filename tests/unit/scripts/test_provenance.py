"""What a run says of itself: the version of the code, what its jobs took, the processor."""

import subprocess

import pytest

from mythical_digit.records import git_state, machine
from provenance import benchmarks, cost

HEADER = "s\th:m:s\tmax_rss\tmax_vms\n"


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "Snakefile").write_text("rule all:\n")
    (tmp_path / "results").mkdir()
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (["init", "--quiet"], ["add", "Snakefile"], [*identity, "commit", "--quiet", "--message=One"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_a_checkout_has_its_commit_and_is_clean_whatever_the_results(checkout):
    (checkout / "results/table.csv").write_text("new")
    state = git_state.state(checkout)
    assert len(state["commit"]) == 40
    assert state["clean"] is True


@pytest.mark.parametrize("name", ["Snakefile", "new.py"])
def test_a_checkout_with_a_change_is_not_clean(checkout, name):
    (checkout / name).write_text("changed")
    assert git_state.state(checkout)["clean"] is False


def test_a_copy_inside_of_another_checkout_is_none(checkout):
    (checkout / "copy").mkdir()
    (checkout / "copy/Snakefile").write_text("rule all:\n")
    assert git_state.state(checkout / "copy") is None


def test_without_git_it_is_none(tmp_path, checkout, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state.state(checkout) is None


def test_cost_adds_up_wall_time_and_takes_the_most_memory(tmp_path):
    for name, row in {"evaluate.kd": "1.5\t0:00:01\t30.5\t0", "evaluate.norm": "2\t0:00:02\t20\t0"}.items():
        (tmp_path / f"{name}.tsv").write_text(f"{HEADER}{row}\n")
    (tmp_path / "table.tsv").write_text(f"{HEADER}0.1\t0:00:00\t-\t-\n")
    assert cost(sorted(tmp_path.iterdir())) == {
        "evaluate": {"jobs": 2, "wall_seconds": 3.5, "max_memory_mb": 30.5},
        "table": {"jobs": 1, "wall_seconds": 0.1, "max_memory_mb": None},
    }


def test_benchmarks_of_seeds_and_models_that_are_no_more_do_not_count(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept = ["data/mnist/prepare", "mine/table", "mine/seed-0/evaluate.kd+bias", "mine/seed-0/train_teacher"]
    gone = ["data/other/prepare", "mine/seed-1/train_teacher", "mine/seed-0/evaluate.norm", "other/table"]
    for name in kept + gone:
        path = tmp_path / f"results/benchmarks/{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = benchmarks("mine", "mnist", [0], ["teacher", "kd", "kd+bias"])
    assert {path.relative_to("results/benchmarks").with_suffix("").as_posix() for path in found} == set(kept)


def test_the_processor_has_a_name_and_instruction_sets_are_those_of_vectors():
    processor = machine.processor()
    assert processor["model"]
    assert processor["architecture"]
    assert not {"fpu", "sse"} & set(processor["instruction_sets"])
