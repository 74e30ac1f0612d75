"""The direction of imports: data flows forward through the package's folders, and so do imports."""

import ast
import re

import pytest
from project import ROOT

PACKAGE = ROOT / "scripts/mythical_digit"
# What is further down may import what is further up; nothing may import the other way.
ORDER = (
    *("errors", "files", "study", "data", "training", "evaluation", "tables", "figures"),
    *("claims", "pages", "records", "workflow"),
)
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]
IMPORT = re.compile(r"^ *from (mythical_digit[\w.]*) import (.+)$", re.MULTILINE)
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))


def folder(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """The folders of the package that a module imports from."""
    nodes = ast.walk(ast.parse(path.read_text()))
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[1] for name in names if name.startswith("mythical_digit.")}


def test_every_folder_has_its_place():
    assert {folder(path) for path in MODULES} <= {*ORDER}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path):
    allowed = ORDER[: ORDER.index(folder(path)) + 1]
    assert imported(path) <= {*allowed}


def test_the_packages_are_empty():
    """What an `__init__` imported would be among what every script of that folder is made of."""
    assert {path.read_text() for path in PACKAGE.glob("*/__init__.py")} == {""}
    assert not imported(PACKAGE / "__init__.py")


def test_no_module_is_left_over():
    """Each module is imported by another, by a script or by the rules, or is a command itself."""
    texts = [path.read_text() for path in (*MODULES, *SCRIPTS, *(ROOT / "rules").glob("*.smk"))]
    imports = [found for text in texts for found in IMPORT.findall(text)]
    used = {f"{base}.{name}" for base, names in imports for name in names.split(", ")} | {base for base, _ in imports}
    dotted = {path: ".".join(path.relative_to(ROOT / "scripts").with_suffix("").parts) for path in MODULES}
    commands = [path for path in MODULES if '__name__ == "__main__"' in path.read_text()]
    assert [path for path in MODULES if dotted[path] not in used and path not in commands] == []
