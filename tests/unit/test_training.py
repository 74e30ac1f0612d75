"""The training loop on a small problem: what it learns, what it leaves out, and that its bytes repeat."""

import logging

import numpy as np
import pytest
import torch

from common import numerics
from common.adam import Adam
from common.losses import hard_objective
from common.randomness import stream
from common.training import HISTORY_COLUMNS, Split, train

COMPUTE = {"precision": "fp32", "numerics": "strict", "device": "cpu"}
LOG = logging.getLogger("test")
RECIPE = {"hidden": [600, 40], "dropout": 0.5, "epochs": 3, "batch_size": 300, "learning_rate": 0.003}


@pytest.fixture(scope="module")
def split():
    """2,000 noisy images of four classes, each a fixed pattern of 784 pixels."""
    rng = stream(0, "test")
    labels = rng.integers(4, size=2000)
    patterns = rng.normal(size=(4, 784))
    images = patterns[labels] + 2 * rng.normal(size=(2000, 784))
    return Split(torch.from_numpy(images.astype(np.float32)), torch.from_numpy(labels))


def run(split, threads=1, precision="fp32", omit=(), seed=0, checkpoint=None, **recipe):
    before = torch.get_num_threads()
    compute = COMPUTE | {"precision": precision}
    numerics.set_up(compute, threads)
    try:
        objective = hard_objective(split.labels)
        return train("student", RECIPE | recipe, seed, split, split, 4, omit, objective, compute, checkpoint, LOG)
    finally:
        torch.set_num_threads(before)


def weights(model):
    return b"".join(array.tobytes() for array in model.to_tensors().values())


def test_it_learns(split):
    _, history = run(split)
    rows = [dict(zip(HISTORY_COLUMNS, row, strict=True)) for row in history]
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert rows[-1]["test_accuracy"] > 95
    assert rows[-1]["train_loss"] < rows[0]["train_loss"]
    assert all(row["train_loss"] == row["train_cross_entropy"] for row in rows)


@pytest.mark.parametrize("threads", [2, 4])
@pytest.mark.parametrize("batch_size", [300, 1997, 2000])  # 1,997 leaves a batch of three images
def test_the_number_of_threads_does_not_change_a_byte(split, threads, batch_size):
    model, history = run(split, batch_size=batch_size)
    other_model, other_history = run(split, threads, batch_size=batch_size)
    assert weights(model) == weights(other_model)
    assert history == other_history


def test_adam_steps_as_torchs_does_to_the_bit():
    start, gradient = (torch.from_numpy(stream(i, "test").normal(size=(50, 30)).astype(np.float32)) for i in (0, 1))
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    optimisers = Adam([ours], 0.01), torch.optim.Adam([theirs], lr=0.01, fused=True)
    for step in range(5):
        for parameter, optimiser in zip((ours, theirs), optimisers, strict=True):
            parameter.grad = gradient * (step + 1)
            optimiser.step()
    assert torch.equal(ours, theirs)
    assert not torch.equal(ours, start)


def test_another_seed_gives_another_network(split):
    assert weights(run(split)[0]) != weights(run(split, seed=1)[0])


def test_an_omitted_class_is_not_learnt_but_keeps_its_unit(split):
    model, history = run(split, omit=[2])
    predicted = model(split.images).argmax(dim=1)
    assert model.layers[-1].out_features == 4
    assert (predicted[split.labels == 2] == 2).sum() == 0
    assert history[-1][-1] < 85  # a quarter of the test images is out of reach


def test_all_arms_start_alike_and_see_what_they_share_in_the_same_order(split):
    seen = {}
    for omit in ((), (1, 3)):
        batches = seen.setdefault(omit, [])
        objective = hard_objective(split.labels)

        def spy(logits, indices, batches=batches, objective=objective):
            batches.append(indices)
            return objective(logits, indices)

        train("student", RECIPE | {"epochs": 1}, 0, split, split, 4, omit, spy, COMPUTE, None, LOG)
    everything, some = (torch.cat(batches) for batches in seen.values())
    shared = everything[torch.isin(split.labels[everything], torch.tensor([0, 2]))]
    assert sorted(everything.tolist()) == list(range(2000))
    assert torch.equal(shared, some)
    assert [len(batch) for batch in seen[()]] == [300] * 6 + [200]


def test_bf16_trains_about_as_well(split):
    _, history = run(split, precision="bf16")
    assert history[-1][-1] > 95
