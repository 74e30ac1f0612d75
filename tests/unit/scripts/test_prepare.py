"""Four IDX files that go together become one file of arrays; four that do not are refused."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from idx_files import write_idx

from mythical_digit.errors import UserError
from mythical_digit.files.tensors import load_tensors, save_tensors
from mythical_digit.study.class_labels import Layout
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

    def run(arrays, classes=5, **layout):
        paths = {name: str(write_idx(tmp_path / f"{name}-idx", array)) for name, array in arrays.items()}
        files = {Path(p).name: {"sha256": hashlib.sha256(Path(p).read_bytes()).hexdigest()} for p in paths.values()}
        return prepare(paths, files, classes, Layout(**layout)), paths, files

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


def test_labels_that_count_from_another_number_are_numbered_from_0(arrays, run):
    expected = {split: arrays[f"{split}_labels"].copy() for split in ("train", "test")}
    for split in expected:
        arrays[f"{split}_labels"] += 1
    made, *_ = run(arrays, first_label=1)
    for split, labels in expected.items():
        assert made[f"{split}_labels"].dtype == np.uint8
        assert np.array_equal(made[f"{split}_labels"], labels)
    refused(run, arrays, r"train_labels-idx: label 5, expected 0 to 4 \(`first_label` and `classes` of the dataset in")
    refused(run, arrays, r"train_labels-idx: label 1, expected 2 to 6", first_label=2)


def test_transposed_images_are_put_upright(arrays, run):
    made, *_ = run(arrays, transposed=True)
    assert made["train_images"].shape == (5, 2, 3)
    assert np.array_equal(made["test_images"], arrays["test_images"].transpose(0, 2, 1))


def test_a_label_may_be_missing_from_the_test_images_or_from_both_splits(arrays, run):
    arrays["test_labels"][:] = 0
    run(arrays)
    arrays["train_labels"][1] = 0
    assert run(arrays)[0]["train_labels"].tolist() == [0, 0, 2, 3, 4]


@pytest.mark.parametrize("missing", [2, 4])
def test_a_class_to_learn_has_training_images(arrays, run, missing):
    """One that is tested, or the last: if that is missing, the number of classes is wrong."""
    arrays["train_labels"][missing] = 0
    if missing == 4:
        arrays["test_labels"][:] = 0
    refused(run, arrays, rf"train_labels-idx: no label {missing}, expected 0 to 4 \(`first_label` and `classes` of")


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
        prepare(paths, files, 5, Layout())


def test_a_file_that_is_gone_is_named(arrays, run):
    _, paths, files = run(arrays)
    Path(paths["test_labels"]).unlink()
    with pytest.raises(UserError, match=r"test_labels-idx: No such file"):
        prepare(paths, files, 5, Layout())
