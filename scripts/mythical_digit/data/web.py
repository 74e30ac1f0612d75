"""Download from servers that may be slow, broken, endless or down: within limits, with the reason for a failure."""

import http.client
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pypi_simple
import requests
import tenacity
import urllib3
from tqdm import tqdm

CHUNK = 1 << 16  # bytes

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """How long a source may take, in seconds, and how often it is asked."""

    connect: float = 5  # for each address of a host
    read: float = 30  # between two pieces of an answer
    total: float = 600  # for one file from one source, attempts and all
    unreachable: float = 3  # no new attempt to connect after this time
    attempts: int = 3
    wait: float = 0.5  # before the second attempt; doubles


LIMITS = Limits()


class Refused(Exception):  # noqa: N818 (an answer, not an error)
    """Why a source is not used for a file. The words hold no address and no credentials."""

    def __init__(self, reason: str, *, may_pass: bool = False, whole_source: bool = False, connected: bool = True):
        super().__init__(reason)
        self.may_pass = may_pass  # another attempt may succeed
        self.whole_source = whole_source  # holds for the other files too
        self.connected = connected


@dataclass(frozen=True)
class Web:
    """Downloads with limits, retries and a progress bar; requests handles proxies and certificates."""

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
            raise Refused(f"the index has no readable page for this package ({type(error).__name__})") from error

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
    """Put an error of requests or urllib3 into words. Its own message may hold the address, credentials included."""
    match error:
        case requests.HTTPError():
            status = error.response.status_code
            reason = f"HTTP {status} {http.client.responses.get(status, '')}".rstrip()
            return Refused(reason, may_pass=status == 429 or status >= 500)
        case requests.exceptions.SSLError() | urllib3.exceptions.SSLError():
            return Refused("no secure connection (TLS); check the certificates (REQUESTS_CA_BUNDLE)", whole_source=True)
        case requests.exceptions.ProxyError():
            reason = "the proxy (HTTPS_PROXY, HTTP_PROXY) could not be used"
            return Refused(reason, may_pass=True, whole_source=True, connected=False)
        case requests.ConnectTimeout():
            # Not tried again: the attempt has already waited for each of the host's addresses.
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
            return Refused("the connection broke", may_pass=True)
        case _:
            return Refused(f"invalid request ({type(error).__name__})")


def index_address() -> str:
    """The package index that pip would use: PIP_INDEX_URL, else pip's configuration, else the public one."""
    if address := os.environ.get("PIP_INDEX_URL"):
        return address
    command = [sys.executable, "-m", "pip", "config", "list"]  # not "get", which looks into one file only
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        answer = ""  # an environment without pip has no pip configuration
    configured = re.search(r"^global\.index-url='(.+)'$", answer, re.MULTILINE)
    return configured[1] if configured else pypi_simple.PYPI_SIMPLE_ENDPOINT
