"""IDX files are read to the byte; anything else is refused with the reason."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from idx_files import idx_bytes, write_idx
from torchvision.datasets import mnist

from mythical_digit.data.idx import read_images, read_labels
from mythical_digit.errors import UserError

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4) + 230
LABELS = np.array([3, 1, 255], dtype=np.uint8)


@pytest.mark.parametrize(("read", "array"), [(read_images, IMAGES), (read_labels, LABELS)])
def test_arrays_are_read_to_the_byte(tmp_path, read, array):
    result = read(write_idx(tmp_path / "file", array))
    assert result.dtype == np.uint8
    assert np.array_equal(result, array)


def test_torchvision_reads_the_same(tmp_path):
    images, labels = (write_idx(tmp_path / name, array) for name, array in (("images", IMAGES), ("labels", LABELS)))
    assert np.array_equal(mnist.read_image_file(images).numpy(), read_images(images))
    assert np.array_equal(mnist.read_label_file(labels).numpy(), read_labels(labels))


@pytest.mark.parametrize(
    ("read", "content", "reason"),
    [
        (read_images, b"", "0 bytes, expected an IDX file with a header of 16 bytes"),
        (read_images, idx_bytes(IMAGES)[:15], "15 bytes, expected an IDX file with a header of 16 bytes"),
        (read_images, idx_bytes(IMAGES)[:-1], "39 bytes, expected 40"),
        (read_images, idx_bytes(IMAGES) + b"x", "41 bytes, expected 40"),
        (read_images, idx_bytes(IMAGES[:0]), "0 images × 3 rows × 4 columns, expected at least one of each"),
        (read_images, idx_bytes(IMAGES[:, :0]), "2 images × 0 rows"),
        (read_images, idx_bytes(np.zeros(20)), "magic number 0x00000801, expected 0x00000803"),
        (read_labels, idx_bytes(IMAGES), "magic number 0x00000803, expected 0x00000801"),
        (read_labels, idx_bytes(LABELS[:0]), "0 labels"),
        (read_images, struct.pack(">4I", 0x0B03, 1, 1, 1) + bytes(2), "magic number 0x00000b03"),  # int16
        (read_images, struct.pack(">4I", 0x0803, *[2**32 - 1] * 3) + b"x", "17 bytes, expected 7922816"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, read, content, reason):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read(path)
    assert f"{path}: {reason}" in str(caught.value)


size = st.integers(0, 4) | st.integers(0, 2**32 - 1)
nearly_idx = st.builds(
    lambda magic, sizes, body: struct.pack(f">{1 + len(sizes)}I", magic, *sizes) + body,
    st.sampled_from([0x0801, 0x0803, 0x0903, 0x0E01, 0x0804]),
    st.lists(size, max_size=4),
    st.binary(max_size=70),
)


@settings(deadline=None, database=None)
@given(content=st.binary(max_size=40) | nearly_idx, read=st.sampled_from([read_images, read_labels]))
def test_any_bytes_are_an_array_of_all_of_them_or_refused(tmp_path_factory, content, read):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    try:
        array = read(path)
    except UserError:
        return
    assert idx_bytes(array) == content
