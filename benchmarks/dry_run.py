"""The jobs that Snakemake would run, from what its dry run prints."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from command import snakemake

BLOCK = re.compile(r"^(?:local)?(?:rule|checkpoint) (?P<rule>\w+):\n(?P<body>(?:    .*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """A job, as Snakemake says it."""

    rule: str
    wildcards: dict[str, str]
    inputs: frozenset[str]
    outputs: frozenset[str]


def planned(folder: Path, *arguments: str) -> list[Job]:
    """The jobs of a run with these arguments that make files. Raises UserError if Snakemake fails."""
    return [job for job in read(snakemake(folder, *arguments, "--dry-run", quiet=())) if job.outputs]


def read(said: str) -> list[Job]:
    """The jobs in what a dry run printed."""
    jobs = []
    for block in BLOCK.finditer(said):
        lines = dict(re.findall(r"^    (\w+): (.*)$", block["body"], re.MULTILINE))
        wildcards, inputs, outputs = (
            list(filter(None, lines.get(key, "").split(", "))) for key in ("wildcards", "input", "output")
        )
        named = dict(pair.split("=", 1) for pair in wildcards)
        jobs.append(Job(block["rule"], named, frozenset(inputs), frozenset(outputs)))
    return jobs


def following(jobs: Sequence[Job], changed: Callable[[Job], bool]) -> list[Job]:
    """The jobs that are `changed`, and those that read what these make, directly or through others."""
    stale = [job for job in jobs if changed(job)]
    made = {path for job in stale for path in job.outputs}
    while more := [job for job in jobs if job not in stale and job.inputs & made]:
        stale += more
        made |= {path for job in more for path in job.outputs}
    return stale
