"""What a job imports: the start of a short job is most of what it costs, so none imports what it does not use."""

import subprocess
import sys

import pytest
from project import ROOT

COMPILER = ("torch._inductor", "torch._dynamo")  # no training needs it
NUMPY_ALONE = ("torch", "torchvision", "scipy", "matplotlib")


def imported(code: str, modules: tuple[str, ...]) -> str:
    """Which of the modules are there after the code, in a new process, and what the code prints."""
    code = f"{code}\nimport sys\nprint(*sorted({set(modules)} & sys.modules.keys()))"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT / "scripts", capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("script", "unused"),
    [
        ("prepare", NUMPY_ALONE),
        ("evaluate", NUMPY_ALONE),
        ("inject_bias", NUMPY_ALONE),
        ("choose_bias", ("torch", "torchvision", "matplotlib")),
        ("summarize_bias", ("torch", "scipy.optimize", "matplotlib")),
        ("learning_curves", ("torch", "scipy.optimize", "matplotlib.pyplot")),
        ("soft_targets", (*COMPILER, "torchvision", "scipy", "matplotlib")),
        ("train_student", (*COMPILER, "torchvision", "scipy", "matplotlib")),
        ("train_teacher", (*COMPILER, "torchvision", "scipy", "matplotlib")),
    ],
)
def test_a_script_imports_nothing_that_it_does_not_use(script, unused):
    assert imported(f"import {script}", unused) == ""


def test_preparing_reads_images_without_torchvision(tmp_path):
    read = f"from mythical_digit.data.idx import read_labels\nprint(read_labels({str(tmp_path / 'labels')!r}))"
    (tmp_path / "labels").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 3]))
    assert imported(read, NUMPY_ALONE) == "[7 3]"
