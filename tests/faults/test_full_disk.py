"""No room to write, or no permission: a clear message, nothing partial, and once there is, the same bytes."""

import contextlib
import os
import subprocess
from pathlib import Path

import pytest
from runs import complete, differing, under_final_names

from mythical_digit.errors import UserError
from mythical_digit.workflow.job_log import logged

LIMITED = Path(__file__).parent / "limited"
# One output of each kind of writer, with its rule's others; half of the first is one byte too many.
OUTPUTS = [
    ["data/mnist/raw/train-images-idx3-ubyte"],
    ["data/mnist.safetensors"],
    ["notebook/seed-0/kd-no3/model.safetensors", "notebook/seed-0/kd-no3/history.csv"],
    ["notebook/seed-0/teacher/logits.safetensors"],
    ["notebook/seed-0/kd-no3+bias/model.safetensors"],
    ["notebook/seed-0/kd-no3/metrics.json"],
    ["notebook/metrics.csv"],
    ["notebook/table.tex", "notebook/table.csv", "notebook/table.md"],
    ["notebook/bar_plot.svg", "notebook/bar_plot.png"],
    ["notebook/learning_curves/teacher.png", "notebook/learning_curves/teacher.svg"],
]


def limit(largest, **more):
    path = os.pathsep.join(filter(None, [str(LIMITED), os.environ.get("PYTHONPATH")]))
    return {"LARGEST_FILE": str(largest), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **more}


def fails(run):
    """Wait for the end of a run that must fail, without a traceback; return what it said."""
    assert run.wait() == 1, run.output()
    assert "Traceback" not in run.output(), run.output()
    return run.output()


def make_room_for(project, outputs):
    for output in outputs:
        (project.folder / "results" / output).unlink()


def goes_on(project, expected):
    """What was not written is written now, and all is as if nothing had been."""
    complete(project, expected)
    found = project.results()
    assert sorted(found) == sorted(expected)
    assert differing(found, expected) == []


def test_a_table_that_finds_no_room_is_named_and_written_later(finished, start):
    no_room(finished, ["notebook/table.tex", "notebook/table.csv", "notebook/table.md"], start)


@pytest.mark.slow
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs[0])
def test_a_file_that_finds_no_room_is_named_and_written_later(undisturbed, tmp_path, start, outputs):
    no_room(undisturbed.copy(tmp_path / "project"), outputs, start)


def no_room(project, outputs, start):
    expected = project.results()
    make_room_for(project, outputs)
    # Snakemake deletes what a failed job leaves under its outputs' names; kept, it shows what the job itself did.
    keep = ["--keep-incomplete", f"results/{outputs[0]}"]
    said = fails(start(project, *keep, **limit(len(expected[outputs[0]]) // 2)))
    assert "cannot be written (File too large)" in said
    found = project.results()
    assert outputs[0] not in found
    assert differing(found, expected) == []
    goes_on(project, expected)


@pytest.mark.slow
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs[0])
def test_what_a_job_that_died_amid_a_write_leaves_is_no_result_and_goes_away(undisturbed, tmp_path, start, outputs):
    project = undisturbed.copy(tmp_path / "project")
    expected = project.results()
    make_room_for(project, outputs)
    keep = ["--keep-incomplete", f"results/{outputs[0]}"]
    said = fails(start(project, *keep, **limit(len(expected[outputs[0]]) // 2, DIE_WRITING="1")))
    assert "SIGXFSZ" in said
    assert differing(under_final_names(project), expected) == []
    leftovers = set(project.results()) - set(expected)
    assert any(name.endswith(".part") for name in leftovers), "the job was to die amid a write"
    goes_on(project, expected)


# Where the test may mount a file system


@pytest.fixture
def mount():
    """A function that mounts something over a folder, or mounts it anew with other options."""
    with contextlib.ExitStack() as stack:

        def mount(folder: Path, *options: str, again: bool = False) -> None:
            done = subprocess.run(["mount", *options, folder], capture_output=True, text=True, timeout=20, check=False)
            if done.returncode:
                pytest.skip(f"mounting a file system is not allowed here: {done.stderr.strip()}")
            if not again:
                stack.callback(subprocess.run, ["umount", "--lazy", folder], check=True, timeout=20)

        yield mount


def make_read_only(folder, mount):
    mount(folder, "--bind", str(folder))
    mount(folder, "-o", "remount,ro,bind", again=True)


@pytest.mark.slow
def test_a_full_disk_stops_the_run_and_a_larger_one_lets_it_end_the_same(short, undisturbed, mount, start):
    expected, folder = undisturbed.results(), short.folder / "results"
    folder.mkdir()
    mount(folder, "-t", "tmpfs", "-o", "size=540k", "none")
    for size in ("540k", "900k", "1200k"):
        mount(folder, "-o", f"remount,size={size}", again=True)
        assert "No space left on device" in fails(start(short))
        assert differing(short.results(), expected) == []
    mount(folder, "-o", "remount,size=100m", again=True)
    done = start(short)
    assert done.wait() == 0, done.output()
    assert short.results() == expected


def test_a_read_only_results_folder_is_named(short, mount, start):
    folder = short.folder / "results"
    folder.mkdir()
    make_read_only(folder, mount)
    assert "Read-only file system: 'results/data'" in fails(start(short))
    assert short.results() == {}


def test_read_only_results_are_named_and_stay(finished, mount, start):
    expected = finished.results()
    make_read_only(finished.folder / "results", mount)
    assert "Write-protected output files for rule" in fails(start(finished, "--forcerun", "evaluate"))
    assert finished.results() == expected


def test_a_log_that_finds_no_room_does_not_hide_the_message(capfd):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(SystemExit), logged(str(full)):
        raise UserError("results/some.file: cannot be written")
    said = capfd.readouterr().err
    assert "results/some.file: cannot be written" in said
    assert "Traceback" not in said
