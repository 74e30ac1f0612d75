"""What all tests need: the numerics of the pipeline, set before anything imports torch; projects to start from."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from project import Project

from mythical_digit.training import numerics

os.environ.update(numerics.environment("strict"))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id) -> Callable[[str, Callable[[Path], None]], Project]:
    """A function that lets another make a project in a folder, once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()

    def made_once(name: str, make: Callable[[Path], None]) -> Project:
        folder = (base if worker_id == "master" else base.parent) / name
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                make(folder)
        return Project(folder)

    return made_once


@pytest.fixture(scope="session")
def finished_project(made_once) -> Project:
    """A project whose pipeline has run; not to be changed."""
    return made_once("finished", lambda folder: Project.create(folder).run(cores=4))


@pytest.fixture
def finished(finished_project, tmp_path) -> Project:
    """A copy of the finished project that a test may change."""
    return finished_project.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def published_project(made_once, finished_project):
    """The finished project after `publish`; not to be changed."""
    return made_once("published", lambda folder: finished_project.copy(folder).run("publish"))


@pytest.fixture
def published(published_project, tmp_path):
    """A copy of the published project that a test may change."""
    return published_project.copy(tmp_path / "project")


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    """A project that has not run."""
    return Project.create(tmp_path / "project")
