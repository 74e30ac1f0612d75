"""The training loop, the same for the teacher and every student: tensors in memory, no loader."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch.nn import functional

from mythical_digit.data import prepared
from mythical_digit.errors import UserError
from mythical_digit.study.recipe import Recipe
from mythical_digit.training import numerics
from mythical_digit.training.checkpoint import Checkpoint
from mythical_digit.training.history import Epoch
from mythical_digit.training.jitter import JitteredImages
from mythical_digit.training.losses import Objective
from mythical_digit.training.network import Dropout, Mlp
from mythical_digit.training.order import ImageOrder
from mythical_digit.training.pace import told
from mythical_digit.training.schedule import learning_rate
from mythical_digit.training.state import State

INFERENCE_BATCH = 1000


class DivergedError(UserError):
    """A training whose loss or weights are no longer finite: its network has no accuracy.

    It has the `model` and the `history` up to the epoch in which this happened.
    """

    def __init__(self, recipe: Recipe, model: Mlp, history: list[Epoch]):
        self.model, self.history = model, history
        loss = history[-1].train_loss
        found = f"the mean loss is {loss}" if not np.isfinite(loss) else "weights or test scores are not finite"
        values = ", ".join(f"{name} {value}" for name, value in asdict(recipe).items())
        super().__init__(
            f"diverged in epoch {history[-1].epoch} of {recipe.epochs} ({found}); lower learning_rate, or add max_norm "
            f"or a schedule to this recipe in config.yaml: {values}"
        )


def all_finite(tensor: torch.Tensor) -> bool:
    """Whether no number of a tensor is infinite or NaN."""
    return bool(torch.isfinite(tensor).all())


@dataclass(frozen=True)
class Split:
    """`images` (n, rows, columns) float32, normalised, and `labels` (n,) int64, on the device that computes."""

    images: torch.Tensor
    labels: torch.Tensor


def load_splits(
    path: str, normalisation: Mapping[str, float], held_out: int, jitter: int, device: torch.device
) -> tuple[Split, Split]:
    """Both splits as `load_split` reads them, on the device; training images have a margin of `jitter` pixels."""
    margins = {"train": jitter, "test": 0}
    arrays = (prepared.load_split(path, split, normalisation, held_out, margin) for split, margin in margins.items())
    return tuple(Split(*(torch.from_numpy(array).to(device) for array in pair)) for pair in arrays)


def train(
    role: str,
    recipe: Recipe,
    seed: int,
    splits: tuple[Split, Split],
    classes: int,
    omit: Sequence[int],
    objective: Objective,
    compute: Mapping[str, str],
    checkpoint: Checkpoint | None,
    log: logging.Logger,
) -> tuple[Mlp, list[Epoch]]:
    """Train a network from scratch; return it and its history.

    `role` (teacher or student) names its random streams. `splits` are train and test; with jitter, training images have
    a margin of as many pixels. Images of the classes in `omit` are left out of training and stay in the test split.
    `compute` has `precision` and `numerics`. With a `checkpoint`, training goes on from it, and renews it each epoch.

    Raises DivergedError after the first epoch whose loss or weights are not finite.
    """
    train_split, test_split = splits
    sizes = (test_split.images[0].numel(), *recipe.hidden, classes)
    state = State.initial(role, seed, sizes, train_split.labels.device)
    order = ImageOrder(recipe.order, len(train_split.labels), state.streams["order"])
    images = JitteredImages(train_split.images, recipe.jitter, state.streams["jitter"])
    kept = ~np.isin(train_split.labels.cpu().numpy(), omit)
    rows = batch_sizes(int(kept.sum()), recipe.batch_size, len(test_split.labels))
    numerics.fit_threads(compute["numerics"], rows, sizes)

    if checkpoint:
        checkpoint.resume(state)
    for epoch in range(len(state.history) + 1, recipe.epochs + 1):
        # Filtering a permutation of all images leaves those that every arm keeps in the same order in each.
        permutation = order.next_epoch()
        indices = torch.from_numpy(permutation[kept[permutation]]).to(train_split.labels.device)
        images.move()
        train_scores = train_epoch(
            state, images, train_split.labels, indices, objective, recipe, compute["precision"], log
        )
        logits = predict(state.model, test_split.images, compute["precision"])
        test_scores = torch.stack(scores(logits, test_split.labels)).tolist()
        state.history.append(Epoch(epoch, *train_scores, *test_scores))
        log.info("  ".join(f"{name} {value:.6g}" for name, value in state.history[-1]._asdict().items()))
        if not (np.isfinite(state.history[-1]).all() and all(map(all_finite, state.model.parameters()))):
            raise DivergedError(recipe, state.model, state.history)
        if checkpoint:
            checkpoint.save(state)
    return state.model, state.history


def train_epoch(
    state: State,
    images: JitteredImages,
    labels: torch.Tensor,
    indices: torch.Tensor,
    objective: Objective,
    recipe: Recipe,
    precision: str,
    log: logging.Logger,
) -> list[float]:
    """Train on the images `indices` (n,) int64, in this order; return the means of loss, cross-entropy and accuracy.

    `labels` (n_train,) int64 are those of all training images.
    """
    dropout = Dropout(recipe.input_dropout, recipe.dropout, state.masks)
    autocast = torch.autocast(labels.device.type, torch.bfloat16, enabled=precision == "bf16", cache_enabled=False)
    totals = torch.zeros(3, device=labels.device, dtype=torch.float64)
    batches = indices.split(recipe.batch_size)
    first, steps = len(state.history) * len(batches), recipe.epochs * len(batches)
    for step, batch in enumerate(told(batches, log), start=first):
        with autocast:
            logits = state.model(images.take(batch), dropout)
        logits = logits.float()
        loss = objective(logits, batch)
        loss.backward()
        state.optimiser.step(learning_rate(recipe.schedule, recipe.learning_rate, step, steps))
        if recipe.max_norm is not None:
            state.model.limit_norms(recipe.max_norm)
        totals += len(batch) * torch.stack((loss.detach(), *scores(logits.detach(), labels[batch])))
    return (totals / len(indices)).tolist()


def scores(logits: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean cross-entropy in nats and accuracy in percent of logits (n, classes) against labels (n,) int64."""
    hits = (logits.argmax(dim=1) == labels).float().mean()
    return functional.cross_entropy(logits, labels), 100 * hits


@torch.no_grad()
def predict(model: Mlp, images: torch.Tensor, precision: str) -> torch.Tensor:
    """Logits (n, classes), float32, of images (n, ...), in evaluation mode (no dropout)."""
    with torch.autocast(images.device.type, torch.bfloat16, enabled=precision == "bf16"):
        return torch.cat([model(batch).float() for batch in images.tensor_split(inference_batches(len(images)))])


def inference_batches(n: int) -> int:
    """Into how many batches of nearly the same size `predict` divides n images."""
    return -(-n // INFERENCE_BATCH)


def batch_sizes(n_train: int, batch_size: int, n_test: int) -> tuple[int, int, int]:
    """How many images are computed together: in a step, in an epoch's last step, in an evaluation (at least)."""
    return min(batch_size, n_train), n_train % batch_size or batch_size, n_test // inference_batches(n_test)
