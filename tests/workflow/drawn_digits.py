"""A small data set of drawn digits, in the format of MNIST: what the workflow tests run on."""

import gzip
import hashlib
from pathlib import Path

import numpy as np
from idx_files import idx_bytes

# Each digit as seven rows of five pixels.
FONT = {
    0: "01110 10001 10011 10101 11001 10001 01110",
    1: "00100 01100 00100 00100 00100 00100 01110",
    2: "01110 10001 00001 00010 00100 01000 11111",
    3: "11111 00010 00100 00010 00001 10001 01110",
    4: "00010 00110 01010 10010 11111 00010 00010",
    5: "11111 10000 11110 00001 00001 10001 01110",
    6: "00110 01000 10000 11110 10001 10001 01110",
    7: "11111 00001 00010 00100 01000 01000 01000",
    8: "01110 10001 10001 01110 10001 10001 01110",
    9: "01110 10001 10001 01111 00001 00010 01100",
}
GLYPHS = np.array([[[int(pixel) for pixel in row] for row in FONT[digit].split()] for digit in range(10)])


def draw(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """n images (n, 16, 16) uint8 of digits, twice the size of the font, anywhere, in noise; labels (n,) uint8."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % 10).astype(np.uint8)
    images = rng.integers(0, 60, size=(n, 16, 16), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        glyph = GLYPHS[label].repeat(2, axis=0).repeat(2, axis=1)
        top, left = rng.integers(0, 3), rng.integers(0, 7)
        image[top : top + 14, left : left + 10] += (glyph * rng.integers(100, 190)).astype(np.uint8)
    return images, labels


def write_dataset(folder: Path, train: int = 1500, test: int = 400) -> dict[str, dict]:
    """Write the four IDX files, gzipped, into `folder`; return their `files` block of config.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for prefix, n, seed in (("train", train, 0), ("t10k", test, 1)):
        for kind, array in zip(("images-idx3", "labels-idx1"), draw(n, seed), strict=True):
            content = idx_bytes(array)
            name = f"{prefix}-{kind}-ubyte"
            (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
            files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return files
