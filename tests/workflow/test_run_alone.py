"""A script that is run on its own sees what it sees in a run of the workflow."""

import os
import subprocess
import sys

RAW = "results/data/mnist/raw"
PRINT = """
from mythical_digit.workflow.run_alone import mock_snakemake

seen = mock_snakemake("results/notebook/seed-1/kd/model.safetensors", {"seeds": [1]})
print(dict(seen.wildcards), seen.input.data, seen.output.history, seen.params.recipe["hidden"])
print(seen.log[0], seen.config["seeds"])
"""


def python(project, *arguments):
    command, environment = [sys.executable, *arguments], os.environ | {"PYTHONPATH": "scripts"}
    return subprocess.run(command, cwd=project.folder, env=environment, capture_output=True, text=True, timeout=300)


def test_a_script_runs_alone_once_its_inputs_are_there(fresh):
    command = ("-m", "mythical_digit.workflow.run_alone")
    early = python(fresh, *command, "results/data/mnist.safetensors")
    assert early.returncode == 1
    assert f"make them first: snakemake --cores 4 {RAW}/train-images-idx3-ubyte" in early.stderr
    assert "Traceback" not in early.stderr
    done = python(fresh, *command, f"{RAW}/train-labels-idx1-ubyte")
    assert done.returncode == 0, done.stderr
    assert "fetched from folder digits" in done.stdout
    assert {path.name for path in (fresh.folder / RAW).iterdir()} == {*fresh.config["datasets"]["mnist"]["files"]}


def test_what_a_script_would_see_can_be_had_without_running_it(fresh):
    done = python(fresh, "-c", PRINT)
    assert done.returncode == 0, done.stderr
    folder = "results/notebook/seed-1/kd"
    wildcards = {"experiment": "notebook", "seed": "1", "arm": "kd"}
    log = "results/logs/notebook/seed-1/train_student.kd.log"
    assert done.stdout == f"{wildcards} results/data/mnist.safetensors {folder}/history.csv [32, 32]\n{log} [1]\n"
    assert not (fresh.folder / "results").exists()


def test_tables_of_held_out_images_say_so(fresh):
    config = {key: value for key, value in fresh.config.items() if key not in ("hero", "draw")}
    block = config["experiments"]["notebook"]
    fresh.config = config | {"experiments": {"notebook": {**block, "held_out": 300}, "other": block}}
    print_note = "from mythical_digit.workflow.run_alone import mock_snakemake as mock; print(mock({!r}).params.note)"
    said = "Test images are here the last 300 training images, held out"
    for experiment, expected in (("notebook", said), ("other", "None")):
        done = python(fresh, "-c", print_note.format(f"results/{experiment}/table.md"))
        assert done.stdout == f"{expected}\n", done.stderr
