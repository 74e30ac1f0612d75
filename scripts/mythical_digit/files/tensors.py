"""Arrays in files: safetensors, never pickles. Each array has a checksum that is verified when it is read."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_bytes


def digest(array: np.ndarray) -> str:
    """SHA-256 over the dtype, the shape and the bytes of an array."""
    sha256 = hashlib.sha256(f"{array.dtype.str} {array.shape}\n".encode())
    sha256.update(np.ascontiguousarray(array).data)
    return sha256.hexdigest()


def save_tensors(path: str | Path, tensors: Mapping[str, np.ndarray]) -> None:
    """Write arrays as safetensors with the SHA-256 of each in the header. The same arrays give the same bytes."""
    tensors = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    # One entry: safetensors writes several in an order that differs from run to run.
    metadata = {"sha256": json.dumps({name: digest(array) for name, array in tensors.items()}, sort_keys=True)}
    write_bytes(path, safetensors.numpy.save(tensors, metadata=metadata))


def load_tensors(path: str | Path, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """Read the arrays `names`, or all, from a file that `save_tensors` wrote.

    Raises UserError if the file is damaged: it is not safetensors, an array is missing, or it does not have the
    SHA-256 that the header gives.
    """
    expected = digests(path)
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in (expected if names is None else names)}
    except safetensors.SafetensorError as error:
        raise _damaged(path, error) from error
    for name, array in tensors.items():
        if digest(array) != expected.get(name):
            raise _damaged(path, f"{name} does not have the SHA-256 in the header")
    return tensors


def digests(path: str | Path) -> dict[str, str]:
    """The SHA-256 of each array, by name, as the header of a file that `save_tensors` wrote gives it.

    Raises UserError if the file is damaged.
    """
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            return dict(json.loads(file.metadata()["sha256"]))
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"no readable header: {error}") from error


def _damaged(path: str | Path, reason: object) -> UserError:
    return UserError(f"{path}: damaged ({reason}); delete it and run again")
