"""Which files a script is made of, and what changes their fingerprints."""

import ast
import hashlib

import pytest

from mythical_digit.workflow import fingerprints
from mythical_digit.workflow.fingerprints import meaning, sources


@pytest.fixture
def project(tmp_path):
    files = {
        "script.py": "import os\nfrom pkg import a\n\ndef late():\n    import other\n",
        "other.py": "import numpy\n",
        "pkg/__init__.py": "",
        "pkg/a.py": "from pkg.b import function\n",
        "pkg/b.py": "from . import c\n",
        "pkg/c.py": "import pkg.a\n",  # a circle
        "pkg/unused.py": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_sources_are_found_through_others_in_functions_and_relatively(project):
    names = [path.relative_to(project).as_posix() for path in sources(project / "script.py")]
    assert names == ["other.py", "pkg/__init__.py", "pkg/a.py", "pkg/b.py", "pkg/c.py", "script.py"]


@pytest.mark.parametrize("name", ["script.html", "script.js", "pkg/a.html"])
def test_what_a_module_puts_into_a_page_belongs_to_it(project, name):
    (project / name).write_text("")
    assert project / name in sources(project / "script.py")
    assert project / name not in sources(project / "other.py")


def test_a_fingerprint_goes_by_the_file_alone(project):
    before = fingerprints.fingerprints(project / "script.py")
    (project / "other.py").write_text("import numpy as np\n")
    # The caches are per process, as is a run of Snakemake.
    for cached in (fingerprints.fingerprints, fingerprints.fingerprint, fingerprints.tree):
        cached.cache_clear()
    after = fingerprints.fingerprints(project / "script.py")
    assert {name for name in before if before[name] != after[name]} == {"other.py"}


CODE = b'''"""A module."""

LIMIT = 3  # of them


def double(x: int = 2) -> str:
    """Twice x."""
    text = f"{2 * x:>5} is" "twice"
    return text if x < LIMIT else u"many"


class Empty:
    """Nothing yet."""
'''
REWORDED = {
    "comment": (b"# of them", b"# at most"),
    "no comment": (b"  # of them", b""),
    "docstring": (b"Twice x.", b"Two times x."),
    "module docstring": (b'"""A module."""', b""),
    "class docstring": (b"Nothing yet.", b"Nothing at all."),
    "blank lines": (b"\n\n\n", b"\n"),
    "line ends": (b"\n", b"\r\n"),
    "quotes and parentheses": (b'else u"many"', b"else ('many')"),
    "line breaks": (b"(x: int = 2)", b"(\n    x: int = 2,\n)"),
}
CHANGED = {
    "constant": (b"LIMIT = 3", b"LIMIT = 4"),
    "type of a constant": (b"LIMIT = 3", b"LIMIT = 3.0"),
    "text": (b'is" "twice', b'is" " twice'),
    "operator": (b"x < LIMIT", b"x <= LIMIT"),
    "default": (b"= 2)", b"= 1)"),
    "format": (b">5", b">6"),
    "name": (b"def double", b"def twice"),
    "text that is no docstring": (b"LIMIT = 3", b"LIMIT = 3\n'note'"),
}


@pytest.mark.parametrize(("old", "new"), REWORDED.values(), ids=REWORDED)
def test_rewording_and_reformatting_mean_the_same(old, new):
    assert old in CODE
    assert meaning(ast.parse(CODE.replace(old, new))) == meaning(ast.parse(CODE))


@pytest.mark.parametrize(("old", "new"), CHANGED.values(), ids=CHANGED)
def test_a_change_means_something_else(old, new):
    assert old in CODE
    assert meaning(ast.parse(CODE.replace(old, new))) != meaning(ast.parse(CODE))


def test_a_new_python_that_adds_empty_fields_changes_nothing(monkeypatch):
    before = meaning(ast.parse(CODE))
    for kind in (ast.FunctionDef, ast.ClassDef):
        monkeypatch.setattr(kind, "_fields", (*kind._fields, "type_params"))
    walk = ast.parse

    def parse(source):
        tree = walk(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                node.type_params = []
        return tree

    monkeypatch.setattr(ast, "parse", parse)
    assert meaning(ast.parse(CODE)) == before


def test_a_meaning_is_written_the_same_for_ever():
    """A version of Python whose parser builds another tree would make everything stale: this test says so first."""
    assert hashlib.sha256(meaning(ast.parse(CODE)).encode()).hexdigest()[:16] == "5cddb4eda741d61d"
