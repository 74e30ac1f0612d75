"""Training histories, as the training rules write them to .../{model}/history.csv, one row per epoch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.tables.columns import AGAIN, read_columns
from mythical_digit.training.history import Epoch

COLUMNS = Epoch._fields[1:]


def read_histories(paths: Sequence[str | Path]) -> dict[str, np.ndarray]:
    """Read one model's histories, one file per seed: each column as float64 of shape (n_seeds, n_epochs).

    Losses are in nats, accuracies in percent; the epochs are 1, 2, ..., n_epochs.

    Raises UserError if a file cannot be read, or its epochs are not 1, 2, ... as in the first file.
    """
    histories = [_read_history(path) for path in paths]
    for path, history in zip(paths, histories, strict=True):
        if len(history) != len(histories[0]):
            raise UserError(
                f"{path}: {len(history)} epochs, but {len(histories[0])} in {paths[0]}; "
                "delete the outdated one and run Snakemake again"
            )
    return dict(zip(COLUMNS, np.moveaxis(np.array(histories), 2, 0), strict=True))


def _read_history(path: str | Path) -> list[list[float]]:
    rows = read_columns(path, {"epoch": int, **dict.fromkeys(COLUMNS, float)})
    epochs = [epoch for epoch, *_ in rows]
    if not epochs or epochs != list(range(1, len(epochs) + 1)):
        raise UserError(f"{path}: the epochs are {epochs}, not 1, 2, 3, ...; {AGAIN}")
    return [values for _, *values in rows]
