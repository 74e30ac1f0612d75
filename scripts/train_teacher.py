"""Train a replicate's teacher on hard labels: the prepared data -> its weights, and its history, a row per epoch."""

from mythical_digit.training import trainer
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]) as log:
        trainer.run("teacher", snakemake, log)
