"""Tables as CSV and records as JSON: the same content gives the same bytes."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_bytes, write_text


def write_csv(path: str | Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV table; floats in the shortest form that reads back to the same value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_text(path, text.getvalue())


def read_csv(path: str | Path) -> list[dict[str, str]]:
    """Read a CSV table: one dictionary per row, values as text. Raises UserError if it cannot be read.

    A byte order mark and the line ends of any system are allowed, as spreadsheets write them.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as file:  # spreadsheets begin a file with a mark
            reader = csv.DictReader(file)
            head = reader.fieldnames or []
            rows = list(reader)
    except UnicodeDecodeError as error:
        raise _unreadable(path, "table (CSV)", f"not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    except (OSError, csv.Error) as error:
        raise _unreadable(path, "table (CSV)", error) from error
    if len(head) == 1 and (mark := next((mark for mark in ";\t" if mark in head[0]), None)):
        raise _unreadable(path, "table (CSV)", f"its cells are separated by {mark!r}; save it with commas")
    return rows


def write_json(path: str | Path, record: object) -> None:
    """Write `record` as JSON, keys sorted."""
    write_bytes(path, json_bytes(record))


def json_bytes(record: object) -> bytes:
    """The same content gives the same bytes."""
    return (json.dumps(record, sort_keys=True, indent=1) + "\n").encode()


def read_json(path: str | Path) -> dict:
    """Read a JSON record. Raises UserError if it cannot be read."""
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(path, "record (JSON)", error) from error
    if not isinstance(record, dict):
        raise _unreadable(path, "record (JSON)", f"{type(record).__name__} instead of an object")
    return record


def json_without_origin(content: bytes) -> bytes:
    """The bytes that `write_json` writes for a record without its `origin`. Raises ValueError if it is not JSON."""
    record = json.loads(content)
    if not isinstance(record, dict) or "origin" not in record:
        return content
    return json_bytes({key: value for key, value in record.items() if key != "origin"})


def _unreadable(path: str | Path, kind: str, reason: object) -> UserError:
    return UserError(f"{path}: not a readable {kind}: {reason}; if the pipeline made it, delete it and run again")
