"""Arrays in files: safetensors, never pickles, each with a checksum that is verified when it is read."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from common.errors import UserError
from common.files import write_bytes


def digest(array: np.ndarray) -> str:
    """SHA-256 over the dtype, the shape and the bytes of an array."""
    sha256 = hashlib.sha256(f"{array.dtype.str} {array.shape}\n".encode())
    sha256.update(np.ascontiguousarray(array).data)
    return sha256.hexdigest()


def save_tensors(path: str | Path, tensors: Mapping[str, np.ndarray]) -> None:
    """Write arrays as safetensors, with the SHA-256 of each in the header; the same arrays give the same bytes."""
    tensors = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    digests = {name: digest(array) for name, array in tensors.items()}
    # One entry, since safetensors writes several in an order that differs from run to run.
    metadata = {"sha256": json.dumps(digests, sort_keys=True)}
    write_bytes(path, safetensors.numpy.save(tensors, metadata=metadata))


def load_tensors(path: str | Path, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """Read the arrays `names`, or all, of a file that `save_tensors` wrote.

    Raises UserError if the file is damaged: it is not safetensors, an array is missing, or it does not have the
    SHA-256 that the header gives.
    """
    damaged = f"{path}: damaged (%s); delete it and run again"
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            expected = json.loads(file.metadata()["sha256"])
            tensors = {name: file.get_tensor(name) for name in (expected if names is None else names)}
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(damaged % (error or "its header has no checksums")) from error
    for name, array in tensors.items():
        if digest(array) != expected.get(name):
            raise UserError(damaged % f"{name} does not have the SHA-256 in the header")
    return tensors
