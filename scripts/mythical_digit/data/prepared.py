"""Read a prepared data set as a network takes it: images normalised, with a margin if wanted."""

from collections.abc import Mapping

import numpy as np

from mythical_digit.files.tensors import load_tensors


def load_split(
    path: str, split: str, normalisation: Mapping[str, float], held_out: int = 0, margin: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the images, (n, rows, columns) float32, and labels, (n,) int64, of a split of a file that `prepare` made.

    `split` is train or test. Pixels are scaled to [0, 1], then (x - mean) / std with the `mean` and `std` of
    `normalisation`. With `held_out`, the last `held_out` training images become the test split and leave the train
    split, so that a choice made on them does not use the test images. Each image gets a margin of `margin` black
    pixels on every side.
    """
    source = "train" if held_out else split
    pixels, labels = load_tensors(path, (f"{source}_images", f"{source}_labels")).values()
    if held_out:
        part = slice(-held_out) if split == "train" else slice(-held_out, None)
        pixels, labels = pixels[part], labels[part]
    images = np.pad(pixels, ((0, 0), (margin, margin), (margin, margin))).astype(np.float32)
    images /= 255
    images -= np.float32(normalisation["mean"])
    images /= np.float32(normalisation["std"])
    return images, labels.astype(np.int64)
