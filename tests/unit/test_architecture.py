"""The direction of imports: data flows forward through the package's folders, and so do imports."""

import ast

import pytest
from project import ROOT

from mythical_digit.workflow.fingerprints import sources

PACKAGE = ROOT / "scripts/mythical_digit"
# What is further down may import what is further up; nothing may import the other way.
ORDER = (
    *("errors", "files", "study", "data", "training", "evaluation", "tables", "figures"),
    *("claims", "pages", "records", "workflow"),
)
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]
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
    used = {path for script in SCRIPTS for path in sources(script)}
    rules = "".join(path.read_text() for path in (ROOT / "rules").glob("*.smk"))
    unused = [path for path in MODULES if path not in used and path.stem not in rules]
    assert unused == []
