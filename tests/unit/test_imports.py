"""Which files a script consists of."""

import pytest

from common.imports import fingerprints, sources


@pytest.fixture
def project(tmp_path):
    files = {
        "script.py": "import os\nfrom common import a\n\ndef late():\n    import other\n",
        "other.py": "import numpy\n",
        "common/__init__.py": "",
        "common/a.py": "from common.b import function\n",
        "common/b.py": "from . import c\n",
        "common/c.py": "import common.a\n",  # a circle
        "common/unused.py": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_sources_are_found_through_others_in_functions_and_relatively(project):
    names = [path.relative_to(project).as_posix() for path in sources(project / "script.py")]
    assert names == ["common/__init__.py", "common/a.py", "common/b.py", "common/c.py", "other.py", "script.py"]


@pytest.mark.parametrize("name", ["script.html", "script.js"])
def test_what_a_script_puts_into_a_page_belongs_to_it(project, name):
    (project / name).write_text("")
    assert project / name in sources(project / "script.py")
    assert project / name not in sources(project / "other.py")


def test_fingerprints_go_by_content_whatever_the_line_ends(project, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy")
    for path in project.rglob("*.py"):
        target = copy / path.relative_to(project)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = fingerprints(project / "script.py")
    assert fingerprints(copy / "script.py") == before
    (copy / "other.py").write_text("import numpy as np\n")
    # The cache is per process, and a run of Snakemake is one.
    fingerprints.cache_clear()
    from common import imports

    imports._fingerprint.cache_clear()
    after = fingerprints(copy / "script.py")
    assert {name for name in before if before[name] != after[name]} == {"other.py"}
