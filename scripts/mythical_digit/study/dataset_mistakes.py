"""Check what a config asks of a data set against the sizes of its files: no training and no score without images."""

from collections.abc import Iterator, Mapping

from mythical_digit.study.recipe import FILE_FROM

HEADERS = {"images": 16, "labels": 8}  # bytes before the first pixel or label of an IDX file
SPLITS = {"training": "train", "test": "t10k"}  # by the prefix of their files


def training_images(dataset: Mapping) -> tuple[int, int]:
    """How many training images a data set has, and the pixels of each, from the sizes of its files."""
    return _images(dataset, "train")


def _images(dataset: Mapping, prefix: str) -> tuple[int, int]:
    images, labels = (
        dataset["files"][f"{prefix}-{kind}-idx{dimensions}-ubyte"]["bytes"] - HEADERS[kind]
        for kind, dimensions in (("images", 3), ("labels", 1))
    )
    return labels, images // max(1, labels) if labels > 0 and images % labels == 0 else 0


def size_mistakes(where: str, dataset: Mapping) -> Iterator[str]:
    """Sizes of files that cannot be those of images and their labels; `where` is the key of the data set."""
    pixels = {}
    for split, prefix in SPLITS.items():
        n, pixels[split] = _images(dataset, prefix)
        if n < 1 or pixels[split] < 1:
            names = [f"{prefix}-{kind}" for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")]
            sizes = " and ".join(f"{dataset['files'][name]['bytes']} bytes ({name})" for name in names)
            yield (
                f"{where}.files: {sizes} are not the sizes of images and their labels; give those of the uncompressed "
                "files: 16 bytes and one for each pixel, 8 bytes and one for each label"
            )
            return
    if len({*pixels.values()}) > 1:
        counts = ", ".join(f"{count} in the {split} images" for split, count in pixels.items())
        yield f"{where}.files: images of different sizes (pixels: {counts}); give the files of one data set"


def use_mistakes(where: str, experiment: Mapping, dataset: Mapping) -> Iterator[str]:
    """Images that an experiment asks for and its data set does not have; `where` is the key of the experiment."""
    n, _ = training_images(dataset)
    held_out = experiment.get("held_out", 0)
    if held_out >= n:
        yield (
            f"{where}.held_out: {held_out} of {n} training images leaves none to train on; allowed: 1 to {n - 1}, or "
            "remove the key"
        )
        return
    for key, order in _orders(experiment):
        first = int(order.removeprefix(FILE_FROM)) if order.startswith(FILE_FROM) else 0
        if first >= n - held_out:
            yield (
                f"{where}.{key}: {order!r} starts after the last of {n - held_out} training images; allowed: 0 to "
                f"{n - held_out - 1}"
            )


def _orders(experiment: Mapping) -> Iterator[tuple[str, str]]:
    """Each order of images that an experiment names, after its key."""
    owners = {"": experiment}
    for part in ("arms", "steps"):
        owners |= {f"{part}.{name}.": block for name, block in experiment.get(part, {}).items()}
    for place, block in owners.items():
        for role in ("teacher", "student"):
            recipe = block.get(role)
            if isinstance(recipe, Mapping) and "order" in recipe:
                yield f"{place}{role}.order", recipe["order"]
    yield from (("sweep.student.order", order) for order in experiment.get("sweep", {}).get("student.order", ()))
