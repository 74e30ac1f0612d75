"""Four IDX files that go together become one file of arrays; four that do not are refused."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from idx_files import write_idx

from mythical_digit.errors import UserError
from mythical_digit.files.tensors import load_tensors, save_tensors
from prepare import prepare


@pytest.fixture
def arrays():
    return {
        "train_images": np.arange(5 * 3 * 2, dtype=np.uint8).reshape(5, 3, 2),
        "train_labels": np.array([0, 1, 2, 3, 4], dtype=np.uint8),
        "test_images": np.arange(6 * 3 * 2, dtype=np.uint8).reshape(6, 3, 2),
        "test_labels": np.array([4, 0, 1, 3, 2, 2], dtype=np.uint8),
    }


@pytest.fixture
def run(tmp_path):
    """A function that writes arrays as IDX files, with their SHA-256 as expected, and prepares them."""

    def run(arrays, classes=5):
        paths = {name: str(write_idx(tmp_path / f"{name}-idx", array)) for name, array in arrays.items()}
        files = {Path(p).name: {"sha256": hashlib.sha256(Path(p).read_bytes()).hexdigest()} for p in paths.values()}
        return prepare(paths, files, classes), paths, files

    return run


def test_the_arrays_are_those_of_the_files(tmp_path, arrays, run):
    save_tensors(tmp_path / "data.safetensors", run(arrays)[0])
    loaded = load_tensors(tmp_path / "data.safetensors")
    assert sorted(loaded) == sorted(arrays)
    for name, array in arrays.items():
        assert loaded[name].dtype == np.uint8
        assert np.array_equal(loaded[name], array)


def refused(run, arrays, reason, **how):
    with pytest.raises(UserError, match=reason):
        run(arrays, **how)


@pytest.mark.parametrize("split", ["train", "test"])
def test_images_and_labels_must_be_as_many(arrays, run, split):
    arrays[f"{split}_labels"] = arrays[f"{split}_labels"][:-1]
    refused(run, arrays, rf"{split}_labels-idx: . labels, but .*{split}_images-idx has . images")


def test_labels_must_be_classes(arrays, run):
    refused(run, arrays, r"train_labels-idx: label 4, expected 0 to 3", classes=4)


@pytest.mark.parametrize("split", ["train", "test"])
def test_every_class_has_images_in_both_splits(arrays, run, split):
    arrays[f"{split}_labels"][arrays[f"{split}_labels"] >= 3] = 0
    refused(run, arrays, rf"{split}_labels-idx: no label 3, 4, expected all of 0 to 4 \(`classes` of the dataset in")


@pytest.mark.parametrize(
    ("pixels", "reason"),
    [
        (lambda images: images % 2, "pixels of 0 to 1, expected 0 to 255"),
        (lambda images: images * 0, "every pixel is 0"),
    ],
)
@pytest.mark.parametrize("split", ["train", "test"])
def test_images_without_a_range_of_greys_are_refused(arrays, run, split, pixels, reason):
    arrays[f"{split}_images"] = pixels(arrays[f"{split}_images"])
    refused(run, arrays, rf"{split}_images-idx: {reason}")


def test_images_of_both_splits_must_have_one_shape(arrays, run):
    arrays["test_images"] = arrays["test_images"].reshape(6, 2, 3)
    refused(run, arrays, r"test_images-idx: images of 2 × 3 pixels, expected 3 × 2")


def test_a_file_that_was_changed_is_named(arrays, run):
    _, paths, files = run(arrays)
    content = bytearray(Path(paths["test_images"]).read_bytes())
    content[-1] ^= 1
    Path(paths["test_images"]).write_bytes(content)
    with pytest.raises(UserError, match=r"test_images-idx: damaged, SHA-256 .* delete it and run again"):
        prepare(paths, files, classes=5)


def test_a_file_that_is_gone_is_named(arrays, run):
    _, paths, files = run(arrays)
    Path(paths["test_labels"]).unlink()
    with pytest.raises(UserError, match=r"test_labels-idx: No such file"):
        prepare(paths, files, classes=5)
