"""The version of the code, from git."""

import subprocess
from pathlib import Path


def state(project: Path) -> dict[str, object] | None:
    """Return the project's `commit` and whether its files, apart from results/, are as committed (`clean`).

    Returns None without git, or if the project is not a checkout, even if it lies inside one.
    """
    try:
        _git(project, "ls-files", "--error-unmatch", "Snakefile")
        commit = _git(project, "rev-parse", "HEAD").strip()
        changes = _git(project, "status", "--porcelain", "--", ".", ":(exclude)results")
    except (OSError, subprocess.CalledProcessError):
        return None
    return {"commit": commit, "clean": not changes}


def _git(folder: Path, *arguments: str) -> str:
    # git refuses a folder that another user owns, as in a container, for the commands that its config may start. Here
    # the code in the folder is running already.
    command = ["git", "-c", "safe.directory=*", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
