"""Attestations: complete, checked against their schema, and shown in docs/attestations.md."""

import json
import shutil

import pytest
from project import ROOT

from mythical_digit.errors import UserError
from mythical_digit.records import attestation

FOLDER = ROOT / "reference/attestations"
CONFIG = {"experiment": {"seeds": [0]}, "compute": {"device": "cpu", "precision": "fp32", "numerics": "strict"}}
FOUND = {"verdict": "identical", "config": CONFIG, "files": {"notebook/metrics.csv": "ab"}, "identical": 1}


@pytest.fixture
def record():
    return attestation.attest(ROOT, "identical", {"notebook": FOUND})


@pytest.fixture
def folder(tmp_path):
    shutil.copy(FOLDER / "schema.yaml", tmp_path)
    return tmp_path


def write(folder, record, name="here"):
    (folder / f"{name}.json").write_text(json.dumps(record))


def test_what_verify_attests_is_as_the_schema_says(record, folder):
    write(folder, record)
    assert attestation.read_attestations(folder) == [record]


def test_a_digest_changes_with_config_and_files():
    def digests(change):
        found = attestation.attest(ROOT, "identical", {"notebook": FOUND | change})["experiments"]["notebook"]
        return found["config"], found["digest"]

    assert digests({}) == digests({"verdict": "equivalent"})
    config, files = digests({})
    assert digests({"config": CONFIG | {"experiment": {"seeds": [1]}}})[0] != config
    assert digests({"files": {"notebook/metrics.csv": "ac"}})[1] != files


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record.pop("system"),
        lambda record: record.update(verdict="fine"),
        lambda record: record.update(host="mine"),
        lambda record: record["experiments"]["notebook"].update(digest="0"),
        lambda record: record["git"].update(commit="main"),
        lambda record: record["experiments"].clear(),
    ],
)
def test_an_attestation_that_says_something_else_is_refused_by_name(record, folder, spoil):
    record["git"] = {"commit": "0" * 40, "clean": True}
    spoil(record)
    write(folder, record)
    with pytest.raises(UserError, match=r"here\.json: "):
        attestation.read_attestations(folder)


def test_the_table_has_a_line_for_each_experiment_the_oldest_first(record, folder):
    record["environment"]["processor"]["model"] = "Abacus"
    record["git"] = {"commit": "0123456" + "0" * 33, "clean": False}
    write(folder, record | {"date": "2026-02-03T00:00:00+00:00"}, "a")
    paper = record["experiments"]["notebook"] | {"verdict": "equivalent", "identical": 0}
    older = record | {"date": "2026-01-02T00:00:00+00:00", "git": None, "experiments": {"paper": paper}}
    write(folder, older, "b")
    lines = attestation.table(attestation.read_attestations(folder)).splitlines()[2:]
    assert [line.split(" | ")[0] for line in lines] == ["| 2026-01-02", "| 2026-02-03"]
    assert lines[0].endswith("| unknown | paper | strict, fp32 | equivalent | 0 of 1 |")
    assert "Abacus" in lines[1]
    assert lines[1].endswith("| `0123456`, changed | notebook | strict, fp32 | identical | 1 of 1 |")


def test_the_page_shows_the_attestations_that_there_are():
    assert (ROOT / "docs/attestations.md").read_text() == attestation.page(attestation.read_attestations(FOLDER))
