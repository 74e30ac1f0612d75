"""Find the files of this project that a script consists of, from its imports, and fingerprint what each means.

The fingerprint of a Python file is that of its syntax tree without comments and docstrings: rewording or reformatting
changes nothing, a changed constant does.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ASSETS = (".css", ".html", ".js")  # suffixes of files next to a module that it puts into a page
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def sources(script: Path) -> list[Path]:
    """The script and every file below its folder that it imports, directly or through another, sorted.

    An import inside a function counts too. Modules outside the script's folder (installed packages, the standard
    library) do not count. A file with the name of a source and one of the suffixes ASSETS is a source.

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
    assets = (path.with_suffix(suffix) for path in found for suffix in ASSETS)
    return sorted(found | set(filter(Path.exists, assets)))


@cache
def fingerprints(script: Path) -> dict[str, str]:
    """The fingerprint of each of the script's `sources`, 16 hexadecimal digits, by its path below the script's folder.

    Modification times do not matter, nor do line endings.
    """
    return {path.relative_to(script.parent).as_posix(): fingerprint(path) for path in sources(script)}


@cache
def fingerprint(path: Path) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a file's meaning: for Python, its syntax tree."""
    content = meaning(tree(path)).encode() if path.suffix == ".py" else path.read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file. Raises SyntaxError if it is not Python."""
    return ast.parse(path.read_bytes(), filename=str(path))


def meaning(module: ast.Module) -> str:
    """The syntax tree of Python source as text, without comments, docstrings and positions.

    Not `ast.dump`: versions of Python differ in how it writes an empty list and in the fields of a node. Here empty
    fields are left out, so a field that a new version adds changes nothing unless the source uses it.
    """
    return _written(module)


def _written(node: object) -> str:
    if isinstance(node, list):
        return "[" + ",".join(map(_written, node)) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = dict(ast.iter_fields(node))
    if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        fields["body"] = node.body[1:]
    if isinstance(node, ast.Constant):
        return repr(node.value)  # without `kind`, which tells u"" from ""
    filled = (f"{name}={_written(value)}" for name, value in fields.items() if value is not None and value != [])
    return f"{type(node).__name__}({','.join(filled)})"


@cache
def _imported(path: Path, root: Path) -> tuple[Path, ...]:
    names = (name for node in _statements(tree(path)) for name in _names(node, path, root))
    return tuple(file for name in names for file in _files(name, root))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements in a node, at any depth; expressions hold no imports, and most nodes are parts of expressions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.excepthandler, ast.match_case)):
            yield child
            yield from _statements(child)


def _names(node: ast.AST, path: Path, root: Path) -> Iterator[str]:
    """The dotted names that an import statement may import as modules."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = path.relative_to(root).parts[: -node.level] if node.level else ()
        base = ".".join((*package, *filter(None, [node.module])))
        yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


def _files(name: str, root: Path) -> Iterator[Path]:
    """The files that importing a dotted name runs: each package on the way, then the module."""
    place = root
    for part in name.split("."):
        place = place / part
        yield from filter(Path.is_file, (place / "__init__.py", place.with_suffix(".py")))
