"""Attestations: which machine got which published results again, as `verify` writes them and docs/ shows them."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import yaml

from mythical_digit.files.records import read_json
from mythical_digit.records import git_state, machine
from mythical_digit.study.config_schema import check_schema
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.training.numerics import available_processors

HEADS = ("Date", "Processor", "System", "Python, torch", "Commit", "Experiment", "Numerics", "Verdict", "Same bytes")
INTRODUCTION = """# Machines that got the results again

On each of these machines `snakemake --cores 4 verify` compared what it computed with `results/published/`. *Identical*:
all files have the published bytes. *Equivalent*: other bytes, but the models get as many images right, seed by seed, as
other numerics let them. *Different*: they do not. The files behind the table are in `reference/attestations/`.

To add a machine, copy its `results/attestation.json` there under a name of your choice, then write this page again:
`PYTHONPATH=scripts python -m mythical_digit.records.attestation > docs/attestations.md`.
"""


def attest(project: Path, verdict: str, experiments: Mapping[str, Mapping]) -> dict[str, object]:
    """The attestation of a comparison that ended in `verdict`, on this machine, now.

    `experiments` says of each by name its `verdict`, its `config` as used, the checksums `files` here (path -> SHA-256)
    of what was compared, and `identical`, how many of these have the published bytes.
    """
    compute = next(iter(experiments.values()))["config"]["compute"]
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state.state(project),
        "environment": machine.describe(compute),
        "system": platform.platform(terse=True),
        "processors": available_processors(),
        "verdict": verdict,
        "experiments": {name: _attested(found) for name, found in experiments.items()},
    }


def _attested(found: Mapping) -> dict[str, object]:
    return {
        "verdict": found["verdict"],
        "config": digest(found["config"]),
        "compute": dict(found["config"]["compute"]),
        "compared": len(found["files"]),
        "identical": found["identical"],
        "digest": digest(found["files"]),
    }


def digest(record: Mapping) -> str:
    """SHA-256, hexadecimal, of a record written as JSON with sorted keys and no spaces."""
    return hashlib.sha256(json.dumps(record, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_attestations(folder: Path) -> list[dict]:
    """The attestations in a folder, the oldest first. Raises UserError where one is not as its schema.yaml says."""
    schema = yaml.safe_load((folder / "schema.yaml").read_text(encoding="utf-8"))
    records = {path: read_json(path) for path in sorted(folder.glob("*.json"))}
    for path, record in records.items():
        check_schema(record, schema, str(path))
    return sorted(records.values(), key=lambda record: record["date"])


def table(attestations: Iterable[Mapping]) -> str:
    """The attestations as a table in Markdown, a line for each experiment."""
    lines = [
        (
            record["date"][:10],
            record["environment"]["processor"]["model"],
            record["system"],
            f"{record['environment']['python']}, {record['environment']['packages']['torch']}",
            _commit(record["git"]),
            name,
            f"{found['compute']['numerics']}, {found['compute']['precision']}",
            found["verdict"],
            f"{found['identical']} of {found['compared']}",
        )
        for record in attestations
        for name, found in record["experiments"].items()
    ]
    return pipe_table(HEADS, lines, [False] * len(HEADS))


def _commit(state: Mapping | None) -> str:
    return "unknown" if state is None else f"`{state['commit'][:7]}`" + ("" if state["clean"] else ", changed")


def page(attestations: Iterable[Mapping]) -> str:
    """The text of docs/attestations.md."""
    attestations = list(attestations)
    return f"{INTRODUCTION}\n{table(attestations) if attestations else 'None was added so far.'}\n"


if __name__ == "__main__":
    print(page(read_attestations(Path("reference/attestations"))), end="")
