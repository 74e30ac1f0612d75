"""Train a replicate's teacher on hard labels: the prepared data -> its weights, and its history, a row per epoch."""

from mythical_digit.files.records import write_csv
from mythical_digit.files.tensors import save_tensors
from mythical_digit.training import numerics
from mythical_digit.training.checkpoint import Checkpoint
from mythical_digit.training.loop import HISTORY_COLUMNS, load_splits, train
from mythical_digit.training.losses import hard_objective
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        device = numerics.set_up(params.compute, snakemake.resources.processors)
        splits = load_splits(snakemake.input.data, params.normalisation, params.held_out, params.recipe, device)
        checkpoint = Checkpoint(snakemake.output.model, params, list(snakemake.input), log)
        model, history = train(
            role="teacher",
            recipe=params.recipe,
            seed=params.seed,
            splits=splits,
            classes=params.classes,
            omit=[],
            objective=hard_objective(splits[0].labels),
            compute=params.compute,
            checkpoint=checkpoint,
            log=log,
        )
        write_csv(snakemake.output.history, HISTORY_COLUMNS, history)
        save_tensors(snakemake.output.model, model.to_tensors())
        checkpoint.remove()
