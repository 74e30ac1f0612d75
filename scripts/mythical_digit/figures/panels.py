"""Which models share a panel of a figure."""

from collections.abc import Mapping, Sequence

import numpy as np


def distinct(values: Mapping[str, np.ndarray]) -> list[list[str]]:
    """The names in groups whose arrays are equal, each group at the place of its first name."""
    groups: list[list[str]] = []
    for name, array in values.items():
        for group in groups:
            if np.array_equal(values[group[0]], array, equal_nan=True):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


def title(names: Sequence[str]) -> str:
    """The title of a panel of several models, the first name in full: Norm No3 and +B."""
    return " and ".join([names[0], *(name.removeprefix(names[0]) for name in names[1:])])
