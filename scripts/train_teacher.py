"""Train a replicate's teacher on hard labels: the prepared data -> its weights, and its history, a row per epoch."""

from common import numerics
from common.checkpoint import Checkpoint
from common.files import write_csv
from common.job import logged
from common.losses import hard_objective
from common.tensors import save_tensors
from common.training import HISTORY_COLUMNS, load_splits, train

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
