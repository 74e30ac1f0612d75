"""Another clock, other line ends, another locale and umask: nothing is stale, and the bytes are the same."""

import os
import stat
import time
from pathlib import Path

import pytest
from runs import complete, differing

YEAR = 365 * 24 * 3600


def set_times(project, when):
    """Give every file of the project that a rule reads or writes the modification time `when(path)`."""
    for path in project.folder.rglob("*"):
        if path.is_file() and ".snakemake" not in path.parts:
            os.utime(path, (when(path), when(path)))


@pytest.mark.parametrize(
    ("inputs", "outputs"), [(0, 0), (YEAR, -YEAR), (-YEAR, YEAR)], ids=["same", "future inputs", "past inputs"]
)
def test_a_clock_that_was_set_makes_nothing_stale(finished, inputs, outputs):
    now = time.time()
    data = finished.folder / "results/data"
    # Data and numbers that others read on one side, all that is made from them on the other.
    early = {path for path in finished.folder.rglob("*") if data in path.parents or path.name.startswith("m")}
    set_times(finished, lambda path: now + (inputs if path in early else outputs))
    assert finished.stale() == set()


def test_a_clock_set_back_stops_a_run_that_it_would_confuse(finished, start):
    expected = finished.results()
    future = time.time() + YEAR
    set_times(finished, lambda _: future)
    (finished.folder / "results/notebook/table.md").unlink()
    run = start(finished)
    assert run.wait() == 1, run.output()
    assert "has older modification time" in run.output()
    assert "Traceback" not in run.output()
    assert differing(finished.results(), expected) == []
    set_times(finished, lambda _: future - YEAR)
    complete(finished, expected)
    assert finished.results() == expected
    assert finished.stale() == set()


def test_a_changed_input_of_the_future_is_noticed(finished):
    path = finished.folder / "reference/original_table.csv"
    path.write_text(path.read_text().replace("99.5", "99.4"))
    os.utime(path, (time.time() + YEAR,) * 2)
    assert finished.stale() == {"table", "bar_plot", "explore", "provenance", "ro_crate"}


def to_crlf(project):
    """Turn the line ends of all code and configuration, as git may check them out with CRLF."""
    paths = [project.folder / name for name in ("Snakefile", "config.yaml", "config.schema.yaml")]
    for folder in ("rules", "scripts", "profiles"):
        paths += filter(Path.is_file, (project.folder / folder).rglob("*.*"))
    for path in paths:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        path.write_bytes(content.replace(b"\n", b"\r\n"))
    assert len(paths) > 20


def test_crlf_makes_nothing_stale(finished):
    to_crlf(finished)
    assert finished.stale() == set()


@pytest.mark.slow
def test_crlf_gives_the_same_bytes(short, undisturbed, start):
    to_crlf(short)
    run = start(short, cores=4)
    assert run.wait() == 0, run.output()
    assert short.results() == undisturbed.results()


@pytest.mark.slow
@pytest.mark.parametrize("umask", [0o077, 0o027])
def test_locale_c_umask_and_a_name_like_this_give_the_same_bytes(short, undisturbed, tmp_path, start, umask):
    short = short.copy(tmp_path / "ein Ordner, ça va")
    run = start(short, cores=4, umask=umask, LC_ALL="C", LANG="C", PYTHONUTF8=None, PYTHONIOENCODING=None)
    assert run.wait() == 0, run.output()
    found, expected = short.results(), undisturbed.results()
    assert sorted(found) == sorted(expected)
    assert differing(found, expected) == []
    for path in (short.folder / "results").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o777 if path.is_dir() else 0o666) & ~umask, path
