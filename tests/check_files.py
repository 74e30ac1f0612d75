"""Check that the files named on the command line are small, and that YAML is valid without duplicate keys.

Prints one line per mistake; the exit status is 1 if there is any.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

from mythical_digit.errors import UserError
from mythical_digit.study import yaml_syntax

LARGEST = 2**20  # bytes
LARGER = {"results/published/draw/draw.html": 5 * LARGEST}  # it holds six networks


def mistakes(paths: list[Path]) -> Iterator[str]:
    """One line per file that is too large for the repository, or has the suffix of YAML and is not valid YAML."""
    for path in paths:
        largest = LARGER.get(path.as_posix(), LARGEST)
        if (size := path.stat().st_size) > largest:
            yield f"{path}: {size:,} bytes; at most {largest:,} in the repository"
        if path.suffix in (".yaml", ".yml"):
            try:
                yaml_syntax.check(path)
            except UserError as error:
                yield str(error)


if __name__ == "__main__":
    found = list(mistakes([Path(argument) for argument in sys.argv[1:]]))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
