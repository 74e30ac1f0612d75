"""Jobs and Snakemake itself are killed at random moments: nothing wrong is left, the end is the same to the byte."""

import itertools
import random
import re
import signal
import time

import pytest
from runs import complete, differing, under_final_names, wait_for

# In the order in which the data flows, so that a job which was killed is the next that runs.
RULES = (
    "download",
    "prepare",
    "train_teacher",
    "soft_targets",
    "train_student",
    "inject_bias",
    "evaluate",
    "summarize",
    "table",
    "bar_plot",
    "learning_curves",
)
WAYS = list(itertools.product(("job", "snakemake", "group"), (signal.SIGKILL, signal.SIGTERM)))
LONGEST = 4.0  # seconds from the start of a job to the kill; most jobs take less, training more
MODEL = "results/notebook/seed-0/kd-no3/model.safetensors"
LOG = "results/logs/notebook/seed-0/train_student.kd-no3.log"
LOCKED = "It can be removed with the --unlock argument."


def unlock_if_killed(project, start):
    """What a killed Snakemake asks for. One that could end in order has taken its lock away."""
    if any(project.folder.glob(".snakemake/locks/*")):
        assert start(project, "--unlock").wait() == 0
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_twenty_random_kills_in_a_row_end_in_the_same_bytes(short, undisturbed, start, seed):
    rng = random.Random(seed)
    rules = [rule for rule in RULES for _ in range(2)]
    ways = rng.sample(WAYS * 4, len(rules))
    kills = [(rule, *way, rng.uniform(0, LONGEST)) for rule, way in zip(rules, ways, strict=True)]
    expected, runs = undisturbed.results(), []
    for rule, target, number, delay in kills:
        # Forced, since the job may have ended before the last kill; else the rule would not run again.
        run = start(short, "--forcerun", rule)
        runs.append(run)
        assert run.wait_for_job([rule]), run.output()
        time.sleep(delay if rule.startswith("train") else delay / 4)
        print(f"{number.name} to {target}, {delay:.3f} s after the start of {rule}")  # shown if the test fails
        run.send(target, number)
        run.wait()
        assert differing(under_final_names(short), expected) == []
        assert "Traceback" not in run.output()
        killed = number == signal.SIGKILL and target != "job"
        assert unlock_if_killed(short, start) <= killed
    last = start(short)
    assert last.wait() == 0, last.output()
    wait_for(lambda: not any(run.jobs() for run in runs))  # orphans of a killed Snakemake that still work
    assert sorted(short.results()) == sorted(expected)  # no leftovers among them
    assert differing(short.results(), expected) == []
    assert short.stale() == set()


@pytest.mark.slow
@pytest.mark.parametrize("target", ["job", "group"])
def test_a_killed_training_goes_on_from_its_checkpoint(undisturbed, tmp_path, start, target):
    project = undisturbed.copy(tmp_path / "project")
    expected, rng = project.results(), random.Random(target)
    (project.folder / MODEL).unlink()
    checkpoint = (project.folder / MODEL).with_name(".checkpoint.safetensors")
    epochs = [0]
    for _ in range(3):
        before = modified(checkpoint)
        run = start(project, MODEL)
        wait_for(lambda before=before: modified(checkpoint) != before)
        delay = rng.uniform(0, 0.1)  # far from the last epoch: that takes a second
        print(f"SIGKILL to {target}, {delay:.3f} s after a checkpoint")
        time.sleep(delay)
        run.send(target, signal.SIGKILL)
        assert run.wait() != 0
        assert checkpoint.exists()
        assert not (project.folder / MODEL).exists()
        epochs.append(resumed_after(log(project)))
        unlock_if_killed(project, start)
    last = start(project, MODEL)
    assert last.wait() == 0, last.output()
    epochs.append(resumed_after(log(project)))
    assert epochs[1] == 0
    assert 0 < epochs[2] < epochs[3] < epochs[4] < 100
    complete(project, expected)
    assert project.results() == expected  # which has no checkpoint


def modified(path):
    """When a file was last written, in ns; None if there is none."""
    return path.stat().st_mtime_ns if path.exists() else None


def log(project):
    path = project.folder / LOG
    return path.read_text() if path.exists() else ""


def resumed_after(text):
    found = re.match(r"resumed after epoch (\d+)\n", text)
    return int(found[1]) if found else 0


@pytest.mark.slow
def test_the_orphan_of_a_killed_snakemake_and_its_successor_do_not_disturb_each_other(undisturbed, tmp_path, start):
    project = undisturbed.copy(tmp_path / "project")
    expected = project.results()
    (project.folder / MODEL).unlink()
    first = start(project, MODEL)
    (orphan,) = first.wait_for_job(["train_student"])
    orphan.suspend()  # else it may be done before its successor starts
    first.send("snakemake", signal.SIGKILL)
    first.wait()
    assert unlock_if_killed(project, start)
    second = start(project, MODEL)
    second.wait_for_job(["train_student"])
    orphan.resume()
    while first.jobs() or not second.ended():
        assert differing(under_final_names(project), expected) == []
        time.sleep(0.02)
    assert second.wait() == 0, second.output()
    complete(project, expected)
    assert project.results() == expected


def test_after_a_kill_the_message_says_how_to_unlock(finished, start):
    expected = finished.results()
    (finished.folder / "results/notebook/table.md").unlink()
    run = start(finished)
    run.wait_for_job(["table"])
    run.send("group", signal.SIGKILL)
    run.wait()
    again = start(finished)
    assert again.wait() == 1
    assert LOCKED in again.output()
    assert "Traceback" not in again.output()
    assert unlock_if_killed(finished, start)
    complete(finished, expected)
    assert finished.results() == expected


def test_the_second_of_two_runs_in_one_folder_stops(finished, start):
    expected = finished.results()
    for path in finished.folder.glob("results/notebook/seed-?/*/metrics.json"):
        path.unlink()
    (finished.folder / "results/notebook/metrics.csv").unlink()
    first = start(finished)
    first.wait_for_job(["evaluate"])
    second = start(finished)
    assert second.wait() == 1
    assert "Directory cannot be locked" in second.output()
    assert "Traceback" not in second.output()
    assert first.wait() == 0, first.output()
    assert "Directory cannot be locked" not in first.output()
    assert finished.results() == expected


@pytest.mark.slow
def test_two_runs_started_at_the_same_moment_leave_nothing_wrong(finished, start):
    expected = finished.results()
    for path in finished.folder.glob("results/notebook/seed-?/*/metrics.json"):
        path.unlink()
    runs = [start(finished) for _ in range(2)]
    while not all(run.ended() for run in runs):
        assert differing(under_final_names(finished), expected) == []
        time.sleep(0.02)
    # The lock is no atomic one: both may have got it, and one may then have met a file that the other was making anew.
    assert {run.wait() for run in runs} <= {0, 1}
    unlock_if_killed(finished, start)
    complete(finished, expected)
    assert finished.results() == expected
