"""What shifted biases did, as `summarize_bias` leaves it in results/{experiment}/bias.csv."""

from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv

COLUMNS = ("shift", "n", "errors", "class_n", "class_errors")


def read_shifts(path: str | Path) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Read the table: for each arm and way, the columns shift, n, errors, class_n, class_errors as (n_seeds,) float64.

    Raises UserError where it cannot be read.
    """
    found: dict[tuple[str, str], list[list[float]]] = {}
    try:
        for row in read_csv(path):
            found.setdefault((row["arm"], row["way"]), []).append([float(row[column]) for column in COLUMNS])
    except (KeyError, TypeError, ValueError) as error:
        again = "delete the file and run Snakemake again"
        raise UserError(f"{path}: not a table of arm, way, {', '.join(COLUMNS)} ({error!r}); {again}") from error
    return {key: dict(zip(COLUMNS, np.array(rows).T, strict=True)) for key, rows in found.items()}
