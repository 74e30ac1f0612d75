"""Check what a config says of a data set, and what it asks of it: names of classes, images that its files can hold."""

from collections.abc import Iterable, Iterator, Mapping

from mythical_digit.study.class_labels import Layout
from mythical_digit.study.experiments import values_tried
from mythical_digit.study.recipe import FILE_FROM

HEADERS = {"images": 16, "labels": 8}  # bytes before the first pixel or label of an IDX file
SPLITS = {"training": "train", "test": "t10k"}  # by the prefix of their files
LABELS = 256  # that a byte can hold
LONGEST_NAME = 20  # characters: what is longer does not fit into a figure
SIGNS = "|*_<>`\\$"  # which Markdown, HTML or LaTeX would take for their own
ROWS = ("avg", "errors")  # of tables, besides the classes
FIRST_WITHOUT_GLYPH = "\u2e80"  # from here on, scripts of East Asia, which the font of the figures lacks


def training_images(dataset: Mapping) -> tuple[int, int]:
    """How many training images a data set has, and the pixels of each, from the sizes of its files."""
    return _images(dataset, "train")


def _images(dataset: Mapping, prefix: str) -> tuple[int, int]:
    images, labels = (
        dataset["files"][f"{prefix}-{kind}-idx{dimensions}-ubyte"]["bytes"] - HEADERS[kind]
        for kind, dimensions in (("images", 3), ("labels", 1))
    )
    return labels, images // max(1, labels) if labels > 0 and images % labels == 0 else 0


def class_mistakes(where: str, numbers: Iterable[int], classes: int) -> Iterator[str]:
    """Classes that a data set of this many does not have."""
    for number in numbers:
        if number >= classes:
            yield f"{where}: there is no class {number}; allowed: 0 to {classes - 1}"


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


def label_mistakes(where: str, dataset: Mapping) -> Iterator[str]:
    """Labels that no byte holds, and names of classes that are too few or too many, or break a table or a figure."""
    classes, first = dataset["classes"], dataset.get("first_label", Layout.first_label)
    if first + classes > LABELS:
        last = first + classes - 1
        yield f"{where}.first_label: with {classes} classes, labels go up to {last}; a file of bytes holds 0 to 255"
    names = dataset.get("class_names")
    if names is None:
        return
    if len(names) != classes:
        missing = classes - len(names)
        found = f"there is no name for {missing} of" if missing > 0 else f"{len(names)} names for"
        yield f"{where}.class_names: {found} {classes} classes (`classes`); give one for each, in order"
    for number, name in enumerate(names):
        if reason := _unusable(name):
            yield f"{where}.class_names[{number}]: {name!r} {reason}"


def _unusable(name: str) -> str | None:
    """Why a name cannot stand in every table and figure; None if it can."""
    if sign := next((sign for sign in name if sign in SIGNS or not sign.isprintable()), None):
        return f"has {sign!r}, which breaks a table; write it without"
    if sign := next((sign for sign in name if sign >= FIRST_WITHOUT_GLYPH), None):
        return f"has {sign!r}, which the font of the figures lacks; write it in Latin letters"
    if name != name.strip():
        return "begins or ends with a space; remove it"
    if len(name) > LONGEST_NAME:
        return f"has {len(name)} characters; allowed: at most {LONGEST_NAME}"
    if name.lower() in ROWS:
        return "is the name of another row of the tables; choose another"
    return None


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
    for (place, key), values in values_tried(experiment).items():
        if key == "student.order":
            yield from ((f"{place}.{key}", order) for order in values)
