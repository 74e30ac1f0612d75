"""What a config asks of a data set that it does not have is refused before anything runs."""

import copy

import pytest
import yaml
from project import ROOT

from mythical_digit.errors import UserError
from mythical_digit.study.config import completed, validate
from mythical_digit.study.dataset_mistakes import training_images

CONFIG = completed(yaml.safe_load((ROOT / "config.yaml").read_text()))
SCHEMA = yaml.safe_load((ROOT / "config.schema.yaml").read_text())
FILES = "datasets.mnist.files"
IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def message_of(path, value):
    config = copy.deepcopy(CONFIG)
    *parents, last = path
    block = config
    for key in parents:
        block = block[key]
    block[last] = value
    with pytest.raises(UserError) as caught:
        validate(config, SCHEMA, ROOT)
    return str(caught.value)


def test_the_sizes_of_the_files_say_how_many_images_there_are():
    assert training_images(CONFIG["datasets"]["mnist"]) == (60_000, 784)


@pytest.mark.parametrize("held_out", [60_000, 60_001, 10**7])
def test_holding_out_all_training_images_is_refused(held_out):
    message = message_of(("experiments", "grid", "held_out"), held_out)
    assert message.startswith(
        f"config.yaml: experiments.grid.held_out: {held_out} of 60000 training images leaves none"
    )
    assert "allowed: 1 to 59999" in message


def test_all_but_one_image_may_be_held_out():
    config = copy.deepcopy(CONFIG)
    for name in ("grid", "hard-labels", "search"):  # which share their teachers
        config["experiments"][name]["held_out"] = 59_999
    validate(config, SCHEMA, ROOT)


@pytest.mark.parametrize(
    ("key", "value", "images"),
    [
        (("experiments", "order-from-30000", "teacher", "order"), "file from 60000", 60_000),
        (("experiments", "notebook", "arms", "kd", "student"), {"order": "file from 99999"}, 60_000),
        (("experiments", "chain", "steps", "wide", "student"), {"order": "file from 99999"}, 60_000),
        (("experiments", "grid", "student", "order"), "file from 50000", 50_000),  # 10,000 are held out
        (("experiments", "grid", "sweep"), {"student.order": ["file", "file from 50000"]}, 50_000),
    ],
)
def test_an_order_that_starts_after_the_last_image_is_refused(key, value, images):
    message = message_of(key, value)
    where = ".".join(key) + {"student": ".order", "sweep": ".student.order"}.get(key[-1], "")
    assert message.startswith(f"config.yaml: {where}: 'file from ")
    assert message.endswith(f"starts after the last of {images} training images; allowed: 0 to {images - 1}")


def test_an_order_may_start_at_the_last_image():
    config = copy.deepcopy(CONFIG)
    config["experiments"]["order-from-30000"]["teacher"]["order"] = "file from 59999"
    validate(config, SCHEMA, ROOT)


@pytest.mark.parametrize(
    ("name", "size"),
    [(IMAGES, 9_912_422), (LABELS, 28_881), (LABELS, 8), (IMAGES, 16), ("t10k-labels-idx1-ubyte", 4_542)],
)
def test_sizes_that_are_not_those_of_uncompressed_files_are_refused(name, size):
    message = message_of(("datasets", "mnist", "files", name, "bytes"), size)
    assert message.startswith(f"config.yaml: {FILES}: ")
    assert f"{size} bytes ({name})" in message
    assert "give those of the uncompressed files" in message


def test_training_and_test_images_must_have_as_many_pixels():
    message = message_of(("datasets", "mnist", "files", "t10k-images-idx3-ubyte", "bytes"), 16 + 10_000 * 256)
    assert "pixels: 784 in the training images, 256 in the test images" in message


NAMES = CONFIG["datasets"]["fashion-mnist"]["class_names"]


@pytest.mark.parametrize(
    ("names", "place", "says"),
    [
        (NAMES[:-1], "", "there is no name for 1 of 10 classes (`classes`); give one for each, in order"),
        ([*NAMES, "Hat"], "", "11 names for 10 classes"),
        ([*NAMES[:-1], "Coat"], "", "'Coat' is listed twice; remove one"),
        (["a|b", *NAMES[1:]], "[0]", "'a|b' has '|', which breaks a table; write it without"),
        (["a\nb", *NAMES[1:]], "[0]", "has '\\n', which breaks a table"),
        (["<b>", *NAMES[1:]], "[0]", "has '<'"),
        ([*NAMES[:-1], "お"], "[9]", "has 'お', which the font of the figures lacks; write it in Latin letters"),
        ([*NAMES[:-1], " Hat"], "[9]", "begins or ends with a space"),
        ([*NAMES[:-1], "x" * 21], "[9]", "has 21 characters; allowed: at most 20"),
        ([*NAMES[:-1], "Avg"], "[9]", "'Avg' is the name of another row of the tables"),
        ([*NAMES[:-1], ""], "[9]", "is empty"),
    ],
)
def test_names_of_classes_that_are_not_one_for_each_or_break_a_table_are_refused(names, place, says):
    message = message_of(("datasets", "fashion-mnist", "class_names"), names)
    assert message.startswith(f"config.yaml: datasets.fashion-mnist.class_names{place}: ")
    assert says in message


def test_labels_must_fit_into_a_byte():
    message = message_of(("datasets", "mnist", "first_label"), 247)
    assert message.startswith(
        "config.yaml: datasets.mnist.first_label: with 10 classes, labels go up to 256; a file of"
    )
    config = copy.deepcopy(CONFIG)
    config["datasets"]["mnist"]["first_label"] = 246
    validate(config, SCHEMA, ROOT)


@pytest.mark.parametrize(("key", "value"), [("mean", 33.3), ("std", 78.6), ("mean", -0.1), ("std", 0)])
def test_mean_and_standard_deviation_of_unscaled_pixels_are_refused(key, value):
    message = message_of(("datasets", "mnist", key), value)
    assert message.startswith(f"config.yaml: datasets.mnist.{key}: {value} is out of range")
    assert "divide one of 0 to 255 by 255" in message
