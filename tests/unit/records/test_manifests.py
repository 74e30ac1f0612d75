"""What is in results/published/ is what its manifests say, and whatever is not is named with what to do."""

import os
import shutil

import pytest
from project import ROOT

from mythical_digit.errors import UserError
from mythical_digit.files.records import json_bytes, read_json, write_json
from mythical_digit.records.manifests import AGAIN, check_folder, edited, manifest_of

PUBLISHED = ROOT / "results/published"


@pytest.mark.parametrize("folder", sorted(PUBLISHED.glob("*/")), ids=lambda path: path.name)
def test_every_published_file_is_the_one_that_its_manifest_is_of(folder):
    check_folder(folder)


@pytest.fixture
def folder(tmp_path):
    """A copy of a real folder, of an experiment."""
    return shutil.copytree(PUBLISHED / "twenty-seeds", tmp_path / "twenty-seeds")


def unreadable(path):
    path.unlink()
    path.symlink_to("nowhere")


DAMAGE = {
    "edited": (lambda path: path.write_bytes(path.read_bytes().replace(b"44.2", b"94.2")), "not the file that its"),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:-9]), "not the file that its folder's manifest.json"),
    "empty": (lambda path: path.write_bytes(b""), "empty; restore"),
    "missing": (lambda path: path.unlink(), "missing, but "),
    "unreadable": (unreadable, "cannot be read (No such file"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ["table.csv", "table.md", "metrics.csv"])
def test_a_file_that_is_not_what_was_published_is_named(folder, name, damage):
    spoil, says = DAMAGE[damage]
    (folder / name).write_bytes((folder / name).read_bytes() + b"44.2")
    spoil(folder / name)
    with pytest.raises(UserError) as caught:
        check_folder(folder)
    assert str(caught.value).startswith(f"{folder / name}: {says}")
    assert str(caught.value).endswith(AGAIN)
    assert "\n" not in str(caught.value)


def test_of_several_files_the_first_is_named_and_the_others_counted(folder):
    for name in ("bias.csv", "table.csv", "table.tex"):
        (folder / name).unlink()
    with pytest.raises(UserError, match=r"bias\.csv: missing.*\(the first of 3 such files there\)$"):
        check_folder(folder)


def test_a_file_that_the_manifest_does_not_have_is_named_but_for_hidden_ones(folder):
    (folder / ".DS_Store").touch()
    check_folder(folder)
    (folder / "mine.csv").touch()
    with pytest.raises(UserError, match=r"mine\.csv: .*manifest\.json does not have it.*delete it$"):
        check_folder(folder)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("twenty-seeds", None, "manifest.json: not there, so nothing says"),
        ("twenty-seeds", "", "not a readable record"),
        ("twenty-seeds", "{}", "('files' is missing)"),
        ("twenty-seeds", '{"files": {}}', "('config' is missing)"),
        ("claims", None, "manifest.json: not there, so nothing says"),
        ("claims", "{}", "('files' is missing)"),
        ("claims", '{"files": {}}', "claims.csv: "),
    ],
)
def test_every_folder_needs_its_manifest(tmp_path, name, content, says):
    folder = shutil.copytree(PUBLISHED / name, tmp_path / name)
    (folder / "manifest.json").unlink(missing_ok=True)
    if content is not None:
        (folder / "manifest.json").write_text(content)
    with pytest.raises(UserError) as caught:
        check_folder(folder)
    assert says in str(caught.value)


def test_a_copy_that_was_changed_after_it_was_made_is_seen(tmp_path):
    source, copy = tmp_path / "table.csv", tmp_path / "copy.csv"
    source.write_text("97.5")
    assert edited(copy, [source]) is None  # it is made anyhow
    shutil.copy(source, copy)
    assert edited(copy, [source]) is None
    copy.write_text("12.5")
    os.utime(copy, ns=(0, source.stat().st_mtime_ns + 5))
    assert edited(copy, [source]) == source.stat().st_mtime_ns + 5
    os.utime(copy, ns=(0, source.stat().st_mtime_ns - 1))  # of an older source: it is made anyhow
    assert edited(copy, [source]) is None
    assert edited(copy, [tmp_path / "gone.csv"]) is None


def test_a_manifest_that_was_changed_after_it_was_made_is_seen(tmp_path):
    provenance, copy = tmp_path / "provenance.json", tmp_path / "manifest.json"
    record = {"files": {"mine/table.csv": "abc"}, "config": {}, "environment": {}, "made": "today"}
    write_json(provenance, record)
    write_json(copy, manifest_of([provenance]))
    assert edited(copy, [provenance]) is None
    copy.write_bytes(json_bytes(read_json(copy) | {"files": {}}))
    assert edited(copy, [provenance])
    provenance.write_text("{")  # its own damage is said where it is read
    assert edited(copy, [provenance]) is None
