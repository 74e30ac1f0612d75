"""The training loop, the same for the teacher and every student: tensors in memory, no loader."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from mythical_digit.data import prepared
from mythical_digit.training import numerics
from mythical_digit.training.adam import Adam
from mythical_digit.training.checkpoint import Checkpoint
from mythical_digit.training.jitter import JitteredImages
from mythical_digit.training.losses import Objective
from mythical_digit.training.network import Dropout, Mlp
from mythical_digit.training.order import SHUFFLED, ImageOrder
from mythical_digit.training.randomness import DropoutMasks, stream
from mythical_digit.training.schedule import learning_rate

HISTORY_COLUMNS = (
    "epoch",
    "train_loss",
    "train_cross_entropy",
    "train_accuracy",
    "test_cross_entropy",
    "test_accuracy",
)
INFERENCE_BATCH = 1000


@dataclass(frozen=True)
class Split:
    """`images` (n, rows, columns) float32, normalised, and `labels` (n,) int64, on the device that computes."""

    images: torch.Tensor
    labels: torch.Tensor


def load_splits(
    path: str, normalisation: Mapping[str, float], held_out: int, recipe: Mapping, device: torch.device
) -> tuple[Split, Split]:
    """Both splits as `prepared.load_split` reads them, on the device; training images have the margin for jitter."""
    margins = {"train": recipe.get("jitter", 0), "test": 0}
    arrays = (prepared.load_split(path, split, normalisation, held_out, margin) for split, margin in margins.items())
    return tuple(Split(*(torch.from_numpy(array).to(device) for array in pair)) for pair in arrays)


def train(
    role: str,
    recipe: Mapping,
    seed: int,
    splits: tuple[Split, Split],
    classes: int,
    omit: Sequence[int],
    objective: Objective,
    compute: Mapping[str, str],
    checkpoint: Checkpoint | None,
    log: logging.Logger,
) -> tuple[Mlp, list[tuple]]:
    """Train a network from scratch and return it with one row of HISTORY_COLUMNS per epoch.

    `role` (teacher or student) names its random streams. `recipe` has `hidden` (units per hidden layer), `dropout` (of
    them), `epochs`, `batch_size` and `learning_rate` (of Adam), and may have `input_dropout`, `schedule` (of the
    learning rate: constant, unless it says one-cycle), `order` (of the images, as `ImageOrder` takes it), `jitter` (pixels)
    and `max_norm`. `splits` are train and test;
    with jitter, the former's images have a margin of so many pixels. Images of the classes in `omit` are left out of
    training; they stay in the test split. `compute` has `precision` and `numerics`. Losses are in nats, accuracies in
    percent; the train columns are means over the images of an epoch while it trained, with dropout and jitter, the
    test columns are measured after it, without. With a `checkpoint`, training goes on where that one stands, and
    renews it each epoch.
    """
    train_split, test_split = splits
    device = train_split.images.device
    sizes = (test_split.images[0].numel(), *recipe["hidden"], classes)
    model = Mlp.initialised(sizes, stream(seed, role, "initialisation")).to(device)
    optimiser = Adam(model.parameters())
    streams = {name: stream(seed, role, name) for name in ("order", "jitter")}
    order = ImageOrder(recipe.get("order", SHUFFLED), len(train_split.labels), streams["order"])
    images = JitteredImages(train_split.images, recipe.get("jitter", 0), streams["jitter"])
    masks = DropoutMasks(stream(seed, role, "dropout"), device)
    dropout = Dropout(recipe.get("input_dropout", 0), recipe["dropout"], masks)
    autocast = torch.autocast(device.type, torch.bfloat16, enabled=compute["precision"] == "bf16", cache_enabled=False)
    kept = ~np.isin(train_split.labels.cpu().numpy(), omit)

    n_train, batch_size, n_test = int(kept.sum()), recipe["batch_size"], len(test_split.labels)
    rows = (min(batch_size, n_train), n_train % batch_size or batch_size, n_test // inference_batches(n_test))
    numerics.fit_threads(compute["numerics"], rows, sizes)

    state = (model, optimiser, streams, masks)
    history = checkpoint.resume(*state) if checkpoint else []
    steps_per_epoch = -(-n_train // batch_size)
    step, steps = len(history) * steps_per_epoch, recipe["epochs"] * steps_per_epoch
    for epoch in range(len(history) + 1, recipe["epochs"] + 1):
        # Filtering a permutation of all images leaves those that every arm keeps in the same order in each.
        permutation = order.next_epoch()
        indices = torch.from_numpy(permutation[kept[permutation]]).to(device)
        images.move()
        totals = torch.zeros(3, device=device, dtype=torch.float64)
        for batch in indices.split(batch_size):
            with autocast:
                logits = model(images.take(batch), dropout)
            logits = logits.float()
            loss = objective(logits, batch)
            loss.backward()
            optimiser.step(learning_rate(recipe.get("schedule", "constant"), recipe["learning_rate"], step, steps))
            if "max_norm" in recipe:
                model.limit_norms(recipe["max_norm"])
            step += 1
            totals += len(batch) * torch.stack((loss.detach(), *scores(logits.detach(), train_split.labels[batch])))
        train_scores = (totals / len(indices)).tolist()
        test_scores = torch.stack(
            scores(predict(model, test_split.images, compute["precision"]), test_split.labels)
        ).tolist()
        history.append((epoch, *train_scores, *test_scores))
        log.info("  ".join(f"{name} {value:.6g}" for name, value in zip(HISTORY_COLUMNS, history[-1], strict=True)))
        if checkpoint:
            checkpoint.save(history, *state)
    return model, history


def scores(logits: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean cross-entropy in nats and accuracy in percent of logits (n, classes) against labels (n,)."""
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
