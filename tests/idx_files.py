"""Tiny IDX files for the tests."""

import struct
from pathlib import Path

import numpy as np


def idx_bytes(array: np.ndarray) -> bytes:
    """The IDX file of a uint8 array of any dimension."""
    return struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def write_idx(path: str | Path, array: np.ndarray) -> Path:
    """Write a uint8 array of any dimension as an IDX file."""
    Path(path).write_bytes(idx_bytes(array))
    return Path(path)
