"""Gather the metrics of all models and seeds: their JSON records -> a tidy table, one row per seed, model and class."""

from collections.abc import Iterable, Iterator

from mythical_digit.evaluation.metrics import DIVERGED, read_record
from mythical_digit.files import origin
from mythical_digit.files.records import write_csv
from mythical_digit.tables.accuracies import COLUMNS
from mythical_digit.tables.experiment_note import noted_table
from mythical_digit.workflow.job_log import logged


def rows(records: Iterable[tuple[int, str, dict]]) -> Iterator[tuple]:
    """The rows of the table from (seed, model, record of `evaluate`), in the order given; accuracy in percent.

    A network that diverged has the word in the place of its numbers.
    """
    for seed, model, record in records:
        n = record["class_n"]
        missing = [DIVERGED] * len(n)
        per_class = zip(n, record.get("class_correct", missing), record.get("class_accuracy", missing), strict=True)
        for number, (n, correct, accuracy) in enumerate(per_class):
            yield seed, model, number, n, correct, accuracy


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        keys = ((seed, model) for seed in snakemake.params.seeds for model in snakemake.params.models)
        records = (
            (*key, read_record(path, search=True)) for key, path in zip(keys, snakemake.input.metrics, strict=True)
        )
        write_csv(snakemake.output[0], *noted_table(COLUMNS, rows(records), snakemake.params.note))
