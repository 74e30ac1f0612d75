"""Which version of this project runs, as git knows it."""

import subprocess
from pathlib import Path


def state(project: Path) -> dict[str, object] | None:
    """The commit of the project and whether its files are as in it (`clean`), apart from results/.

    None where git is missing or the project is not a checkout, though it may lie inside of one.
    """
    try:
        _git(project, "ls-files", "--error-unmatch", "Snakefile")
        commit = _git(project, "rev-parse", "HEAD").strip()
        changes = _git(project, "status", "--porcelain", "--", ".", ":(exclude)results")
    except (OSError, subprocess.CalledProcessError):
        return None
    return {"commit": commit, "clean": not changes}


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout
