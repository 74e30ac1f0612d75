"""What the tests of faults start from: a short run, what it ends in undisturbed, and runs that leave no process."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from project import Project
from runs import Run


def create_short(folder: Path) -> Project:
    """A project of one seed and one arm, the one that passes through every rule; its training is long enough to hit."""
    project = Project.create(folder)
    config = project.config
    config["seeds"] = [0]
    experiment = config["experiments"]["notebook"]
    for block in ("arms", "bias"):
        experiment[block] = {"kd-no3": experiment[block]["kd-no3"]}
    for role in ("teacher", "student"):
        experiment[role]["epochs"] = 100
    for page in ("hero", "draw"):  # they name the models that are left out here
        config.pop(page)
    project.config = config
    return project


@pytest.fixture(scope="session")
def undisturbed(made_once) -> Project:
    """The short project after a run that nothing disturbed; not to be changed."""
    return made_once("undisturbed", lambda folder: create_short(folder).run(cores=4))


@pytest.fixture
def short(tmp_path) -> Project:
    """The short project before any run."""
    return create_short(tmp_path / "short")


@pytest.fixture
def start() -> Iterator[Callable[..., Run]]:
    """Starts runs, as Run does, and leaves none of their processes behind."""
    with contextlib.ExitStack() as stack:

        def start(project: Project, *arguments: str, **options) -> Run:
            run = Run(project, *arguments, **options)
            stack.callback(run.end)
            return run

        yield start
