"""Lists that hold the seeds of one model after those of another, as rules order their input files."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def per_model(items: Sequence[Item], models: Iterable[str], n_seeds: int) -> dict[str, list[Item]]:
    """Split a list into the `n_seeds` items of each of the `models`, in their order."""
    return {model: list(items[i * n_seeds : (i + 1) * n_seeds]) for i, model in enumerate(models)}
