"""Gather the training histories of all models and seeds -> a tidy table, one row per seed, model and epoch."""

from mythical_digit.files import origin
from mythical_digit.files.records import write_csv
from mythical_digit.tables.columns import read_columns
from mythical_digit.tables.experiment_note import noted_table
from mythical_digit.tables.histories import ALL_COLUMNS, TYPES
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        keys = [(seed, model) for seed in snakemake.params.seeds for model in snakemake.params.models]
        rows = (
            (*key, *epoch)
            for key, path in zip(keys, snakemake.input.histories, strict=True)
            for epoch in read_columns(path, TYPES)
        )
        write_csv(snakemake.output[0], *noted_table(ALL_COLUMNS, rows, snakemake.params.note))
