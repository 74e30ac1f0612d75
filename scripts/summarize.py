"""Gather the metrics of all models and seeds: their JSON records -> a tidy table, one row per seed, model and class."""

from collections.abc import Iterable, Iterator

import numpy as np

from common import metrics
from common.accuracies import COLUMNS
from common.errors import UserError
from common.files import read_json, write_csv
from common.job import logged


def rows(records: Iterable[tuple[int, str, dict]]) -> Iterator[tuple]:
    """The rows of the table from (seed, model, record of `evaluate`), in the order given; accuracy in percent."""
    for seed, model, record in records:
        per_class = zip(record["class_n"], record["class_correct"], record["class_accuracy"], strict=True)
        for number, (n, correct, accuracy) in enumerate(per_class):
            yield seed, model, number, n, correct, accuracy


def read_record(path: str) -> dict:
    """Read a record of `evaluate`. Raises UserError unless all that it says follows from its confusion matrix."""
    record = read_json(path)
    try:
        consistent = metrics.from_confusion(np.array(record["confusion"], dtype=np.int64)) == record
    except (KeyError, TypeError, ValueError, OverflowError, UserError):
        consistent = False
    if not consistent:
        raise UserError(f"{path}: damaged (not what follows from a confusion matrix); delete it and run again")
    return record


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        keys = ((seed, model) for seed in snakemake.params.seeds for model in snakemake.params.models)
        records = ((*key, read_record(path)) for key, path in zip(keys, snakemake.input.metrics, strict=True))
        write_csv(snakemake.output[0], COLUMNS, rows(records))
