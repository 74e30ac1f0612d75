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
from mythical_digit.study.class_labels import Layout
from mythical_digit.workflow.job_log import logged

READERS = {
    "train_images": read_images,
    "train_labels": read_labels,
    "test_images": read_images,
    "test_labels": read_labels,
}
SPLITS = ("train", "test")
SAYS = "(`first_label` and `classes` of the dataset in config.yaml); correct these, or give a file with these labels"


def prepare(
    paths: Mapping[str, str], files: Mapping[str, Mapping], classes: int, layout: Layout
) -> dict[str, np.ndarray]:
    """Read the IDX files in `paths` (keys as in READERS) into arrays of the same names.

    `files` gives the "sha256" of each file by its name. The labels of the files, `classes` from the first of the
    `layout` on, become 0 to `classes` - 1.

    Raises UserError if a file does not have its SHA-256, is not IDX, or does not go with the others.
    """
    for path in paths.values():
        check_sha256(path, files[Path(path).name]["sha256"])
    arrays = {name: read(paths[name]) for name, read in READERS.items()}
    for split in SPLITS:
        images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
        if len(images) != len(labels):
            found = f"{len(labels)} labels, but {paths[f'{split}_images']} has {len(images)} images"
            raise UserError(f"{paths[f'{split}_labels']}: {found}; expected the same number")
        check_labels(paths[f"{split}_labels"], labels, layout.first_label, classes)
        check_pixels(paths[f"{split}_images"], images)
        arrays[f"{split}_labels"] = labels - np.uint8(layout.first_label)
        if layout.transposed:
            arrays[f"{split}_images"] = np.ascontiguousarray(images.transpose(0, 2, 1))
    check_trained(paths, arrays, layout.first_label, classes)
    train, test = (" × ".join(map(str, arrays[f"{split}_images"].shape[1:])) for split in SPLITS)
    if train != test:
        raise UserError(
            f"{paths['test_images']}: images of {test} pixels, expected {train} as in {paths['train_images']}"
        )
    return arrays


def check_labels(path: str | Path, labels: np.ndarray, first: int, classes: int) -> None:
    """Raise UserError unless the `labels` (n,) are `first` to `first` + `classes` - 1. Not all of them need occur."""
    for label in (labels.min(), labels.max()):
        if not first <= label < first + classes:
            raise UserError(f"{path}: label {label}, expected {first} to {first + classes - 1} {SAYS}")


def check_trained(paths: Mapping[str, str], arrays: Mapping[str, np.ndarray], first: int, classes: int) -> None:
    """Raise UserError if there is a class to learn of which no training image is there.

    That is one with test images, or the last: then the number of classes is wrong. Of others, nobody asks.
    """
    trained, tested = ({*arrays[f"{split}_labels"].tolist()} for split in SPLITS)
    if missing := sorted((tested | {classes - 1}) - trained):
        words = ", ".join(str(first + label) for label in missing)
        raise UserError(f"{paths['train_labels']}: no label {words}, expected {first} to {first + classes - 1} {SAYS}")


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
        params = snakemake.params
        paths = {name: snakemake.input[name] for name in READERS}
        arrays = prepare(paths, params.files, params.classes, Layout(**(params.layout or {})))
        save_tensors(snakemake.output[0], arrays, origin.of_job(snakemake, snakemake.output[0]))
        for name, array in arrays.items():
            log.info("%s: %s %s", name, array.dtype, array.shape)
        for split in SPLITS:
            if missing := sorted({*range(params.classes)} - {*arrays[f"{split}_labels"].tolist()}):
                log.info("%s: no image of class %s", split, ", ".join(map(str, missing)))
