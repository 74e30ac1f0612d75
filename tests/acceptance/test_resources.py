"""What the rules say that a job needs, against what the jobs of a full run took: reads results/benchmarks/."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.results

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def declared():
    """Memory in MB and wall time in minutes of each job, by its benchmark file."""
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--forceall"]
    jobs = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pattern = r"benchmark: (\S+)\n(?:.*\n)*?.*resources: .*\bmem_mb=(\d+).*\bruntime=(\d+)"
    return {file: (int(memory), int(minutes)) for file, memory, minutes in re.findall(pattern, jobs)}


def test_every_job_took_less_than_it_says_it_needs(declared):
    assert len(declared) > 90
    exceeded = {}
    for file, (memory, minutes) in declared.items():
        (taken,) = csv.DictReader((ROOT / file).read_text().splitlines(), delimiter="\t")
        used = 0 if taken["max_rss"] == "NA" else float(taken["max_rss"])  # too short to be looked at
        if used > memory or float(taken["s"]) > 60 * minutes:
            exceeded[file] = taken
    assert exceeded == {}
