"""Are the files that are named small, and those of YAML well formed? What is wrong is printed: exit status 1."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

from mythical_digit.errors import UserError
from mythical_digit.study import yaml_syntax

LARGEST = 2**20  # bytes


def mistakes(paths: list[Path]) -> Iterator[str]:
    """One line per file that is larger than a repository should hold, or is not YAML by its own suffix."""
    for path in paths:
        if (size := path.stat().st_size) > LARGEST:
            yield f"{path}: {size:,} bytes; at most {LARGEST:,} in the repository"
        if path.suffix in (".yaml", ".yml"):
            try:
                yaml_syntax.check(path)
            except UserError as error:
                yield str(error)


if __name__ == "__main__":
    found = list(mistakes([Path(argument) for argument in sys.argv[1:]]))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
