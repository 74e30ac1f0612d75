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
    _check(path, dimensions)
    from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor  # here: the import takes seconds

    return read_sn3_pascalvincent_tensor(str(path)).numpy()


def _check(path: Path, dimensions: tuple[str, ...]) -> None:
    """Raise UserError unless header and length promise uint8 values in these dimensions, none of them empty.

    torchvision's reader accepts IDX files of any type and fails with an assertion, or worse, on anything else.
    """
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
