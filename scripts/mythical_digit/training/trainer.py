"""What the rules train_teacher and train_student do: from the prepared data to weights and history."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from mythical_digit.errors import UserError
from mythical_digit.files import origin
from mythical_digit.files.records import write_csv
from mythical_digit.files.tensors import load_tensors, save_tensors
from mythical_digit.study.recipe import Recipe
from mythical_digit.training import numerics
from mythical_digit.training.checkpoint import Checkpoint
from mythical_digit.training.history import Epoch
from mythical_digit.training.loop import DivergedError, Split, load_splits, train
from mythical_digit.training.losses import distilled_objective, hard_objective


def check_splits(splits: tuple[Split, Split], omit: Sequence[int], jitter: int, held_out: int) -> None:
    """Raise UserError if there is nothing to train on, or `jitter` can move a digit out of its image.

    A class may lack images in both splits. One that is scored has training images, and one that is trained is scored
    where `held_out` images stand for the test images.
    """
    there = [{*split.labels.unique().tolist()} for split in splits]
    wanted = {"training": there[1], "held-out": there[0] if held_out else {*()}}
    for (name, labels), split, found in zip(wanted.items(), splits, there, strict=True):
        if missing := sorted(labels - found):
            words = f"the {len(split.labels)} {name} images have none of class {', '.join(map(str, missing))}"
            raise UserError(f"{words}; change `held_out` ({held_out}) of the experiment in config.yaml")
    if there[0] <= {*omit}:
        raise UserError(f"no training image is left without the classes {list(omit)}; change `omit` of the arm")
    side = min(splits[1].images.shape[1:])
    if jitter >= side:
        raise UserError(f"jitter {jitter} moves digits out of images of {side} pixels; allowed: 0 to {side - 1}")


def run(
    role: str,
    job: Any,
    log: logging.Logger,
    omit: Sequence[int] = (),
    distillation: Mapping[str, Any] | None = None,
    search: bool = False,
) -> None:
    """Train the network of a job as its rule says it, and write the weights and the history.

    `role` is teacher or student, `job` what Snakemake gives a script: `input.data`, the outputs `model` and `history`,
    `resources.processors`, and the params `recipe`, `seed`, `classes`, `compute`, `normalisation`, `held_out`, `code`
    and `origins`. No image of the classes in `omit` is trained on. With `distillation` (`temperature`, `alpha`,
    `scale_by_t_squared`), the soft targets are those of `input.teacher_logits`, (n_train, classes) float32.
    In a `search`, a network that diverges is a result like any other: its weights are written as they are.

    Raises DivergedError outside a search, and UserError if an input is damaged or of another config, images are
    missing, or the device of `compute` is.
    """
    params, recipe = job.params, Recipe(**job.params.recipe)
    origin.check(job)
    device = numerics.set_up(params.compute, job.resources.processors)
    splits = load_splits(job.input.data, params.normalisation, params.held_out, recipe.jitter, device)
    check_splits(splits, omit, recipe.jitter, params.held_out)
    objective = hard_objective(splits[0].labels)
    if distillation is not None:
        teacher_logits = torch.from_numpy(load_tensors(job.input.teacher_logits)["train_logits"]).to(device)
        objective = distilled_objective(splits[0].labels, teacher_logits, **distillation)
    checkpoint = Checkpoint(job.output.model, params, list(job.input), log)
    try:
        model, history = train(
            role, recipe, params.seed, splits, params.classes, omit, objective, params.compute, checkpoint, log
        )
    except DivergedError as diverged:
        if not search:
            raise
        log.info("%s", diverged)
        model, history = diverged.model, diverged.history
    write_csv(job.output.history, Epoch._fields, history)
    made_from = origin.of_job(job, job.output.model, [job.output.history], device.type)
    save_tensors(job.output.model, model.to_tensors(), made_from)
    checkpoint.remove()
