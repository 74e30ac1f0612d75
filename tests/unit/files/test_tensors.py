"""Arrays come back from their file as they were, or are refused."""

import contextlib
import pickle

import numpy as np
import pytest
import safetensors.numpy

from mythical_digit.errors import UserError
from mythical_digit.files.tensors import load_tensors, origin, save_tensors, without_origin

ARRAYS = {
    "weight": np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4),
    "labels": np.array([3, 1, 2], dtype=np.uint8),
    "counts": np.arange(4, dtype=np.int64).reshape(2, 2),
}


@pytest.fixture
def path(tmp_path):
    save_tensors(tmp_path / "file.safetensors", ARRAYS)
    return tmp_path / "file.safetensors"


def assert_equal(tensors):
    assert sorted(tensors) == sorted(ARRAYS)
    for name, array in ARRAYS.items():
        assert tensors[name].dtype == array.dtype
        assert tensors[name].shape == array.shape
        assert tensors[name].tobytes() == array.tobytes()


def test_arrays_come_back_as_they_were(path):
    assert_equal(load_tensors(path))


def test_the_same_arrays_in_any_order_and_layout_are_the_same_bytes(path, tmp_path):
    other = {name: np.asfortranarray(array) for name, array in reversed(ARRAYS.items())}
    save_tensors(tmp_path / "other", other)
    assert (tmp_path / "other").read_bytes() == path.read_bytes()
    assert_equal(load_tensors(tmp_path / "other"))


def refused(path, content):
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"file\.safetensors: damaged.*; delete it and run again"):
        load_tensors(path)


def test_a_truncated_file_is_refused_at_any_length(path):
    content = path.read_bytes()
    for length in range(len(content)):
        refused(path, content[:length])


def test_a_flipped_bit_anywhere_is_refused_or_changes_nothing(path):
    content = path.read_bytes()
    data = len(content) - sum(array.nbytes for array in ARRAYS.values())
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 0x10
        if position >= data:
            refused(path, damaged)
            continue
        path.write_bytes(damaged)
        with contextlib.suppress(UserError):
            assert_equal(load_tensors(path))  # such as a space of the header's padding


@pytest.mark.parametrize(
    "content",
    [pickle.dumps({"weight": 1}), bytes(1_000), safetensors.numpy.save(ARRAYS), b"<!DOCTYPE html><html></html>"],
    ids=["pickle", "zeros", "no SHA-256", "HTML"],
)
def test_another_kind_of_file_is_refused(path, content):
    refused(path, content)


def test_a_wrong_shape_of_the_same_bytes_is_refused(path):
    content = path.read_bytes()
    assert content.count(b"[3,4]") == 1
    refused(path, content.replace(b"[3,4]", b"[4,3]"))


def test_some_of_the_arrays_can_be_read(path):
    assert list(load_tensors(path, ["labels"])) == ["labels"]
    with pytest.raises(UserError, match=r"file\.safetensors: damaged"):
        load_tensors(path, ["gone"])


def test_an_origin_in_the_header_leaves_the_rest_as_it_was(path, tmp_path):
    other = tmp_path / "other"
    made_from = {"é": {"params": [1]}}
    save_tensors(other, ARRAYS, made_from)
    assert origin(other) == made_from
    assert origin(path) is None
    assert_equal(load_tensors(other))
    assert other.read_bytes() != path.read_bytes()
    assert without_origin(other.read_bytes()) == path.read_bytes()
    assert safetensors.numpy.load(other.read_bytes()).keys() == ARRAYS.keys()
