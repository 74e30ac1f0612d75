"""What can be seen of a GPU without one: PyTorch's fake tensors name CUDA as their device and hold no numbers.

On them, an operation on tensors of two devices fails, and so does whatever would have the host wait for the device.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import DataDependentOutputException, FakeTensor, FakeTensorMode

from mythical_digit.errors import UserError
from mythical_digit.study.recipe import Recipe
from mythical_digit.training import numerics
from mythical_digit.training.adam import Adam
from mythical_digit.training.loop import Split, train
from mythical_digit.training.losses import distilled_objective, hard_objective
from mythical_digit.training.network import Mlp, ReluDropout

CUDA = torch.device("cuda")
COMPUTE = {"numerics": "strict", "precision": "fp32"}
RECIPE = Recipe(hidden=[30, 20], dropout=0.5, epochs=1, batch_size=64, learning_rate=0.1)
EVERYTHING = replace(RECIPE, input_dropout=0.2, schedule="one-cycle", jitter=1, max_norm=1.0)
IMAGES = 500


@pytest.fixture
def steps(monkeypatch):
    """The learning rates of the steps taken; what a fake device cannot do is replaced."""

    def to(model: Mlp, device: torch.device) -> Mlp:
        for layer in model.layers:
            layer.weight, layer.bias = (torch.nn.Parameter(p.detach().to(device)) for p in layer.parameters())
        return model

    def backward(_: torch.Tensor) -> None:  # the engine asks for the driver
        for parameter in optimisers[0].parameters:
            parameter.grad = torch.zeros_like(parameter)

    class Generator:
        def __init__(self, _: torch.device):
            pass

        def manual_seed(self, _: int) -> None:
            return None

    def start(self: Adam, parameters: Iterable[torch.nn.Parameter]) -> None:
        optimisers.append(self)
        begin(self, parameters)

    def step(self: Adam, learning_rate: float) -> None:
        move(self, learning_rate)
        taken.append(learning_rate)

    taken, optimisers = [], []
    begin, move = Adam.__init__, Adam.step
    monkeypatch.setattr(Adam, "__init__", start)
    monkeypatch.setattr(Adam, "step", step)
    monkeypatch.setattr(Mlp, "to", to)
    monkeypatch.setattr(torch.Tensor, "backward", backward)
    monkeypatch.setattr(torch, "Generator", Generator)
    monkeypatch.setattr(FakeTensor, "numpy", lambda self: np.zeros(tuple(self.shape), np.int64))
    with FakeTensorMode(allow_non_fake_inputs=True):
        yield taken


def start_training(recipe: Recipe, wrap: Callable = lambda objective: objective, distilled: bool = True) -> None:
    margin = 2 * recipe.jitter
    labels = torch.zeros(IMAGES, dtype=torch.int64, device=CUDA)
    splits = (
        Split(torch.zeros(IMAGES, 8 + margin, 8 + margin, device=CUDA), labels),
        Split(torch.zeros(50, 8, 8, device=CUDA), labels[:50]),
    )
    objective = hard_objective(labels)
    if distilled:
        objective = distilled_objective(labels, torch.zeros(IMAGES, 10, device=CUDA), 4, 0.9, scale_by_t_squared=True)
    train("student", recipe, 0, splits, 10, [], wrap(objective), COMPUTE, None, logging.getLogger("test"))


@pytest.mark.parametrize("recipe", [RECIPE, EVERYTHING], ids=["study", "everything"])
@pytest.mark.parametrize("distilled", [False, True], ids=["hard", "distilled"])
def test_the_host_waits_for_the_device_only_when_an_epoch_is_over(steps, recipe, distilled):
    with pytest.raises(DataDependentOutputException):  # where the sums of the epoch are read
        start_training(recipe, distilled=distilled)
    assert len(steps) == -(-IMAGES // recipe.batch_size)


def test_a_loss_that_is_read_in_a_step_is_seen(steps):
    def reading(objective):
        return lambda logits, indices: objective(logits, indices) * objective(logits, indices).item()

    with pytest.raises(DataDependentOutputException):
        start_training(RECIPE, reading)
    assert not steps


def test_a_tensor_that_was_left_on_the_host_is_seen(steps):
    def elsewhere(objective):
        return lambda logits, indices: objective(logits, indices) * torch.ones(len(indices), 10).sum(dim=1)

    with pytest.raises(RuntimeError, match="device"):
        start_training(RECIPE, elsewhere)
    assert not steps


@pytest.mark.usefixtures("steps")
def test_the_gradient_of_dropout_stays_on_the_device():
    class Context:
        mark_dirty = save_for_backward = lambda self, tensor: setattr(self, "saved_tensors", (tensor,))

    context, x = Context(), torch.zeros(3, 4, device=CUDA)
    ReluDropout.forward(context, x, torch.ones_like(x))
    gradient, _ = ReluDropout.backward(context, torch.ones_like(x))
    assert gradient.device.type == "cuda"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_asking_for_a_device_that_is_not_there(monkeypatch):
    for name, value in numerics.environment("fast").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=r"compute\.device is 'cuda', .*; set it to 'auto' or 'cpu'"):
        numerics.set_up({"numerics": "fast", "device": "cuda"}, torch.get_num_threads())
    assert numerics.set_up({"numerics": "fast", "device": "auto"}, torch.get_num_threads()).type == "cpu"
