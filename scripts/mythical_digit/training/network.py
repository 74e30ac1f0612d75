"""Multilayer perceptrons of rectified linear units, with dropout of inputs and hidden units."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from mythical_digit.training.randomness import DropoutMasks


@dataclass(frozen=True)
class Dropout:
    """The probabilities of dropping an input and a hidden unit in a training step, and the source of the masks."""

    inputs: float
    hidden: float
    masks: DropoutMasks

    def of_inputs(self, x: torch.Tensor) -> torch.Tensor:
        """Inputs x (n, inputs) times a mask: 0 for a dropped one, else 1 / (1 - rate)."""
        if not self.inputs:
            return x
        return x * self.masks.draw(*x.shape, self.inputs).to(x.dtype)

    def of_hidden(self, x: torch.Tensor) -> torch.Tensor:
        """relu(x) times a mask; x (n, units) goes into the units of a hidden layer and is overwritten."""
        if not self.hidden:
            return x.relu()
        return ReluDropout.apply(x, self.masks.draw(*x.shape, self.hidden).to(x.dtype))


class ReluDropout(torch.autograd.Function):
    """relu(x) * mask, in the memory of x. One factor per unit gives both result and gradient as products."""

    @staticmethod
    def forward(ctx, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        factors = torch.ops.aten.threshold_backward(mask, x, 0)  # the mask where x is positive, else 0
        ctx.mark_dirty(x)
        ctx.save_for_backward(factors)
        return x.mul_(factors)

    @staticmethod
    def backward(ctx, grad: torch.Tensor) -> tuple[torch.Tensor, None]:
        (factors,) = ctx.saved_tensors
        return grad * factors, None


class Mlp(nn.Module):
    """A multilayer perceptron with layers of the given sizes: inputs, hidden layers, classes."""

    def __init__(self, sizes: Sequence[int]):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    @classmethod
    def initialised(cls, sizes: Sequence[int], rng: np.random.Generator) -> "Mlp":
        """A network with PyTorch's default initialisation, drawn from `rng`.

        For a layer of n inputs, weights and biases are uniform in (-1/sqrt(n), 1/sqrt(n)), as in `nn.Linear`.
        """
        model = cls(sizes)
        with torch.no_grad():
            for parameter, inputs in ((p, layer.in_features) for layer in model.layers for p in layer.parameters()):
                bound = 1 / math.sqrt(inputs)
                uniform = rng.uniform(-bound, bound, tuple(parameter.shape)).astype(np.float32)
                parameter.copy_(torch.from_numpy(uniform))
        return model

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, np.ndarray]) -> "Mlp":
        """The network with the weights `tensors`, named as by `to_tensors`."""
        weights = [tensors[f"layers.{i}.weight"] for i in range(len(tensors) // 2)]
        model = cls([weights[0].shape[1], *(weight.shape[0] for weight in weights)])
        model.load_state_dict({name: torch.from_numpy(array) for name, array in tensors.items()})
        return model

    def to_tensors(self) -> dict[str, np.ndarray]:
        """Weights (outputs, inputs) and biases (outputs,), float32, by name: `layers.0.weight`, `layers.0.bias`, ..."""
        return {name: tensor.detach().cpu().numpy() for name, tensor in self.state_dict().items()}

    def forward(self, images: torch.Tensor, dropout: Dropout | None = None) -> torch.Tensor:
        """Logits (n, classes) of images (n, ...), which are flattened; with `dropout`, those of a training step."""
        hidden = images.flatten(1)
        if dropout:
            hidden = dropout.of_inputs(hidden)
        for layer in self.layers[:-1]:
            hidden = dropout.of_hidden(layer(hidden)) if dropout else layer(hidden).relu()
        return self.layers[-1](hidden)

    @torch.no_grad()
    def limit_norms(self, most: float) -> None:
        """Scale down each unit's incoming weights to the Euclidean norm `most` where they exceed it.

        The max-norm constraint of Srebro & Shraibman (2005), as Hinton et al. (2012, arXiv:1207.0580) use it with
        dropout.
        """
        for layer in self.layers:
            layer.weight.copy_(layer.weight.renorm(2, 0, most))
