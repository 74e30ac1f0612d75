"""Gather what shifted biases do: the records of all arms and seeds -> a table, one row per seed, arm and way."""

from collections.abc import Iterable, Iterator

from mythical_digit.files import origin
from mythical_digit.files.records import read_json, write_csv
from mythical_digit.tables.experiment_note import noted_table
from mythical_digit.tables.shift_effects import COLUMNS
from mythical_digit.workflow.job_log import logged


def rows(records: Iterable[tuple[int, str, dict]]) -> Iterator[tuple]:
    """The rows of the table from (seed, arm, record of `choose_bias`), in the order given; accuracies in percent."""
    for seed, arm, record in records:
        for way, found in record["ways"].items():  # none of a network that diverged
            measured = found["metrics"]
            n, correct = (
                sum(measured[key][label] for label in record["classes"]) for key in ("class_n", "class_correct")
            )
            others = _percent(measured["n"] - measured["errors"] - correct, measured["n"] - n)
            accuracies = (_percent(correct, n), others, measured["accuracy"])
            yield seed, arm, way, found["shift"], measured["n"], measured["errors"], n, n - correct, *accuracies


def _percent(correct: int, n: int) -> float | None:
    """The share of `n` images; None if there is none."""
    return 100 * correct / n if n else None


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        keys = ((seed, arm) for arm in snakemake.params.arms for seed in snakemake.params.seeds)
        records = ((*key, read_json(path)) for key, path in zip(keys, snakemake.input.records, strict=True))
        write_csv(snakemake.output[0], *noted_table(COLUMNS, rows(records), snakemake.params.note))
