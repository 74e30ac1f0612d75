"""Arrays in files: safetensors, never pickles. Each array has a checksum that is verified when it is read."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

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


def save_tensors(path: str | Path, tensors: Mapping[str, np.ndarray], origin: Mapping | None = None) -> None:
    """Write arrays as safetensors with the SHA-256 of each in the header, and the `origin` of the file if given.

    The same arrays and origin give the same bytes.
    """
    tensors = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    sha256 = {"sha256": json.dumps({name: digest(array) for name, array in tensors.items()}, sort_keys=True)}
    content = safetensors.numpy.save(tensors, metadata=sha256)
    if origin is not None:
        content = _with_metadata(content, {"origin": json.dumps(origin), **sha256})
    write_bytes(path, content)


def without_origin(content: bytes) -> bytes:
    """The bytes of a file of tensors as they would be without an origin: these are the same wherever it was made.

    Raises ValueError if they are not safetensors.
    """
    entries = _header(content)[0].get("__metadata__", {})
    return _with_metadata(content, {"sha256": entries["sha256"]}) if "origin" in entries else content


def _header(content: bytes) -> tuple[dict, int]:
    """The header of safetensors, and where it ends: 8 bytes with its length, then JSON, padded with spaces."""
    end = 8 + int.from_bytes(content[:8], "little")
    return json.loads(content[8:end]), end


def _with_metadata(content: bytes, metadata: Mapping[str, str]) -> bytes:
    """Safetensors with these entries in the header: the library writes several in an order that differs by run."""
    header, end = _header(content)
    text = json.dumps({**header, "__metadata__": dict(metadata)}, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content[end:]


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
    return _entry(path, "sha256")


def origin(path: str | Path) -> dict | None:
    """The origin in the header of a file that `save_tensors` wrote; None without one. Raises UserError as `digests`."""
    return _entry(path, "origin", "null")


def _entry(path: str | Path, name: str, default: str | None = None) -> Any:
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            entry = json.loads(file.metadata().get(name, default))
    except (OSError, safetensors.SafetensorError, AttributeError, TypeError, ValueError) as error:
        raise _damaged(path, f"no readable header: {error}") from error
    if not isinstance(entry, dict | None):
        raise _damaged(path, f"no readable header: {name} is not an object")
    return entry


def _damaged(path: str | Path, reason: object) -> UserError:
    return UserError(f"{path}: damaged ({reason}); delete it and run again")
