"""A prepared data set, ready for the network: images normalised and flattened."""

from collections.abc import Mapping

import numpy as np

from common.tensors import load_tensors


def load(path: str, split: str, normalisation: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, pixels) float32 and labels (n,) int64 of a split, train or test, of a file that `prepare` made.

    Pixels are scaled to [0, 1], then (x - mean) / std with the `mean` and `std` of `normalisation`.
    """
    pixels, labels = load_tensors(path, (f"{split}_images", f"{split}_labels")).values()
    images = pixels.reshape(len(pixels), -1).astype(np.float32)
    images /= 255
    images -= np.float32(normalisation["mean"])
    images /= np.float32(normalisation["std"])
    return images, labels.astype(np.int64)
