"""What the rules must be: as Snakemake's linter wants them, short, and complete in the lists that repeat them."""

import re
import subprocess
import sys

import yaml
from project import ROOT

RULES = {path.stem: path.read_text() for path in sorted((ROOT / "rules").glob("*.smk"))}
# The lock in envs/ is for Snakemake and its jobs alike: they run in one environment.
NOT_MEANT = "Specify a conda environment or container for each rule."
LOCAL = {"download", "help", "publish", "report", "verify", "prepare"}
LOCAL |= {"claims", "publish_claims", "draw", "publish_draw"}
LOCAL |= {"hero", "film", "publish_hero"}
LOCAL |= {"rung", "publish_index", "manifest_of_several", "site"}


def names():
    """The rules by the file that they are in."""
    pattern = re.compile(r"^(?:(?:rule|checkpoint) (\w+):|use rule \w+ as (\w+) with:)", re.MULTILINE)
    return {stem: ["".join(found) for found in pattern.findall(text)] for stem, text in RULES.items()}


def test_the_linter_has_nothing_to_say():
    command = [sys.executable, "-m", "snakemake", "--lint"]
    said = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    assert {*re.findall(r"^    \* (.*):$", said, re.MULTILINE)} == {NOT_MEANT}


def test_no_file_of_rules_is_long():
    assert {stem for stem, text in RULES.items() if text.count("\n") > 200} == set()


def test_every_job_of_a_run_has_its_group_on_a_cluster():
    """A rule that is missing is a job of its own in the queue: add it to `groups` in profiles/slurm/config.yaml."""
    groups = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())["groups"]
    assert {*groups} == {name for found in names().values() for name in found} - LOCAL
