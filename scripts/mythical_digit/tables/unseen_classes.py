"""What students make of the class that each never saw, one arm per class."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mythical_digit.files.records import read_json
from mythical_digit.tables.per_model import per_model


def read_aurocs(paths: Sequence[str | Path], arms: Mapping[str, int], n_seeds: int) -> dict[str, np.ndarray]:
    """By arm, the AUROC of its class from the records of `choose_bias`, (n_seeds,): NaN where the record has none.

    `paths` has the `n_seeds` records of each of the `arms` after those of the one before.
    """
    return {
        arm: np.array([np.nan if (found := read_json(path)["auroc"]) is None else found for path in of_arm])
        for arm, of_arm in per_model(paths, arms, n_seeds).items()
    }
