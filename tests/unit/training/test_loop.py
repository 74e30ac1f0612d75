"""The training loop on a small problem: what it learns, what it leaves out, and that its bytes repeat."""

import logging
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
import yaml
from project import ROOT

from mythical_digit.study.recipe import Recipe
from mythical_digit.training import numerics
from mythical_digit.training.adam import Adam
from mythical_digit.training.jitter import JitteredImages
from mythical_digit.training.loop import DivergedError, Split, train
from mythical_digit.training.losses import distilled_objective, hard_objective
from mythical_digit.training.randomness import stream
from mythical_digit.training.schedule import learning_rate

COMPUTE = {"precision": "fp32", "numerics": "strict", "device": "cpu"}
LOG = logging.getLogger("test")
RECIPE = Recipe(hidden=[600, 40], dropout=0.5, epochs=3, batch_size=300, learning_rate=0.003)


@pytest.fixture(scope="module")
def split():
    """2,000 noisy images of four classes, each a fixed pattern of 784 pixels."""
    rng = stream(0, "test")
    labels = rng.integers(4, size=2000)
    patterns = rng.normal(size=(4, 784))
    images = (patterns[labels] + 2 * rng.normal(size=(2000, 784))).reshape(-1, 28, 28)
    return Split(torch.from_numpy(images.astype(np.float32)), torch.from_numpy(labels))


PAPERS_TEACHER = {"input_dropout": 0.2, "schedule": "one-cycle", "jitter": 2, "max_norm": 0.6}


def run(split, threads=1, precision="fp32", omit=(), seed=0, checkpoint=None, objective=None, **recipe):
    before = torch.get_num_threads()
    compute, recipe = COMPUTE | {"precision": precision}, replace(RECIPE, **recipe)
    numerics.set_up(compute, threads)
    training = Split(torch.nn.functional.pad(split.images, (recipe.jitter,) * 4), split.labels)
    try:
        objective = objective or hard_objective(split.labels)
        return train("student", recipe, seed, (training, split), 4, omit, objective, compute, checkpoint, LOG)
    finally:
        torch.set_num_threads(before)


SCHEMA = yaml.safe_load((ROOT / "config.schema.yaml").read_text())
RULES = SCHEMA["$defs"]["recipe"]["properties"] | SCHEMA["$defs"]["distillation"]["properties"]


def limits(key):
    """The smallest and the largest value of a number in a recipe or a distillation."""
    rule = RULES[key]
    rule = SCHEMA["$defs"][rule["$ref"].rpartition("/")[2]] if "$ref" in rule else rule
    return rule["minimum"], rule["maximum"]


EXTREMES = [(key, limit) for key in ("dropout", "input_dropout", "jitter", "max_norm") for limit in limits(key)]


@pytest.mark.parametrize(("key", "limit"), [*EXTREMES, ("batch_size", 10**7), ("learning_rate", 1e-9)])
def test_no_training_diverges_at_the_limits_of_the_config(split, key, limit):
    """Of a training that does, the message blames the learning rate."""
    run(Split(split.images[:500], split.labels[:500]), **{key: limit, "epochs": 2})


@pytest.mark.parametrize("temperature", limits("temperature"))
@pytest.mark.parametrize("scaled", [True, False])
def test_nor_does_a_distillation(split, temperature, scaled):
    few = Split(split.images[:500] / SCHEMA["$defs"]["dataset"]["properties"]["std"]["minimum"], split.labels[:500])
    logits = 20 * torch.nn.functional.one_hot(few.labels, 4).float()
    run(few, objective=distilled_objective(few.labels, logits, temperature, 1, scaled), epochs=2)


def weights(model):
    return b"".join(array.tobytes() for array in model.to_tensors().values())


def test_it_learns(split):
    _, history = run(split)
    assert [row.epoch for row in history] == [1, 2, 3]
    assert history[-1].test_accuracy > 95
    assert history[-1].train_loss < history[0].train_loss
    assert all(row.train_loss == row.train_cross_entropy for row in history)


@pytest.mark.parametrize("threads", [2, 4])
@pytest.mark.parametrize("recipe", [{"batch_size": 300}, {"batch_size": 1997}, {"batch_size": 2000}, PAPERS_TEACHER])
def test_the_number_of_threads_does_not_change_a_byte(split, threads, recipe):
    model, history = run(split, **recipe)  # 1,997 leaves a batch of three images
    other_model, other_history = run(split, threads, **recipe)
    assert weights(model) == weights(other_model)
    assert history == other_history


def test_adam_steps_as_torchs_does_to_the_bit():
    start, gradient = (torch.from_numpy(stream(i, "test").normal(size=(50, 30)).astype(np.float32)) for i in (0, 1))
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    optimisers = Adam([ours]), torch.optim.Adam([theirs], lr=0.01, fused=True)
    for step in range(5):
        for parameter in (ours, theirs):
            parameter.grad = gradient * (step + 1)
        optimisers[0].step(0.01)
        optimisers[1].step()
    assert torch.equal(ours, theirs)
    assert not torch.equal(ours, start)


def test_another_seed_gives_another_network(split):
    assert weights(run(split)[0]) != weights(run(split, seed=1)[0])


def test_an_omitted_class_is_not_learnt_but_keeps_its_unit(split):
    model, history = run(split, omit=[2])
    predicted = model(split.images).argmax(dim=1)
    assert model.layers[-1].out_features == 4
    assert (predicted[split.labels == 2] == 2).sum() == 0
    assert history[-1].test_accuracy < 85  # a quarter of the test images is out of reach


def test_all_arms_start_alike_and_see_what_they_share_in_the_same_order(split):
    seen = {}
    for omit in ((), (1, 3)):
        batches = seen.setdefault(omit, [])
        objective = hard_objective(split.labels)

        def spy(logits, indices, batches=batches, objective=objective):
            batches.append(indices)
            return objective(logits, indices)

        train("student", replace(RECIPE, epochs=1), 0, (split, split), 4, omit, spy, COMPUTE, None, LOG)
    everything, some = (torch.cat(batches) for batches in seen.values())
    shared = everything[torch.isin(split.labels[everything], torch.tensor([0, 2]))]
    assert sorted(everything.tolist()) == list(range(2000))
    assert torch.equal(shared, some)
    assert [len(batch) for batch in seen[()]] == [300] * 6 + [200]


def test_bf16_trains_about_as_well(split):
    _, history = run(split, precision="bf16")
    assert history[-1].test_accuracy > 95


def test_the_papers_recipe_learns_within_its_norms(split):
    model, history = run(split, **PAPERS_TEACHER | {"jitter": 0})  # these patterns do not bear to be moved
    assert history[-1].test_accuracy > 95
    norms = torch.cat([layer.weight.norm(dim=1) for layer in model.layers])
    assert norms.max() <= 0.6001
    assert (norms > 0.599).any()


@pytest.mark.parametrize(("key", "value"), PAPERS_TEACHER.items())
def test_each_part_of_the_recipe_matters(split, key, value):
    assert weights(run(split, epochs=1)[0]) != weights(run(split, epochs=1, **{key: value})[0])


def test_without_dropout_the_loss_is_that_of_the_network_itself(split):
    _, history = run(split, epochs=1, batch_size=2000, dropout=0)
    start, _ = run(split, epochs=1, batch_size=2000, dropout=0, learning_rate=1e-30)
    expected = torch.nn.functional.cross_entropy(start(split.images), split.labels)
    assert history[0].train_loss == pytest.approx(expected.item(), rel=1e-5)


def test_one_cycle_rises_for_a_tenth_and_falls_to_nothing():
    rates = [learning_rate("one-cycle", 0.5, step, 1000) for step in range(1000)]
    assert np.argmax(rates) in (99, 100)
    assert max(rates) == pytest.approx(0.5, rel=0.01)
    assert rates[0] < 0.003
    assert 0 < rates[-1] < 0.0003
    assert np.allclose(np.diff(rates[:100]), 0.005)
    assert np.allclose(np.diff(rates[100:]), -0.5 / 900)
    assert learning_rate("constant", 0.5, 7, 1000) == 0.5


def test_jitter_moves_each_image_by_its_own_whole_pixels():
    images = torch.zeros(300, 9, 10)
    images[:, 4, 4] = torch.arange(1.0, 301)
    jittered = JitteredImages(images, 2, stream(0, "test"))
    places = []
    for _ in range(2):
        jittered.move()
        taken = jittered.take(torch.tensor([7, 299, *range(300)]))
        assert taken.shape == (302, 5, 6)
        assert torch.equal(taken[1], taken[-1])
        assert taken.amax(dim=(1, 2)).tolist() == [8, 300, *range(1, 301)]
        places.append([(top, left) for _, top, left in taken.nonzero().tolist()])
    assert {*places[0]} == {(top, left) for top in range(5) for left in range(5)}
    assert places[0] != places[1]


@pytest.mark.parametrize(("rate", "epoch"), [(1e30, 1), (1e19, 1)])
def test_a_training_that_diverges_ends_and_names_the_epoch_and_the_recipe(split, rate, epoch):
    with pytest.raises(
        DivergedError,
        match=rf"^diverged in epoch {epoch} of 3 .*; lower learning_rate, .*learning_rate {re.escape(str(rate))}",
    ) as caught:
        run(split, learning_rate=rate)
    assert len(caught.value.history) == epoch
