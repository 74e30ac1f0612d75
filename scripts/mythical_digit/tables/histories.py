"""Training histories, as the training rules write them to .../{model}/history.csv, one row per epoch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
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


def read_published_history(path: str | Path) -> dict[str, dict[str, np.ndarray]]:
    """Read what was published of each epoch of some models: by model, `epoch` and the columns that the file has.

    Each is float64 of shape (n_epochs,), in the units of `read_histories`.

    Raises UserError if the file cannot be read, or a cell is not a number.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for row in read_csv(path):
        try:
            numbers = {name: float(row[name]) for name in ("epoch", *COLUMNS) if name == "epoch" or name in row}
            of_model = found.setdefault(row["model"], {name: [] for name in numbers})
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(f"{path}: not a table of model, epoch and {', '.join(COLUMNS)} ({error!r})") from error
        for name, number in numbers.items():
            of_model[name].append(number)
    return {model: {name: np.array(values) for name, values in columns.items()} for model, columns in found.items()}


def _read_history(path: str | Path) -> list[list[float]]:
    rows = read_columns(path, {"epoch": int, **dict.fromkeys(COLUMNS, float)})
    epochs = [epoch for epoch, *_ in rows]
    if not epochs or epochs != list(range(1, len(epochs) + 1)):
        raise UserError(f"{path}: the epochs are {epochs}, not 1, 2, 3, ...; {AGAIN}")
    return [values for _, *values in rows]
