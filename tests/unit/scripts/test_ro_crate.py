"""The description for archives, made from an invented record of a run."""

import hashlib

import pytest

from ro_crate import describe

CITATION = {"title": "A pipeline", "version": "0.1.0", "license": "MIT", "references": []}
DIGEST = "0" * 64
OF_FOUR = hashlib.sha256(b"four").hexdigest()


@pytest.fixture
def record():
    return {
        "made": "2026-01-01T00:00:00+00:00",
        "git": {"commit": "abc", "clean": True},
        "config": {"experiment": {"dataset": "mnist"}, "dataset": {"files": {"labels": {"sha256": "1" * 64}}}},
        "environment": {"packages": {"torch": "2.15.0"}},
        "files": {"mine/table.md": DIGEST, "data/mnist.safetensors": "2" * 64},
    }


@pytest.fixture
def crate(tmp_path):
    (tmp_path / "table.md").write_text("four")
    return lambda record: {entity["@id"]: entity for entity in describe("mine", tmp_path, record, CITATION)["@graph"]}


def test_it_repeats_the_record_of_the_run(crate, record):
    entities = crate(record)
    table = entities["table.md"]
    assert (table["sha256"], table["contentSize"], table["encodingFormat"]) == (OF_FOUR, "4", "text/markdown")
    assert entities["#run"]["endTime"] == entities["./"]["datePublished"] == record["made"]
    assert entities["#workflow"]["version"] == "abc"
    assert entities["#workflow"]["softwareRequirements"] == ["torch 2.15.0"]
    assert entities["#dataset"]["identifier"] == [f"sha256:{'1' * 64}"]


def test_it_has_the_experiments_own_files_and_no_others(crate, record):
    files = {name for name, entity in crate(record).items() if entity["@type"] == "File"}
    assert files == {"table.md", "provenance.json"}


def test_without_a_commit_it_names_the_version(crate, record):
    assert crate(record | {"git": None})["#workflow"]["version"] == "0.1.0"
