"""Files that are whole or not there: written under another name and renamed."""

import csv
import errno
import glob
import io
import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from mythical_digit.errors import UserError

# What a machine answers when it does not let a file be written.
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; rename it to `path` on success, delete it on failure.

    The name is this process's own, since a job may outlive a killed Snakemake and meet the one that replaces it; what
    processes of this machine that are no more have left behind is deleted.

    Raises UserError where the machine does not let the file be written: no space, no permission.
    """
    try:
        with _renamed(Path(path)) as part:
            yield part
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        raise UserError(f"{path}: cannot be written ({error.strerror}); mend that and run again") from error


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


def write_csv(path: str | Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV table; floats in the shortest form that reads back to the same value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_text(path, text.getvalue())


def read_csv(path: str | Path) -> list[dict[str, str]]:
    """Read a CSV table: one dictionary per row, values as text. Raises UserError if it cannot be read."""
    try:
        with Path(path).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, "table (CSV)", error) from error


def write_json(path: str | Path, record: object) -> None:
    """Write `record` as JSON, keys sorted."""
    write_text(path, json.dumps(record, sort_keys=True, indent=1) + "\n")


def read_json(path: str | Path) -> dict:
    """Read a JSON record. Raises UserError if it cannot be read."""
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(path, "record (JSON)", error) from error
    if not isinstance(record, dict):
        raise _unreadable(path, "record (JSON)", f"{type(record).__name__} instead of an object")
    return record


def _unreadable(path: str | Path, kind: str, reason: object) -> UserError:
    return UserError(f"{path}: not a readable {kind}: {reason}; if the pipeline made it, delete it and run again")
