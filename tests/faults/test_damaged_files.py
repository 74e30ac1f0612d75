"""Files damaged behind Snakemake's back, without a trace in their times: whoever reads one stops and names it."""

import os
from pathlib import Path

import pytest
from runs import complete, differing

import verify
from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import read_record
from mythical_digit.files.checksums import checksums, sha256
from mythical_digit.files.records import read_csv, read_json
from mythical_digit.tables.accuracies import read_accuracies
from mythical_digit.tables.histories import read_all_histories, read_histories


def flip_bits(content: bytes) -> bytes:
    """The content with the highest bit of some fifty bytes flipped, so that each array of a large file is hit."""
    step = max(1, len(content) // 50)
    return bytes(byte ^ 0x80 if place % step == step // 2 else byte for place, byte in enumerate(content))


DAMAGES = {
    "truncated": lambda content: content[: len(content) // 2],
    "emptied": lambda content: content[:0],
    "bit-flipped": flip_bits,
}
NOTEBOOK = "results/notebook"
# Which files are damaged at once, and what is made from each; none of the latter is made from another.
CASES = {
    "downloaded files": {"results/data/mnist/raw/t10k-labels-idx1-ubyte": ["results/data/mnist.safetensors"]},
    "data": {
        "results/data/mnist.safetensors": [
            f"{NOTEBOOK}/seed-0/teacher/model.safetensors",
            f"{NOTEBOOK}/seed-1/teacher/logits.safetensors",
            f"{NOTEBOOK}/seed-0/norm/model.safetensors",
            f"{NOTEBOOK}/seed-1/norm/metrics.json",
        ],
    },
    "teachers": {
        f"{NOTEBOOK}/seed-0/teacher/model.safetensors": [f"{NOTEBOOK}/seed-0/teacher/logits.safetensors"],
        f"{NOTEBOOK}/seed-1/teacher/logits.safetensors": [f"{NOTEBOOK}/seed-1/kd/model.safetensors"],
    },
    "students": {
        f"{NOTEBOOK}/seed-0/norm/model.safetensors": [f"{NOTEBOOK}/seed-0/norm/metrics.json"],
        f"{NOTEBOOK}/seed-0/kd-no3/model.safetensors": [f"{NOTEBOOK}/seed-0/kd-no3+bias/model.safetensors"],
        f"{NOTEBOOK}/seed-1/kd-no3+bias/model.safetensors": [f"{NOTEBOOK}/seed-1/kd-no3+bias/metrics.json"],
    },
    "records": {f"{NOTEBOOK}/seed-0/kd/metrics.json": [f"{NOTEBOOK}/metrics.csv"]},
    "tables": {
        f"{NOTEBOOK}/metrics.csv": [f"{NOTEBOOK}/table.md", f"{NOTEBOOK}/bar_plot.png"],
        f"{NOTEBOOK}/seed-1/norm/history.csv": [
            f"{NOTEBOOK}/learning_curves/norm.png",
            f"{NOTEBOOK}/learning_curves/comparison.png",
        ],
    },
}


def damage(path, change):
    times = path.stat()
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.slow
@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_damaged_file_is_named_by_each_rule_that_reads_it(finished, start, case, kind):
    expected, wanted = finished.results(), [path for paths in CASES[case].values() for path in paths]
    originals = {path: (finished.folder / path).read_bytes() for path in CASES[case]}
    for path in CASES[case]:
        damage(finished.folder / path, DAMAGES[kind])
    run = start(finished, "--keep-going", "--force", *wanted)
    assert run.wait() == 1, run.output()
    assert "Traceback" not in run.output()
    said, closing, _ = run.output().partition("\nFailed: ")  # the closing words say it all once more
    assert closing
    assert [path for path in wanted if (finished.folder / path).exists()] == []
    for path, made in CASES[case].items():
        assert said.count(f"\n{path}: ") + said.count(f" {path}: ") == len(made), (path, said)
        (finished.folder / path).write_bytes(originals[path])
    assert differing(finished.results(), expected) == []


def test_a_damaged_number_stops_the_run_and_is_made_again_once_deleted(finished, start):
    expected, path = finished.results(), finished.folder / NOTEBOOK / "seed-0/kd/metrics.json"
    damage(path, DAMAGES["bit-flipped"])
    run = start(finished, "--forcerun", "summarize")
    assert run.wait() == 1
    assert f"{NOTEBOOK}/seed-0/kd/metrics.json: " in run.output()
    assert "delete it and run again" in run.output()
    assert "Traceback" not in run.output()
    path.unlink()
    complete(finished, expected)
    assert finished.results() == expected


def replaced(content: bytes) -> bytes:
    """Something else of the same length."""
    return bytes(len(content))


@pytest.mark.parametrize("kind", [*DAMAGES, "replaced"])
def test_verify_names_each_damaged_result(published, monkeypatch, kind):
    monkeypatch.chdir(published.folder)
    results = Path("results")
    manifest = read_json(results / "published/notebook/manifest.json")
    intact = checksums([results / path for path in manifest["files"]], results)
    assert intact == manifest["files"]
    for path in intact:
        original = (results / path).read_bytes()
        (results / path).write_bytes({**DAMAGES, "replaced": replaced}[kind](original))
        files = intact | {path: sha256(results / path)}
        try:
            verdict, report = verify.verify(results, files, {"notebook": manifest["config"]})
        except UserError as error:
            verdict, report = "none", [str(error)]
        assert verdict != "identical"
        assert any(path in line for line in report), (path, report)
        (results / path).write_bytes(original)


# Each way to damage a small file, with the readers called directly


@pytest.fixture
def readers(finished):
    """The readers of the small files by path, each a function that returns what was read."""
    notebook = finished.folder / NOTEBOOK
    models = ["teacher", "norm", "kd", "norm-no3", "kd-no3", "norm-no3+bias", "kd-no3+bias"]
    return {
        notebook / "metrics.csv": lambda path: read_accuracies(path, models).values,
        notebook / "seed-0/kd/metrics.json": read_record,
        notebook / "histories.csv": read_all_histories,
        notebook / "seed-0/kd/history.csv": lambda path: read_histories([notebook / "seed-1/kd/history.csv", path]),
    }


@pytest.mark.parametrize("kind", DAMAGES)
def test_each_reader_names_a_damaged_file(readers, kind):
    for path, read in readers.items():
        read(path)
        path.write_bytes(DAMAGES[kind](path.read_bytes()))
        with pytest.raises(UserError, match=path.name):
            read(path)


def test_a_changed_digit_in_metrics_is_noticed(readers):
    for path, read in [(path, read) for path, read in readers.items() if path.stem == "metrics"]:
        content = path.read_bytes()
        numbers = content.partition(b'"origin"')[0]  # an origin is checked where files are read together
        for place in range(0, len(numbers), 7):
            if chr(content[place]).isdigit():
                path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
                with pytest.raises(UserError, match=path.name):
                    read(path)
        path.write_bytes(content)


@pytest.mark.parametrize("content", [b"\xff", b"[]", b"[" * 100, b"{", b"null", b'"text"'])
def test_what_is_no_record_or_table_is_named(tmp_path, content):
    path = tmp_path / "record.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"record\.json: not a readable record"):
        read_json(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    for read in (read_json, read_csv):
        with pytest.raises(UserError, match=r"gone: not a readable .*No such file"):
            read(tmp_path / "gone")
