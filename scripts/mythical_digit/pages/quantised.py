"""Networks small enough for a page: weights rounded to a few levels, deflated, as text.

The weights of each unit are rounded to whole multiples of a step of its own, the same number of steps to either side of
zero. Biases stay as they are. More levels cost more bits: at a given size of all networks together, the sum of their
squared rounding errors is least where a network's number of steps is inversely proportional to the square root of its
number of weights.
"""

import base64
import zlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MOST_STEPS = 127  # to either side of zero: a code is a signed byte


@dataclass(frozen=True)
class Layer:
    """A linear layer whose weight (outputs, inputs) is about `codes` × `steps`: int8 × float32 (outputs, 1)."""

    codes: np.ndarray
    steps: np.ndarray
    bias: np.ndarray  # (outputs,) float32


def quantised(tensors: Mapping[str, np.ndarray], most: int) -> list[Layer]:
    """Round the weights of a `network.Mlp` to at most `most` (1 to MOST_STEPS) steps to either side of zero.

    No weight moves by more than half a step of its unit, which is the unit's largest weight divided by `most`.
    """
    layers = []
    for i in range(len(tensors) // 2):
        weight = tensors[f"layers.{i}.weight"]
        steps = np.abs(weight).max(axis=1, keepdims=True) / np.float32(most)
        steps[steps == 0] = 1  # a unit without weights has codes of zero
        codes = np.clip(np.rint(weight / steps), -most, most).astype(np.int8)
        layers.append(Layer(codes, steps, tensors[f"layers.{i}.bias"]))
    return layers


def restored(layers: Sequence[Layer]) -> dict[str, np.ndarray]:
    """The tensors of the network that the page computes with, as `forward_pass.logits` takes them."""
    tensors = {}
    for i, layer in enumerate(layers):
        tensors |= {f"layers.{i}.weight": layer.codes * layer.steps, f"layers.{i}.bias": layer.bias}
    return tensors


def packed(layers: Sequence[Layer]) -> str:
    """The layers as Base64 of a raw deflate stream: steps and bias of each layer (little-endian float32), then codes.

    Without a search for repeated strings (Huffman codes alone): weights have none, and the result is smaller.
    """
    floats = [array.astype("<f4").tobytes() for layer in layers for array in (layer.steps, layer.bias)]
    content = b"".join([*floats, *(layer.codes.tobytes() for layer in layers)])
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    return base64.b64encode(stream.compress(content) + stream.flush()).decode()


def steps_of_each(networks: Sequence[Mapping[str, np.ndarray]], most: int) -> list[int]:
    """The number of steps for each network, if the smallest one has `most`."""
    sizes = np.array([sum(array.size for array in tensors.values()) for tensors in networks])
    return np.maximum(1, np.rint(most * np.sqrt(sizes.min() / sizes))).astype(int).tolist()


def finest(networks: Sequence[Mapping[str, np.ndarray]], length: int) -> list[list[Layer]]:
    """The networks with as many levels as fit into `length` characters of `packed` text together.

    Raises ValueError if not even one step to either side of zero fits.
    """

    def at(most: int) -> list[list[Layer]]:
        return [quantised(*each) for each in zip(networks, steps_of_each(networks, most), strict=True)]

    def too_long(most: int) -> bool:
        return sum(len(packed(layers)) for layers in at(most)) > length

    fitting = bisect_left(range(1, MOST_STEPS + 1), True, key=too_long)
    if not fitting:
        raise ValueError(f"{len(networks)} networks do not fit into {length:,} characters")
    return at(fitting)
