"""The commit of a checkout, and whether its files are as committed."""

import subprocess

import pytest

from mythical_digit.records import git_state


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


def test_a_copy_inside_another_checkout_has_no_commit(checkout):
    (checkout / "copy").mkdir()
    (checkout / "copy/Snakefile").write_text("rule all:\n")
    assert git_state.state(checkout / "copy") is None


def test_without_git_there_is_no_commit(tmp_path, checkout, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state.state(checkout) is None


def test_a_checkout_of_another_user_has_its_commit(checkout, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # as in a container
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    refused = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True)
    assert "dubious ownership" in refused.stderr
    assert len(git_state.state(checkout)["commit"]) == 40
