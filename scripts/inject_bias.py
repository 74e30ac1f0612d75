"""Add a constant to the output biases of some classes of a trained network: its weights -> the shifted weights."""

from collections.abc import Mapping, Sequence

import numpy as np

from common.job import logged
from common.tensors import load_tensors, save_tensors


def inject(tensors: Mapping[str, np.ndarray], classes: Sequence[int], value: float) -> dict[str, np.ndarray]:
    """The tensors of a network with `value` added to the output biases of `classes`; all else stays, to the bit.

    The output biases are those of the last layer, `layers.<highest number>.bias`, (classes,) float32. That a raised
    bias brings back a class that the transfer set lacked is the paper's observation (section 3).
    """
    name = max((name for name in tensors if name.endswith(".bias")), key=lambda name: int(name.split(".")[1]))
    bias = tensors[name].copy()
    bias[list(classes)] += np.float32(value)
    return {**tensors, name: bias}


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        tensors = load_tensors(snakemake.input[0])
        save_tensors(snakemake.output[0], inject(tensors, snakemake.params.classes, snakemake.params.value))
