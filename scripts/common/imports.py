"""Which files of this project a script consists of, found from the code itself: the script and all that it imports."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path


def sources(script: Path) -> list[Path]:
    """The script and every file below its folder that it imports, directly or through another, sorted.

    Imports count wherever they stand, inside of functions too; modules that are not below the script's folder
    (installed packages, the standard library) do not. What a script puts into a page belongs to it: the files of its
    name with the suffixes .html and .js.

    Raises SyntaxError if one of the files is not Python.
    """
    root = script.parent
    found: set[Path] = set()
    pending = [script]
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending.extend(_imported(path, root))
    return sorted(found | set(filter(Path.exists, map(script.with_suffix, (".html", ".js")))))


@cache
def fingerprints(script: Path) -> dict[str, str]:
    """SHA-256 (first 16 digits) of each of the script's `sources`, by its path below the script's folder.

    The content decides, whatever the modification times; line ends are read as Unix ones.
    """
    return {path.relative_to(script.parent).as_posix(): _fingerprint(path) for path in sources(script)}


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]


@cache
def _imported(path: Path, root: Path) -> tuple[Path, ...]:
    tree = ast.parse(path.read_bytes(), filename=str(path))
    names = (name for node in ast.walk(tree) for name in _names(node, path, root))
    return tuple(file for name in names for file in _files(name, root))


def _names(node: ast.AST, path: Path, root: Path) -> Iterator[str]:
    """The dotted names that an import statement may bind to modules."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = path.relative_to(root).parts[: -node.level] if node.level else ()
        base = ".".join((*package, *filter(None, [node.module])))
        yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


def _files(name: str, root: Path) -> Iterator[Path]:
    """The files that importing a dotted name runs: each package on the way, and the module."""
    place = root
    for part in name.split("."):
        place = place / part
        yield from filter(Path.is_file, (place / "__init__.py", place.with_suffix(".py")))
