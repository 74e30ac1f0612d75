"""What a run says of itself: the verdict against what was published, its provenance, its description for archives."""

import json
import os
import shutil
from pathlib import Path

import requests
import rocrate
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester

from mythical_digit.files.checksums import sha256, sha256_of_content
from mythical_digit.records.attestation import digest, read_attestations


def record(project, name):
    return json.loads((project.folder / "results" / name).read_text())


def files_of(project, digest_of=sha256_of_content):
    """The SHA-256 of every result, by its path below results/, without its origin and without what was published."""
    results = project.folder / "results"
    return {name: digest_of(results / name) for name in project.results() if "published/" not in name}


def changed(project, before):
    """The results that are not as they were."""
    after = project.results()
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def behind_snakemakes_back(path, old, new):
    """Change a file and leave its modification time as it was."""
    before = path.stat()
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_run_is_identical_with_itself_and_verify_changes_nothing(published):
    before = published.results()
    report = published.run("verify")
    assert "weights: 14 of 14 identical" in report
    n = len(record(published, "published/notebook/manifest.json")["files"])
    assert f"identical: {n} of {n} files have the published bytes" in report
    assert changed(published, before) == {"attestation.json"}
    for target in ("all", "publish"):
        assert "Nothing to be done" in published.run("--dry-run", target)


def test_files_that_were_changed_behind_snakemakes_back_are_named(published):
    model = published.folder / "results/notebook/seed-1/kd/model.safetensors"
    behind_snakemakes_back(model, model.read_bytes()[-8:], b"\0damaged")
    metrics = published.folder / "results/notebook/metrics.csv"
    behind_snakemakes_back(metrics, b"0,norm-no3,3,40,0,0.0", b"0,norm-no3,3,40,0,9.0")
    before = published.results()
    done = published.snakemake("verify")
    assert done.returncode == 1
    assert "results/notebook/seed-1/kd/model.safetensors: damaged" in done.stdout
    assert "metrics.csv: damaged (model norm-no3, seed 0, class 3: 9.0, but 0.0 in" in done.stdout
    assert "different: 0 comparisons outside of their margins, 2 damaged files" in done.stdout
    assert "Traceback" not in done.stdout
    assert changed(published, before) == {"attestation.json"}
    assert record(published, "attestation.json")["verdict"] == "different"


def test_the_attestation_says_what_was_found_and_where(published):
    published.run("verify")
    shutil.copy(published.folder / "results/attestation.json", published.folder / "reference/attestations/here.json")
    *_, attestation = read_attestations(published.folder / "reference/attestations")
    assert attestation["verdict"] == "identical"
    assert attestation["git"] is None  # the project is a copy, not a checkout
    manifest = record(published, "published/notebook/manifest.json")
    assert attestation["environment"] == manifest["environment"]
    n = len(manifest["files"])
    (found,) = attestation["experiments"].values()
    assert (found["verdict"], found["compared"], found["identical"]) == ("identical", n, n)
    assert found["digest"] == digest(manifest["files"])
    assert found["config"] == digest(manifest["config"])


def test_of_fewer_seeds_it_compares_what_there_is(published):
    report = published.run("verify", "--config", "seeds=[0]")
    assert "config: notebook.experiment.seeds: [0, 1] published, [0] here" in report
    assert "identical: 25 of 25 files have the published bytes" in report


def test_without_anything_published_it_says_so(finished):
    done = finished.snakemake("verify")
    assert done.returncode == 1
    assert "results/published/notebook/manifest.json: not there, so nothing to compare with" in done.stdout
    assert "Traceback" not in done.stdout


def test_publish_copies_the_results_over_what_was_edited(published):
    before = published.results()
    folder = published.folder / "results/published/notebook"
    for _ in range(2):  # the same edit once more is another edit
        for name in ("table.csv", "metrics.csv", "manifest.json"):
            (folder / name).write_text((folder / name).read_text().replace("9", "1"))
        done = published.snakemake("verify")
        assert done.returncode == 1
        assert "Traceback" not in done.stdout
        assert published.stale("publish") == {"publish_file", "manifest"}
        published.run("publish")
        assert published.results() == before
    assert f"identical: {len(record(published, 'published/notebook/manifest.json')['files'])} of" in published.run(
        "verify"
    )


def test_verify_names_a_published_table_that_was_edited(published):
    path = published.folder / "results/published/notebook/table.csv"
    path.write_text(path.read_text().replace("9", "1"))
    done = published.snakemake("verify")
    assert done.returncode == 1
    assert "results/published/notebook/table.csv: not the file that its folder's manifest.json is of; " in done.stdout
    assert not (published.folder / "results/attestation.json").exists()


def test_a_site_of_nothing_ends_in_words(fresh):
    shutil.rmtree(fresh.folder / "results/published", ignore_errors=True)
    done = fresh.snakemake("site")
    assert done.returncode == 1
    assert "results/published/claims/claims.csv: not there, and the site shows its numbers" in done.stdout
    assert "Traceback" not in done.stdout
    assert not (fresh.folder / "results/site").exists()


def test_the_manifest_has_every_result_and_what_it_was_computed_with(published_project):
    manifest = record(published_project, "published/notebook/manifest.json")
    assert manifest["files"] == {
        name: digest for name, digest in files_of(published_project).items() if not name.startswith("data/mnist/raw/")
    }
    assert manifest["environment"]["packages"]["torch"]
    assert manifest["environment"]["processor"]["architecture"]
    assert manifest["config"]["compute"]["numerics"] == "strict"
    assert manifest["config"]["experiment"]["seeds"] == [0, 1]


def test_the_manifest_made_twice_has_the_same_bytes(published):
    before = published.results()
    published.run("--forcerun", "manifest", "--", "results/published/notebook/manifest.json")
    assert published.results() == before


def test_provenance_says_where_the_results_are_from_and_what_they_cost(finished_project):
    provenance = record(finished_project, "notebook/provenance.json")
    assert provenance["git"] is None  # the project is a copy, not a checkout
    assert provenance["config"]["experiment"]["distillation"]["temperature"] == 4
    assert "sources" not in provenance["config"]["dataset"]  # may name folders of this machine
    assert provenance["files"].items() <= files_of(finished_project).items()
    inputs = {name for name in files_of(finished_project) if name.startswith("data/mnist/raw/")}
    assert set(provenance["files"]) == set(files_of(finished_project)) - inputs
    assert provenance["environment"]["device"] == "cpu"
    rules = provenance["rules"]
    assert {name: rules[name]["jobs"] for name in ("prepare", "train_teacher", "train_student", "evaluate")} == {
        "prepare": 1,
        "train_teacher": 2,
        "train_student": 8,
        "evaluate": 14,
    }
    assert rules["train_student"]["wall_seconds"] > 0
    assert rules["train_student"]["max_memory_mb"] > 1


def test_the_crate_is_valid_and_has_every_result(finished_project, tmp_path, monkeypatch):
    # The validator reads the meaning of the terms from the network; the library has a copy.
    context = requests.Response()
    context.status_code = 200
    context.headers["Content-Type"] = "application/ld+json"
    context._content = (Path(rocrate.__file__).parent / "data/ro-crate.jsonld").read_bytes()
    monkeypatch.setattr(HttpRequester, "get", lambda *_, **__: context, raising=False)
    settings = ValidationSettings(
        rocrate_uri=str(finished_project.folder / "results/notebook"),
        profile_identifier="ro-crate",
        requirement_severity=Severity.REQUIRED,
        offline=True,
        cache_path=tmp_path / "cache",
    )
    assert [issue.message for issue in services.validate(settings).get_issues()] == []
    crate = {entity["@id"]: entity for entity in record(finished_project, "notebook/ro-crate-metadata.json")["@graph"]}
    described = {entity.get("sha256") for entity in crate.values() if entity["@type"] == "File"}
    assert {
        digest for name, digest in files_of(finished_project, sha256).items() if name.startswith("notebook/")
    } <= described
    assert "https://arxiv.org/abs/1503.02531" in crate
