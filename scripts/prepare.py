"""Make results/data/{dataset}.safetensors from the data set's four IDX files.

It holds train_images and test_images, uint8 (n, rows, columns), and train_labels and test_labels, uint8 (n,).
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mythical_digit.data.idx import read_images, read_labels
from mythical_digit.errors import UserError
from mythical_digit.files import origin
from mythical_digit.files.checksums import sha256
from mythical_digit.files.tensors import save_tensors
from mythical_digit.workflow.job_log import logged

READERS = {
    "train_images": read_images,
    "train_labels": read_labels,
    "test_images": read_images,
    "test_labels": read_labels,
}


def prepare(paths: Mapping[str, str], files: Mapping[str, Mapping], classes: int) -> dict[str, np.ndarray]:
    """Read the IDX files in `paths` (keys as in READERS) into arrays of the same names.

    `files` gives the "sha256" of each file by its name; labels are 0 to `classes` - 1.

    Raises UserError if a file does not have its SHA-256, is not IDX, or does not go with the others.
    """
    for path in paths.values():
        check_sha256(path, files[Path(path).name]["sha256"])
    arrays = {name: read(paths[name]) for name, read in READERS.items()}
    for split in ("train", "test"):
        images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
        if len(images) != len(labels):
            found = f"{len(labels)} labels, but {paths[f'{split}_images']} has {len(images)} images"
            raise UserError(f"{paths[f'{split}_labels']}: {found}; expected the same number")
        check_labels(paths[f"{split}_labels"], labels, classes)
        check_pixels(paths[f"{split}_images"], images)
    train, test = (" × ".join(map(str, arrays[f"{split}_images"].shape[1:])) for split in ("train", "test"))
    if train != test:
        raise UserError(
            f"{paths['test_images']}: images of {test} pixels, expected {train} as in {paths['train_images']}"
        )
    return arrays


def check_labels(path: str | Path, labels: np.ndarray, classes: int) -> None:
    """Raise UserError unless the `labels` (n,) are 0 to `classes` - 1, each at least once: others have no accuracy."""
    says = "(`classes` of the dataset in config.yaml); correct the number, or give a file with these labels"
    if labels.max() >= classes:
        raise UserError(f"{path}: label {labels.max()}, expected 0 to {classes - 1} {says}")
    missing = sorted({*range(classes)} - {*labels.tolist()})
    if missing:
        raise UserError(f"{path}: no label {', '.join(map(str, missing))}, expected all of 0 to {classes - 1} {says}")


def check_pixels(path: str | Path, images: np.ndarray) -> None:
    """Raise UserError unless the pixels of `images`, uint8, use the range of 0 to 255: training divides them by 255."""
    low, high = int(images.min()), int(images.max())
    if low == high:
        raise UserError(f"{path}: every pixel is {low}, so there is nothing to learn; give a file with images")
    if high <= 1:
        raise UserError(f"{path}: pixels of {low} to {high}, expected 0 to 255; write the file with unscaled pixels")


def check_sha256(path: str | Path, expected: str) -> None:
    """Raise UserError unless the file has the SHA-256 `expected` (hexadecimal)."""
    try:
        found = sha256(path)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; delete it and run again") from error
    if found != expected:
        raise UserError(f"{path}: damaged, SHA-256 {found[:12]}…, expected {expected[:12]}…; delete it and run again")


if __name__ == "__main__":
    with logged(snakemake.log[0]) as log:
        arrays = prepare(
            {name: snakemake.input[name] for name in READERS}, snakemake.params.files, snakemake.params.classes
        )
        save_tensors(snakemake.output[0], arrays, origin.of_job(snakemake, snakemake.output[0]))
        for name, array in arrays.items():
            log.info("%s: %s %s", name, array.dtype, array.shape)
