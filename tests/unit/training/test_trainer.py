"""A training job: from files to files, by the params of its rule."""

import logging
from types import SimpleNamespace

import numpy as np
import pytest

from mythical_digit.errors import UserError
from mythical_digit.files.checksums import sha256
from mythical_digit.files.origin import recorded
from mythical_digit.files.records import read_csv
from mythical_digit.files.tensors import load_tensors, save_tensors
from mythical_digit.training import trainer
from mythical_digit.training.history import Epoch
from mythical_digit.training.randomness import stream

DISTILLATION = {"temperature": 4, "alpha": 0.9, "scale_by_t_squared": False}


class Params(dict):
    """As Snakemake's: a mapping whose keys are attributes."""

    __getattr__ = dict.__getitem__


@pytest.fixture
def train(tmp_path):
    """A function that trains and returns the weights and the history."""
    rng = stream(0, "test")
    arrays = {}
    for split, n in (("train", 90), ("test", 30)):
        arrays[f"{split}_images"] = rng.integers(256, size=(n, 4, 5), dtype=np.uint8)
        arrays[f"{split}_labels"] = (np.arange(n) % 3).astype(np.uint8)
    save_tensors(tmp_path / "data", arrays)
    save_tensors(tmp_path / "logits", {"train_logits": rng.normal(size=(90, 3)).astype(np.float32)})
    recipe = {"hidden": [8], "dropout": 0, "epochs": 2, "batch_size": 30, "learning_rate": 0.01}
    params = Params(
        compute={"numerics": "strict", "precision": "fp32", "device": "cpu"},
        normalisation={"mean": 0.5, "std": 0.3}, held_out=0, classes=3, recipe=recipe, seed=0, code={}, origins={},
    )  # fmt: skip

    class Inputs(list):
        data, teacher_logits = tmp_path / "data", tmp_path / "logits"

    def train(role="student", changes=(), **how):
        folder = tmp_path / "results/mine/seed-0" / role
        output = SimpleNamespace(model=folder / "model.safetensors", history=folder / "history.csv")
        files = Inputs([tmp_path / "data"])
        changed = Params({**params, **dict(changes)})
        changed["recipe"] = {**params.recipe, **changed.recipe}
        job = SimpleNamespace(input=files, output=output, params=changed, resources=SimpleNamespace(processors=1))
        trainer.run(role, job, logging.getLogger("test"), **how)
        assert {path.name for path in folder.iterdir()} == {"model.safetensors", "history.csv"}  # no checkpoint
        return load_tensors(output.model), read_csv(output.history)

    return train


def same(first, second):
    return all(np.array_equal(first[name], second[name]) for name in first)


def test_the_history_has_a_row_per_epoch(train):
    weights, history = train()
    assert [row["epoch"] for row in history] == ["1", "2"]
    assert tuple(history[0]) == Epoch._fields
    assert weights["layers.1.weight"].shape == (3, 8)


def test_role_omitted_classes_and_soft_targets_reach_the_training(train):
    plain, _ = train()
    distilled, history = train(distillation=DISTILLATION)
    assert same(train()[0], plain)
    assert not same(train("teacher")[0], plain)
    assert not same(train(omit=[2])[0], plain)
    assert not same(distilled, plain)
    assert history[0]["train_loss"] != history[0]["train_cross_entropy"]


def test_the_weights_say_what_they_were_trained_with(train, tmp_path):
    train()
    path = tmp_path / "results/mine/seed-0/student/model.safetensors"
    record = recorded(path)["mine/seed-0/student/model.safetensors"]
    assert record["params"]["recipe"]["learning_rate"] == 0.01
    assert record["files"] == {"history.csv": sha256(path.with_name("history.csv"))}
    assert {*record["packages"]} == {"numpy", "torch"}
    assert record["device"] == "cpu"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"held_out": 89}, "the 1 training images have none of class 1, 2; change `held_out`"),
        ({"held_out": 2}, "the 2 held-out images have none of class 0; change `held_out`"),
        ({"recipe": {"jitter": 4}}, "jitter 4 moves digits out of images of 4 pixels; allowed: 0 to 3"),
    ],
)
def test_nothing_is_trained_or_scored_without_images(train, how, words):
    with pytest.raises(UserError, match=words):
        train(changes=how)


def test_a_class_that_nobody_has_images_of_stops_nothing(train):
    weights, _ = train(changes={"classes": 4})
    assert weights["layers.1.weight"].shape == (4, 8)


def test_an_arm_without_an_image_to_train_on_is_refused(train):
    with pytest.raises(UserError, match=r"no training image is left without the classes \[0, 1, 2\]; change `omit`"):
        train(changes={"classes": 4}, omit=[0, 1, 2])


def test_a_network_that_diverges_is_a_result_of_a_search_and_an_error_elsewhere(train):
    diverging = {"recipe": {"learning_rate": 1e30}}
    with pytest.raises(UserError, match="diverged in epoch 1 of 2"):
        train(changes=diverging)
    weights, history = train(changes=diverging, search=True)
    assert not np.isfinite(weights["layers.0.weight"]).all()
    assert [row["epoch"] for row in history] == ["1"]
