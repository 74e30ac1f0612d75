"""SHA-256 of files, to compare two runs."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def sha256(path: str | Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(paths: Iterable[str | Path], folder: str | Path) -> dict[str, str]:
    """SHA-256 of each file, by its path below `folder` with forward slashes."""
    return {Path(path).relative_to(folder).as_posix(): sha256(path) for path in paths}
