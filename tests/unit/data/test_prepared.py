"""A split is read normalised; held-out training images take the place of the test images."""

import numpy as np
import pytest

from mythical_digit.data.prepared import load_split
from mythical_digit.files.tensors import save_tensors

NORMALISATION = {"mean": 0.1, "std": 0.3}
TRAIN = np.arange(5 * 2 * 3, dtype=np.uint8).reshape(5, 2, 3)
TEST = 255 - TRAIN[:2]


@pytest.fixture
def path(tmp_path):
    labels = {"train_labels": np.arange(5, dtype=np.uint8), "test_labels": np.array([7, 8], dtype=np.uint8)}
    save_tensors(tmp_path / "data", {"train_images": TRAIN, "test_images": TEST, **labels})
    return str(tmp_path / "data")


def normalised(pixels):
    return (pixels / 255 - 0.1) / 0.3


@pytest.mark.parametrize(
    ("split", "held_out", "pixels", "labels"),
    [
        ("train", 0, TRAIN, [0, 1, 2, 3, 4]),
        ("test", 0, TEST, [7, 8]),
        ("train", 2, TRAIN[:3], [0, 1, 2]),
        ("test", 2, TRAIN[3:], [3, 4]),
    ],
)
def test_a_split_is_normalised_and_never_holds_what_is_held_out(path, split, held_out, pixels, labels):
    images, found = load_split(path, split, NORMALISATION, held_out)
    assert (images.dtype, found.dtype) == (np.float32, np.int64)
    np.testing.assert_allclose(images, normalised(pixels), atol=1e-6)
    assert found.tolist() == labels


def test_a_margin_is_black(path):
    images, _ = load_split(path, "train", NORMALISATION, margin=2)
    assert images.shape == (5, 6, 7)
    np.testing.assert_allclose(images[:, 2:-2, 2:-2], normalised(TRAIN), atol=1e-6)
    images[:, 2:-2, 2:-2] = normalised(0)
    np.testing.assert_allclose(images, normalised(0), atol=1e-6)
