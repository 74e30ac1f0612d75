"""The pipeline through a Slurm cluster, which is this machine while the test lasts: the bytes of a local run."""

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CLUSTER = Path(__file__).with_name("cluster")
UNAVAILABLE = 77  # its exit status where a cluster cannot be had
PROFILE = ["--profile", "profiles/slurm"]
# The test's cluster has no accounting, and its jobs take seconds.
HERE = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "3", "--slurm-no-account"]


@pytest.fixture
def cluster():
    """A Slurm cluster of one node."""
    started = subprocess.run([CLUSTER, "start"], stderr=subprocess.PIPE, text=True)
    if started.returncode == UNAVAILABLE:
        pytest.skip(f"NO SLURM, SO NOTHING WAS TESTED OF IT: {started.stderr.strip().splitlines()[-1]}")
    assert started.returncode == 0, started.stderr
    yield
    subprocess.run([CLUSTER, "stop"], check=True)


@pytest.mark.usefixtures("cluster")
def test_a_cluster_gives_the_bytes_of_a_local_run(finished_project, fresh):
    said = fresh.run(*PROFILE, *HERE, "--", "results/notebook/metrics.csv", "results/notebook/bias.csv")
    submitted = said.count("has been submitted with SLURM jobid")
    assert 0 < submitted < 12, "short jobs were to go to the cluster together"
    here, there = finished_project.results(), fresh.results()
    assert len(there) > 40
    assert {path: content == here[path] for path, content in there.items()} == dict.fromkeys(there, True)


def test_a_job_asks_for_what_its_rule_says(fresh):
    said = fresh.run(*PROFILE, "--dry-run")
    teacher = said[said.index("rule train_teacher:") :].partition("\n\n")[0]
    assert "threads: 2" in teacher
    assert "mem_mb=2000" in teacher
    assert "processors=2" in teacher
    table = said[said.index("rule table:") :].partition("\n\n")[0]
    assert "mem_mb=500" in table
