"""Does the published page on which to draw say what a run says? Reads the page and the networks that a run made."""

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from browser import answered

from mythical_digit.evaluation.metrics import confusion_matrix
from mythical_digit.files.checksums import sha256_of_content
from mythical_digit.files.records import read_json
from mythical_digit.files.tensors import load_tensors

pytestmark = pytest.mark.results

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "results/published/draw/draw.html"
MOST_CHANGED = 50  # answers on 10,000 test images that rounding a network's weights may change
AT_ONCE = 1000  # images in one browser
# Threes, as shares of the pad. At its shift, the distilled student of the study knows fewer than half of all threes:
# one with a flat top is a 5 to it.
ROUND = [(0.3, 0.25), (0.4, 0.17), (0.55, 0.17), (0.66, 0.24), (0.66, 0.35), (0.58, 0.44), (0.47, 0.48)]
ROUND += [(0.6, 0.5), (0.7, 0.6), (0.7, 0.74), (0.6, 0.84), (0.45, 0.86), (0.32, 0.8)]
THREES = {
    "round": ROUND,
    "small": [(0.6 + 0.3 * x, 0.05 + 0.3 * y) for x, y in ROUND],
    "slanted": [(x + 0.25 * (0.5 - y), y) for x, y in ROUND],
}


@pytest.fixture(scope="module")
def content():
    text = PAGE.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', text, re.DOTALL)[1])


def networks_of(content, place):
    """The networks of a recipe. Skips the test where no run has made them."""
    networks = content["recipes"][place]["networks"]
    for network in networks:
        if not (ROOT / network["path"]).exists():
            pytest.skip(f"NO MODEL: {network['path']} was not compared with the page; run `snakemake draw`")
    return networks


def test_it_is_smaller_than_5_mib_and_uses_the_room():
    assert 0.7 < PAGE.stat().st_size / (5 * 2**20) < 1  # the site has to stay small too


@pytest.mark.parametrize("place", [0, 1])
def test_its_weights_are_those_of_the_run(content, place):
    for network in networks_of(content, place):
        assert network["sha256"] == sha256_of_content(ROOT / network["path"])
        assert max(network["changed"]) <= MOST_CHANGED


@pytest.mark.parametrize("place", [0, 1])
def test_on_all_test_images_it_answers_as_the_networks_of_the_run(content, tmp_path, place):
    """Their confusion matrices differ by no more than the answers that the page says rounding changes."""
    networks = networks_of(content, place)
    pixels, labels = load_tensors(ROOT / "results/data/mnist.safetensors", ("test_images", "test_labels")).values()
    found = []
    for number, start in enumerate(range(0, len(pixels), AT_ONCE)):
        part = pixels[start : start + AT_ONCE]
        script = f"""
            await mythicalDigit.ready();
            const text = "{base64.b64encode(part.tobytes()).decode()}";
            const all = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
            return Array.from({{length: all.length / 784}}, (_, i) =>
                mythicalDigit.classify(all.subarray(784 * i, 784 * (i + 1)), mythicalDigit.data.recipes[{place}])
                    .map((logits) => logits.indexOf(Math.max(...logits))));"""
        folder = tmp_path / str(number)
        folder.mkdir()
        found += answered(PAGE, folder, script)
    for network, predicted in zip(networks, np.array(found).T, strict=True):
        expected = read_json((ROOT / network["path"]).with_name("metrics.json"))["confusion"]
        matrix = confusion_matrix(labels.astype(np.int64), predicted, 10)
        assert np.abs(matrix - expected).sum() <= 2 * (network["changed"][0] + 1)  # one tie may fall otherwise


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("path", THREES.values(), ids=THREES)
def test_a_drawn_3_is_a_3_for_the_distilled_student_with_the_shift_and_never_for_that_of_labels(tmp_path, path, place):
    script = f"""
        await mythicalDigit.ready();
        document.querySelectorAll("#recipes input")[{place}].click();
        const pad = document.getElementById("pad");
        const box = pad.getBoundingClientRect();
        const path = {json.dumps(path)};
        const move = (type, [x, y]) => pad.dispatchEvent(new PointerEvent(type, {{pointerId: 5, bubbles: true,
            cancelable: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height}}));
        move("pointerdown", path[0]);
        path.slice(1).forEach((point) => move("pointermove", point));
        move("pointerup", path.at(-1));
        const seen = [];
        for (const shift of [0, 3.5, 7]) {{
            const slider = document.getElementById("shift");
            slider.value = shift;
            slider.dispatchEvent(new Event("input", {{bubbles: true}}));
            await new Promise((resolve) => setTimeout(resolve, 1000));
            seen.push([...document.querySelectorAll(".answer b")].map((answer) => answer.textContent));
        }}
        return seen;"""
    at_zero, shifted, at_the_end = answered(PAGE, tmp_path, script)
    assert at_zero[0] == shifted[0] == at_the_end[0] == "3"
    assert shifted[2] == at_the_end[2] == "3"
    assert "3" not in (at_zero[1], shifted[1])
