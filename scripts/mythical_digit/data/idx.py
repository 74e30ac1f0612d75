"""Read IDX files, the format of MNIST: a big-endian header (magic number, dimensions), then one byte per value."""

import math
import struct
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError

UINT8 = 0x0800  # the magic number of unsigned bytes, to which the number of dimensions is added


def read_images(path: str | Path) -> np.ndarray:
    """Return the images of an IDX file, uint8 (n, rows, columns). Raises UserError if it is no IDX file of images."""
    return _read(Path(path), ("images", "rows", "columns"))


def read_labels(path: str | Path) -> np.ndarray:
    """Return the labels of an IDX file, uint8 (n,). Raises UserError if it is no IDX file of labels."""
    return _read(Path(path), ("labels",))


def _read(path: Path, dimensions: tuple[str, ...]) -> np.ndarray:
    """The values after the header, as torchvision reads them (a test compares), which takes seconds to import."""
    shape = _checked_shape(path, dimensions)
    return np.fromfile(path, np.uint8, offset=4 * (1 + len(shape))).reshape(shape)


def _checked_shape(path: Path, dimensions: tuple[str, ...]) -> list[int]:
    """The shape in the header. Raises UserError unless it promises uint8 values in these dimensions, none of them
    empty, and the file is as long as that."""
    magic = UINT8 + len(dimensions)
    header = struct.Struct(f">{1 + len(dimensions)}I")
    length = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(header.size)
    if len(head) < header.size:
        raise UserError(f"{path}: {length} bytes, expected an IDX file with a header of {header.size} bytes")
    found, *shape = header.unpack(head)
    if found != magic:
        raise UserError(
            f"{path}: magic number 0x{found:08x}, expected 0x{magic:08x} (IDX, unsigned bytes: {', '.join(dimensions)})"
        )
    sizes = " × ".join(f"{size} {name}" for size, name in zip(shape, dimensions, strict=True))
    if 0 in shape:
        raise UserError(f"{path}: {sizes}, expected at least one of each")
    expected = header.size + math.prod(shape)
    if length != expected:
        raise UserError(f"{path}: {length} bytes, expected {expected} (a header of {header.size} and {sizes})")
    return shape
