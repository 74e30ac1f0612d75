"""A prepared data set, ready for the network: images normalised."""

from collections.abc import Mapping

import numpy as np

from mythical_digit.files.tensors import load_tensors


def load(
    path: str, split: str, normalisation: Mapping[str, float], held_out: int = 0, margin: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, rows, columns) float32 and labels (n,) int64 of a split, train or test, of a file that `prepare` made.

    Pixels are scaled to [0, 1], then (x - mean) / std with the `mean` and `std` of `normalisation`. With `held_out`,
    the last so many training images are the test split instead, and not in the train split: what is chosen by them is
    not chosen by the test images. Around each image is a `margin` of so many black pixels.
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
