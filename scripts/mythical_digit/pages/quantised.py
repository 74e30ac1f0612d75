"""Networks small enough for a page: weights rounded to a few levels, deflated, as text.

The weights of each layer are rounded to whole multiples of one step, a fraction of their standard deviation. Biases
stay as they are. Rare codes are long and common ones short, so a wide range of weights costs little, and one step for a
whole layer errs less at a given size than a step for each unit. Smaller steps cost more bits: at a given size of all
networks together, the sum of their squared rounding errors, in units of these deviations, is least where a network's
number of steps in a standard deviation is inversely proportional to the square root of its number of weights.
"""

import base64
import zlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MOST_STEPS = 127  # to either side of zero: a code is a signed byte
PRECISION = 100  # of the fineness: hundredths of a step in a standard deviation


@dataclass(frozen=True)
class Layer:
    """A linear layer whose weight (outputs, inputs) is about `codes` × `step`: int8 × float32."""

    codes: np.ndarray
    step: np.float32
    bias: np.ndarray  # (outputs,) float32


def quantised(tensors: Mapping[str, np.ndarray], fineness: float) -> list[Layer]:
    """Round the weights of a `network.Mlp`, with `fineness` steps in a standard deviation of a layer's weights.

    No weight moves by more than half a step. A step is no smaller than a layer's largest weight divided by MOST_STEPS.
    """
    layers = []
    for i in range(len(tensors) // 2):
        weight = tensors[f"layers.{i}.weight"]
        step = np.float32(max(weight.std() / fineness, np.abs(weight).max() / MOST_STEPS)) or np.float32(1)
        codes = np.clip(np.rint(weight / step), -MOST_STEPS, MOST_STEPS).astype(np.int8)
        layers.append(Layer(codes, step, tensors[f"layers.{i}.bias"]))
    return layers


def restored(layers: Sequence[Layer]) -> dict[str, np.ndarray]:
    """The tensors of the network that the page computes with, as `forward_pass.logits` takes them."""
    tensors = {}
    for i, layer in enumerate(layers):
        tensors |= {f"layers.{i}.weight": layer.codes * layer.step, f"layers.{i}.bias": layer.bias}
    return tensors


def packed(layers: Sequence[Layer]) -> str:
    """The layers as Base64 of a raw deflate stream: step and bias of each layer (little-endian float32), then codes.

    Without a search for repeated strings (Huffman codes alone): weights have none, and the result is smaller.
    """
    floats = [np.append(layer.step, layer.bias).astype("<f4").tobytes() for layer in layers]
    content = b"".join([*floats, *(layer.codes.tobytes() for layer in layers)])
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    return base64.b64encode(stream.compress(content) + stream.flush()).decode()


def fineness_of_each(networks: Sequence[Mapping[str, np.ndarray]], fineness: float) -> list[float]:
    """The steps in a standard deviation for each network, if the smallest one has `fineness` of them."""
    sizes = np.array([sum(array.size for array in tensors.values()) for tensors in networks])
    return (fineness * np.sqrt(sizes.min() / sizes)).tolist()


def finest(networks: Sequence[Mapping[str, np.ndarray]], length: int) -> list[list[Layer]]:
    """The networks with steps as small as fit into `length` characters of `packed` text together.

    Raises ValueError if not even the largest steps that are tried fit.
    """

    def at(tried: int) -> list[list[Layer]]:
        return [quantised(*each) for each in zip(networks, fineness_of_each(networks, tried / PRECISION), strict=True)]

    def too_long(tried: int) -> bool:
        return sum(len(packed(layers)) for layers in at(tried)) > length

    fitting = bisect_left(range(1, MOST_STEPS * PRECISION + 1), True, key=too_long)
    if not fitting:
        raise ValueError(f"{len(networks)} networks do not fit into {length:,} characters")
    return at(fitting)
