"""The projects that the workflow tests start from; the finished one is made once for all processes of a test run."""

from pathlib import Path

import pytest
from filelock import FileLock
from project import Project


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory, worker_id) -> Project:
    """A project whose pipeline has run; not to be changed."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "finished"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            Project.create(folder).run(cores=4)
    return Project(folder)


@pytest.fixture
def finished(finished_project, tmp_path) -> Project:
    """A copy of the finished project that a test may change."""
    return finished_project.copy(tmp_path / "project")


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    """A project that has not run."""
    return Project.create(tmp_path / "project")
