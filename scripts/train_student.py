"""Train one arm's student: the prepared data (and the teacher's logits, if distilled) -> its weights, its history."""

import torch

from mythical_digit.files.records import write_csv
from mythical_digit.files.tensors import load_tensors, save_tensors
from mythical_digit.training import numerics
from mythical_digit.training.checkpoint import Checkpoint
from mythical_digit.training.loop import HISTORY_COLUMNS, load_splits, train
from mythical_digit.training.losses import distilled_objective, hard_objective
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        device = numerics.set_up(params.compute, snakemake.resources.processors)
        splits = load_splits(snakemake.input.data, params.normalisation, params.held_out, params.recipe, device)
        if params.distillation is None:
            objective = hard_objective(splits[0].labels)
        else:
            teacher_logits = torch.from_numpy(load_tensors(snakemake.input.teacher_logits)["train_logits"]).to(device)
            objective = distilled_objective(splits[0].labels, teacher_logits, **params.distillation)
        checkpoint = Checkpoint(snakemake.output.model, params, list(snakemake.input), log)
        model, history = train(
            role="student",
            recipe=params.recipe,
            seed=params.seed,
            splits=splits,
            classes=params.classes,
            omit=params.omit,
            objective=objective,
            compute=params.compute,
            checkpoint=checkpoint,
            log=log,
        )
        write_csv(snakemake.output.history, HISTORY_COLUMNS, history)
        save_tensors(snakemake.output.model, model.to_tensors())
        checkpoint.remove()
