"""The forward pass of a trained network in NumPy: it takes less time than importing torch."""

from collections.abc import Mapping

import numpy as np


def logits(tensors: Mapping[str, np.ndarray], images: np.ndarray) -> np.ndarray:
    """Logits (n, classes) float32 of images (n, ...) float32, which are flattened, without dropout.

    `tensors` are the weights `layers.<i>.weight` (outputs, inputs) and biases `layers.<i>.bias` (outputs,) of a
    `network.Mlp`: linear layers with rectified linear units between them.
    """
    hidden = images.reshape(len(images), -1)
    last = len(tensors) // 2 - 1
    for i in range(last + 1):
        hidden = hidden @ tensors[f"layers.{i}.weight"].T + tensors[f"layers.{i}.bias"]
        if i < last:
            np.maximum(hidden, 0, out=hidden)
    return hidden
