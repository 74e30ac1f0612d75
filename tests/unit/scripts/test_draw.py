import json
import re

import numpy as np
import pytest

import draw
from mythical_digit.pages import quantised


@pytest.mark.parametrize(
    ("value", "omitted", "shifted"), [(3.5, [3], [3]), (5.0, [3, 4], [3, 4]), (-7.6, [0, 1], [2, 3])]
)
def test_images_are_counted_as_if_each_step_of_the_slider_were_tried(value, omitted, shifted):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, 300)
    logits = (rng.normal(size=(300, 5)) + 3 * np.eye(5)[labels]).astype(np.float32)
    logits[:, shifted] -= value
    found = draw.correct_along(logits, labels, {"value": value, "omitted": omitted, "shifted": shifted})
    steps = np.linspace(0, draw.farthest(value), len(found["unseen"]))
    assert np.allclose(np.abs(np.diff(steps)), 0.1)
    unseen = np.isin(labels, omitted)
    inside = np.isin(np.arange(5), shifted)
    for i, shift in enumerate(steps):
        right = (logits + shift * inside).argmax(axis=1) == labels
        assert (found["unseen"][i], found["others"][i]) == (right[unseen].sum(), right[~unseen].sum())
    assert len({*found["unseen"]} | {*found["others"]}) > 10


@pytest.mark.parametrize(("value", "end"), [(3.5, 7), (1.0, 7), (5.0, 10), (-7.6, -15.2)])
def test_the_slider_reaches_beyond_the_shift_on_its_side_of_zero(value, end):
    assert draw.farthest(value) == end


def test_the_page_opens_with_the_image_nearest_to_the_mean_of_its_class():
    labels = np.array([0, 3, 3, 1, 3, 3, 3, 3, 3, 0, 2])
    pixels = np.zeros((11, 2, 2))
    pixels[labels == 3] = 10
    pixels[2] += 90
    pixels[4] += 5
    chosen, opens = draw.examples(pixels, labels, [3])
    assert chosen == [1, 2, 4, 5, 6, 7, 0, 3, 10]
    mean = pixels[labels == 3].mean()
    assert chosen[opens] == min(chosen[:6], key=lambda i: abs(pixels[i, 0, 0] - mean)) == 4


def test_changed_answers_are_counted():
    exact, rounded = np.eye(5), np.eye(5)
    rounded[1], rounded[4] = [0, 0.1, 9, 0, 0], [0, 0, 0, 0, 0.1]
    assert draw.changed(exact, rounded) == 1


def test_no_text_of_the_content_ends_the_script():
    label = "</script><b>$& \\1 @WEIGHTS@"
    text = draw.page({"label": label}, "3", iter(["<script>here</script>"]))
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', text, re.DOTALL)[1]
    assert "<" not in found
    assert json.loads(found)["label"] == label
    assert "@UNSEEN@" not in text


def test_each_recipe_starts_once_its_weights_are_there():
    tensors = {"layers.0.weight": np.ones((2, 3), np.float32), "layers.0.bias": np.zeros(2, np.float32)}
    layers = quantised.quantised(tensors, 3)
    names = [re.search(r'id="(.*?)"|arrived\(\d\)', each)[0] for each in draw.weights([[layers, layers], [layers]])]
    assert names == ['id="weights-0-0"', 'id="weights-0-1"', "arrived(0)", 'id="weights-1-0"', "arrived(1)"]
