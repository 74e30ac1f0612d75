"""Unpack what a source sent, and check that it is the file that was expected."""

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from typing import TypedDict

from mythical_digit.data.web import Refused

GZIP_MAGIC = b"\x1f\x8b"
HTML = re.compile(rb"\s*<(!doctype html|html|head|!--)", re.IGNORECASE)


class Expected(TypedDict):
    """What a file must be, uncompressed: its size and its SHA-256 (hexadecimal)."""

    bytes: int
    sha256: str


def packed_limit(size: int) -> int:
    """The most bytes that a file of `size` bytes takes as .gz: incompressible data and a generous header."""
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


def content(packed: bytes, expected: Expected) -> bytes:
    """Return what `packed`, plain or gzipped, holds if it is as expected, uncompressed. Raises Refused otherwise."""
    try:
        return checked(unpacked(packed, expected["bytes"]), expected)
    except Refused as refused:
        of_packed = [
            words
            for words, found, wanted in (
                ("size", len(packed), expected["bytes"]),
                ("SHA-256", hashlib.sha256(packed).hexdigest(), expected["sha256"]),
            )
            if packed.startswith(GZIP_MAGIC) and found == wanted
        ]
        if of_packed:
            words = f"the {' and the '.join(of_packed)} in config.yaml {'are' if of_packed[1:] else 'is'} of the .gz"
            raise Refused(f"{words}; give those of the uncompressed file") from refused
        raise


def member(archive: bytes, name: str) -> bytes:
    """Return the member `name` of a zip archive whose SHA-256 has been checked: it holds no surprises.

    Raises Refused where the config asks for something else: no such member, or not a zip archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return opened.read(name)
    except KeyError as error:
        raise Refused(f"the archive has no member {name}") from error
    except zipfile.BadZipFile as error:
        raise Refused(f"not a readable zip archive: {error}") from error


def checked(content: bytes, expected: Expected) -> bytes:
    """Return `content` if it has the expected size and SHA-256. Raises Refused otherwise."""
    if HTML.match(content):
        raise Refused("an HTML page, not the file")
    if len(content) > expected["bytes"]:
        raise Refused(f"more than the expected {expected['bytes']} bytes, uncompressed")
    if len(content) < expected["bytes"]:
        raise Refused(f"{len(content)} bytes, expected {expected['bytes']}, uncompressed")
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != expected["sha256"]:
        raise Refused(f"SHA-256 {sha256[:12]}…, expected {expected['sha256'][:12]}…")
    return content
