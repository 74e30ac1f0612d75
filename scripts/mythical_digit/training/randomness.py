"""Named random streams, all derived from the seed of a replicate.

A stream is named by its purpose, such as ("student", "dropout"). Streams of different names are independent; the same
seed and name give the same numbers on every machine and with any number of threads. No arm's name enters a student's
streams: all arms of a replicate share initial weights and the random order of images; their differences are paired.
"""

import numpy as np
import torch


def stream(seed: int, *name: str) -> np.random.Generator:
    """The random generator of the stream `name` of the replicate `seed`."""
    entropy = [seed, *"/".join(name).encode()]
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy)))


def state_of(rng: np.random.Generator) -> dict:
    """The state of a generator as plain numbers, to assign to `bit_generator.state` later."""
    state = rng.bit_generator.state
    return {**state, "state": {name: value.tolist() for name, value in state["state"].items()}}


OCTETS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1).astype(np.float32)  # each byte's bits


class DropoutMasks:
    """Draws masks for dropout: each unit is kept with probability 1 - rate, as 1 / (1 - rate), and else dropped, as 0.

    On the processor, masks are the bits of the stream: PyTorch's own `bernoulli_` would take a quarter of the training
    time. On a GPU, they come from a torch generator on the device, seeded from the stream.
    """

    def __init__(self, rng: np.random.Generator, device: torch.device):
        self.rng = rng
        self.device = device
        if device.type != "cpu":
            self.generator = torch.Generator(device).manual_seed(int(rng.integers(2**63)))

    def state(self) -> dict:
        """The state of the streams as plain numbers."""
        generator = [] if self.device.type == "cpu" else self.generator.get_state().tolist()
        return {"rng": state_of(self.rng), "generator": generator}

    def restore(self, state: dict) -> None:
        """Go back to a state that `state` returned."""
        self.rng.bit_generator.state = state["rng"]
        if state["generator"]:
            self.generator.set_state(torch.tensor(state["generator"], dtype=torch.uint8))

    def draw(self, rows: int, columns: int, rate: float) -> torch.Tensor:
        """A mask of shape (rows, columns), float32, on the device."""
        if self.device.type != "cpu":
            uniform = torch.rand(rows, columns, generator=self.generator, device=self.device)
            return (uniform >= rate) * (1 / (1 - rate))
        count = rows * columns
        if rate == 0.5:
            octets = np.frombuffer(self.rng.bytes(-(-count // 8)), np.uint8)
            mask = (2 * OCTETS).take(octets, axis=0).reshape(-1)[:count]
        else:
            draws = np.frombuffer(self.rng.bytes(2 * count), "<u2")
            mask = (draws >= round(rate * 2**16)) * np.float32(1 / (1 - rate))
        return torch.from_numpy(mask.reshape(rows, columns))
