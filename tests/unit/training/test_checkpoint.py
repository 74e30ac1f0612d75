"""A training that was killed goes on from its checkpoint and ends with the same bytes; from another's it does not."""

import logging

import numpy as np
import pytest
import torch

from mythical_digit.files.tensors import save_tensors
from mythical_digit.study.recipe import Recipe
from mythical_digit.training.checkpoint import Checkpoint
from mythical_digit.training.loop import Split, train
from mythical_digit.training.losses import hard_objective
from mythical_digit.training.randomness import stream
from mythical_digit.training.state import State

LOG = logging.getLogger("test")
COMPUTE = {"precision": "fp32", "numerics": "strict", "device": "cpu"}
RECIPE = {
    "hidden": [20],
    "dropout": 0.5,
    "input_dropout": 0.2,
    "epochs": 4,
    "batch_size": 50,
    "learning_rate": 0.01,
    "schedule": "one-cycle",
    "jitter": 1,
}
PARAMS = {"code": {"a.py": "1"}, "recipe": RECIPE, "seed": 0}


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def splits():
    rng = stream(0, "test")
    images, labels = rng.normal(size=(210, 7, 8)).astype(np.float32), rng.integers(3, size=210)
    images, labels = torch.from_numpy(images), torch.from_numpy(labels)
    return Split(images, labels), Split(images[:, 1:-1, 1:-1], labels)


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.safetensors"
    save_tensors(path, {"images": np.zeros(3, np.uint8)})
    return path


def run(splits, checkpoint=None, batches=None):
    """Train; with `batches`, die in the batch of that number."""
    objective, left = hard_objective(splits[0].labels), batches

    def mortal(logits, indices):
        nonlocal left
        if left == 0:
            raise KilledError
        left = None if left is None else left - 1
        return objective(logits, indices)

    return train("student", Recipe(**RECIPE), 0, splits, 3, [], mortal, COMPUTE, checkpoint, LOG)


def assert_same(first, second):
    assert first[1] == second[1]
    for ours, theirs in zip(first[0].parameters(), second[0].parameters(), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("batches", [0, 4, 5, 7, 14, 19])  # five batches an epoch
def test_a_killed_training_goes_on_and_ends_with_the_same_bytes(splits, data, tmp_path, batches):
    uninterrupted = run(splits)
    checkpoint = Checkpoint(tmp_path / "model.safetensors", PARAMS, [data], LOG)
    with pytest.raises(KilledError):
        run(splits, checkpoint, batches)
    assert checkpoint.path.exists() == (batches >= 5)
    seen = []
    objective = hard_objective(splits[0].labels)
    again = train(
        "student", Recipe(**RECIPE), 0, splits, 3, [], lambda *args: seen.append(1) or objective(*args), COMPUTE,
        Checkpoint(tmp_path / "model.safetensors", PARAMS, [data], LOG), LOG,
    )  # fmt: skip
    assert_same(again, uninterrupted)
    assert len(seen) == 20 - batches // 5 * 5


def test_a_checkpoint_of_other_code_config_or_data_is_not_resumed(splits, data, tmp_path):
    checkpoint = Checkpoint(tmp_path / "model.safetensors", PARAMS, [data], LOG)
    with pytest.raises(KilledError):
        run(splits, checkpoint, 12)

    def epochs_resumed(params=PARAMS):
        histories = []

        class Spy(Checkpoint):
            def resume(self, state):
                super().resume(state)
                histories.append(state.history)
                raise KilledError

        with pytest.raises(KilledError):
            run(splits, Spy(tmp_path / "model.safetensors", params, [data], LOG))
        return len(histories[0])

    assert epochs_resumed() == 2
    assert epochs_resumed(PARAMS | {"code": {"a.py": "2"}}) == 0
    assert epochs_resumed(PARAMS | {"seed": 1}) == 0
    save_tensors(data, {"images": np.ones(3, np.uint8)})
    assert epochs_resumed() == 0


def test_a_checkpoint_of_another_device_is_not_resumed(splits, data, tmp_path, monkeypatch, caplog):
    """Of a GPU, it has no place in the stream of masks, which are drawn there."""
    checkpoint = Checkpoint(tmp_path / "model.safetensors", PARAMS, [data], LOG)
    with monkeypatch.context() as patch:
        patch.setattr(State, "device", torch.device("cuda"))
        with pytest.raises(KilledError):
            run(splits, checkpoint, 12)
    with caplog.at_level(logging.INFO):
        assert_same(run(splits, checkpoint), run(splits))
    assert "is of a training on cuda" in caplog.text


def test_a_damaged_checkpoint_is_not_resumed(splits, data, tmp_path):
    checkpoint = Checkpoint(tmp_path / "model.safetensors", PARAMS, [data], LOG)
    with pytest.raises(KilledError):
        run(splits, checkpoint, 12)
    content = bytearray(checkpoint.path.read_bytes())
    content[-200] ^= 1
    checkpoint.path.write_bytes(content)
    assert_same(run(splits, checkpoint), run(splits))


def test_a_checkpoint_is_removed(data, tmp_path):
    checkpoint = Checkpoint(tmp_path / "model.safetensors", PARAMS, [data], LOG)
    checkpoint.path.touch()
    checkpoint.remove()
    assert not checkpoint.path.exists()
    checkpoint.remove()
