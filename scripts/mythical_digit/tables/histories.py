"""Training histories, one row per epoch.

The training rules write that of a model to .../{model}/history.csv, `summarize_histories` those of all models and seeds
to results/{experiment}/histories.csv.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
from mythical_digit.tables.columns import AGAIN, read_columns
from mythical_digit.training.history import Epoch

COLUMNS = Epoch._fields[1:]
TYPES = {"epoch": int, **dict.fromkeys(COLUMNS, float)}
ALL_TYPES = {"seed": int, "model": str, **TYPES}
ALL_COLUMNS = tuple(ALL_TYPES)


def read_histories(paths: Sequence[str | Path]) -> dict[str, np.ndarray]:
    """Read one model's histories, one file per seed: each column as float64 of shape (n_seeds, n_epochs).

    Losses are in nats, accuracies in percent; the epochs are 1, 2, ..., n_epochs.

    Raises UserError if a file cannot be read, or its epochs are not 1, 2, ... as in the first file.
    """
    return _together({str(path): read_columns(path, TYPES) for path in paths})


def read_all_histories(path: str | Path) -> dict[str, dict[str, np.ndarray]]:
    """Read the histories of all models and seeds from histories.csv: by model, what `read_histories` gives.

    Raises UserError as that does, and if the models do not have the same seeds.
    """
    found: dict[str, dict[int, list[tuple]]] = {}
    for seed, model, *epoch in read_columns(path, ALL_TYPES):
        found.setdefault(model, {}).setdefault(seed, []).append(epoch)
    if len({tuple(of_seeds) for of_seeds in found.values()}) != 1:
        raise UserError(f"{path}: no rows, or not of the same seeds for each model; {AGAIN}")
    return {
        model: _together({f"{path}: {model}, seed {seed}": rows for seed, rows in of_seeds.items()})
        for model, of_seeds in found.items()
    }


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


def _together(seeds: Mapping[str, Sequence[Sequence[float]]]) -> dict[str, np.ndarray]:
    """One model's histories by column, (n_seeds, n_epochs) each, from the rows of each seed by where they are."""
    first, n_epochs = next((where, len(rows)) for where, rows in seeds.items())
    for where, rows in seeds.items():
        epochs = [epoch for epoch, *_ in rows]
        if not epochs or epochs != list(range(1, len(epochs) + 1)):
            raise UserError(f"{where}: the epochs are {epochs}, not 1, 2, 3, ...; {AGAIN}")
        if len(rows) != n_epochs:
            raise UserError(
                f"{where}: {len(rows)} epochs, but {n_epochs} in {first}; delete the outdated one, run Snakemake again"
            )
    histories = np.array([*seeds.values()])[:, :, 1:]
    return dict(zip(COLUMNS, np.moveaxis(histories, 2, 0), strict=True))
