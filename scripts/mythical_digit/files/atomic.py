"""Write a file whole or not at all: under a temporary name, which is then changed to its own."""

import errno
import glob
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from mythical_digit.errors import UserError

# Errors of a machine that does not let a file be written.
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; rename it to `path` on success, delete it on failure.

    The temporary name holds the process's id, because a job may outlive a killed Snakemake and meet the job that
    replaces it. Files that dead processes of this machine left behind are deleted.

    Raises UserError if the file cannot be written: no space, no permission.
    """
    try:
        with _renamed(Path(path)) as part:
            yield part
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        raise UserError(f"{path}: cannot be written ({error.strerror}); fix this and run again") from error


@contextmanager
def _renamed(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.name}.{platform.node()}-"
    for left in path.parent.glob(f"{glob.escape(prefix)}*.part"):
        if not psutil.pid_exists(int(left.stem.removeprefix(prefix))):
            left.unlink(missing_ok=True)
    part = path.with_name(f"{prefix}{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all."""
    with atomic(path) as part:
        part.write_bytes(content)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` to `path` as UTF-8 with Unix line ends, whole or not at all."""
    write_bytes(path, text.encode())
