"""All that a training changes: what an epoch starts from, and what a checkpoint keeps."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from mythical_digit.training.adam import Adam
from mythical_digit.training.history import Epoch
from mythical_digit.training.network import Mlp
from mythical_digit.training.randomness import DropoutMasks, stream

STREAMS = ("order", "jitter")  # the random streams that the masks do not own


@dataclass
class State:
    """The state of a training after the last epoch of its `history`; the other fields change in place."""

    model: Mlp
    optimiser: Adam
    masks: DropoutMasks
    streams: dict[str, np.random.Generator]
    history: list[Epoch] = field(default_factory=list)

    @classmethod
    def initial(cls, role: str, seed: int, sizes: Sequence[int], device: torch.device) -> "State":
        """The state before the first epoch of a network with layers of `sizes`: inputs, hidden layers, classes.

        `role` (teacher or student) and `seed` name its random streams.
        """
        model = Mlp.initialised(sizes, stream(seed, role, "initialisation")).to(device)
        masks = DropoutMasks(stream(seed, role, "dropout"), device)
        return cls(model, Adam(model.parameters()), masks, {name: stream(seed, role, name) for name in STREAMS})

    @property
    def device(self) -> torch.device:
        """Where it is computed."""
        return next(self.model.parameters()).device

    def tensors(self) -> dict[str, torch.Tensor]:
        """The tensors that training changes, by name: weights, biases and the moments of Adam."""
        kinds = {"mean": self.optimiser.means, "square": self.optimiser.squares, "step": self.optimiser.steps}
        moments = {f"adam.{kind}.{i}": tensor for kind, tensors in kinds.items() for i, tensor in enumerate(tensors)}
        return {**self.model.state_dict(), **moments}
