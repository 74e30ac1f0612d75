"""SHA-256 of files, to compare two runs."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from mythical_digit.files.records import json_without_origin
from mythical_digit.files.tensors import without_origin

STRIPPED = {".safetensors": without_origin, ".json": json_without_origin}  # kinds of files that carry an origin


def sha256(path: str | Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_content(path: str | Path) -> str:
    """SHA-256 of a file as it would be without its origin, which another version of the code may write otherwise."""
    path = Path(path)
    if path.suffix not in STRIPPED:
        return sha256(path)
    content = path.read_bytes()
    with suppress(ValueError, KeyError, AttributeError):  # of a damaged file: its own bytes
        content = STRIPPED[path.suffix](content)
    return hashlib.sha256(content).hexdigest()


def checksums(paths: Iterable[str | Path], folder: str | Path) -> dict[str, str]:
    """SHA-256 of each file without its origin, by its path below `folder` with forward slashes."""
    return {Path(path).relative_to(folder).as_posix(): sha256_of_content(path) for path in paths}
