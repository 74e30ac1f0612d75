"""Fetch the files of a data set, each from the first source that has the right bytes.

No source is trusted: what is read, unpacked and waited for has a bound, and the size and SHA-256 of the uncompressed
bytes decide whether a file is taken.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import requests

from mythical_digit.data.sources import Source, open_source
from mythical_digit.data.unpacking import Expected, content, packed_limit
from mythical_digit.data.web import LIMITS, Limits, Refused, Web
from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_bytes

T = TypeVar("T")


def fetch(
    files: Mapping[str, Expected],
    sources: Iterable[Mapping],
    destinations: Mapping[str, str | Path],
    log: logging.Logger,
    progress: bool = True,
    limits: Limits = LIMITS,
) -> None:
    """Write each of `files` (by name) to its path in `destinations`, uncompressed, from the first source that has it.

    The sources are tried in their order. One that cannot be reached is not tried again for the files that follow. With
    `progress`, stderr shows a bar if it is a terminal.

    Raises UserError, with each source's reason, for the first file that no source has. No file gets its final name
    before its size and SHA-256 are checked; files fetched before the failure stay.
    """
    with requests.Session() as session:
        web = Web(session, log, progress, limits)
        candidates = [open_source(source, web) for source in sources]
        closed: dict[Source, Refused] = {}
        for name, expected in files.items():
            reasons = []
            for source in candidates:
                try:
                    if source in closed:
                        raise closed[source]
                    packed = within(limits.total, source.read, name, packed_limit(expected["bytes"]), expected)
                    write_bytes(destinations[name], content(packed, expected))
                except Refused as refused:
                    reasons.append(f"{source.where(name)}: {refused}")
                    if source not in closed:
                        log.info("%s", reasons[-1])
                    if refused.whole_source:
                        closed[source] = refused
                else:
                    log.info("%s: fetched from %s", destinations[name], source.where(name))
                    break
            else:
                raise UserError(_no_source(destinations[name], reasons, files))


def _no_source(path: str | Path, reasons: list[str], files: Iterable[str]) -> str:
    return "\n".join(
        [
            f"{path}: no source has this file:",
            *(f"  - {reason}" for reason in reasons),
            f"To supply the files yourself, put {', '.join(files)}",
            "(plain or .gz) in a folder and add `- folder: that/folder` at the top of the dataset's `sources` in",
            "config.yaml.",
        ]
    )


def within(seconds: float, function: Callable[..., T], *args: object) -> T:
    """Call `function` and wait at most `seconds` for its result. Raises Refused if it takes longer.

    This needs a thread: socket time-outs start anew with each byte that dribbles in, and do not cover the look-up of a
    host's name. A thread that is given up ends with the program.
    """
    outcome: Future[T] = Future()

    def call() -> None:
        try:
            outcome.set_result(function(*args))
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    try:
        return outcome.result(timeout=seconds)
    except TimeoutError as error:
        raise Refused(f"not complete after {seconds:g} s", whole_source=True) from error
