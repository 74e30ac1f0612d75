"""Train one arm's student: the prepared data (and the teacher's logits, if distilled) -> its weights, its history."""

from mythical_digit.training import trainer
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        trainer.run("student", snakemake, log, params.omit, params.distillation, params.search)
