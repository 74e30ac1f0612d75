"""The published pages to explore, in a browser: the question, both arms and their digits in sight, marks, dragging."""

import csv
import re

import pytest
from browser import shown, visited
from project import ROOT

pytestmark = pytest.mark.slow

PUBLISHED = ROOT / "results/published"
STUDY = PUBLISHED / "notebook/explore.html"
DRAG = """
const curve = document.getElementById("curve"), box = curve.getBoundingClientRect();
curve.setPointerCapture = () => {};
const at = (share) => ({bubbles: true, buttons: 1, clientX: box.left + 38 + share * (box.width - 50)});
curve.dispatchEvent(new PointerEvent("pointerdown", at(0.2)));
curve.dispatchEvent(new PointerEvent("pointermove", at(0.75)));
curve.dispatchEvent(new PointerEvent("pointermove", {...at(0.1), buttons: 0}));
"""
IN_SIGHT = """
const places = (names) => [...window.document.querySelectorAll(names)].map((part) => part.getBoundingClientRect());
const low = places("h1, #shift, .side, .tile").map(({bottom}) => bottom);
const left = places(".side").map(({left}) => left);
return {low: Math.max(...low), left, tiles: window.document.querySelectorAll(".tile canvas").length};
"""


def rows(path):
    with (PUBLISHED / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sides(document):
    """What stands over each arm's digits, and what these are taken for."""
    found = re.findall(r'<section class="side".*?</section>', document, re.DOTALL)
    return {
        re.search("<h2>(.*?)</h2>", side)[1]: (
            re.sub("<.*?>", "", re.search("<p>(.*?)</p>", side)[1]),
            re.findall(r"<span>(\d) (.)</span>", side),
        )
        for side in found
    }


def test_it_asks_the_question_and_shows_both_arms_with_the_same_digits(tmp_path):
    document = shown(STUDY, tmp_path, "arm=kd-no3&way=fixed")
    assert "These networks never saw a 3. Raise one number.</h1>" in document
    three = next(row for row in rows("notebook/table.csv") if row["class"] == "3")
    found = sides(document)
    assert list(found) == ["Norm No3", "KD No3"]
    for arm, label in (("norm-no3+bias", "Norm No3"), ("kd-no3+bias", "KD No3")):
        text, taken = found[label]
        assert text == f"{float(three[arm]):.1f} ± {float(three[arm + '_halfwidth']):.1f} % of the 3s recognised"
        assert len(taken) == 12
        assert all((answer == "3") == (mark == "✓") for answer, mark in taken)
    assert 0 < sum(answer == "3" for answer, _ in found["KD No3"][1]) < 12


def test_the_published_numbers_are_marked_on_the_arm_that_they_are_of(tmp_path):
    three = next(
        row for row in csv.DictReader((ROOT / "reference/original_table.csv").open(newline="")) if row["class"] == "3"
    )
    marks = re.findall(r">(\d+\.\d+)</text>", shown(STUDY, tmp_path, "arm=kd-no3"))
    assert marks == [three["kd-no3"], three["kd-no3+bias"]]


def test_the_curve_can_be_dragged_with_the_button_down(tmp_path):
    document = shown(STUDY, tmp_path, "arm=kd-no3", DRAG)
    assert re.search(r'<output id="added">\+6\.0\d</output>', document)
    assert "recognised by Norm No3: 1." in re.search(r'aria-valuetext="(.*?)"', document)[1]


def test_a_student_that_saw_two_digits_is_asked_another_question(tmp_path):
    document = shown(PUBLISHED / "paper/explore.html", tmp_path, "arm=distilled-only78")
    assert "This network saw only 7s and 8s. Lower two numbers.</h1>" in document
    assert list(sides(document)) == ["Distilled Only 7 8"]


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_slider_and_digits_are_in_sight_together_side_by_side(tmp_path, width, height):
    (seen,) = visited(PUBLISHED, ["notebook/explore.html"], [width], tmp_path, IN_SIGHT)
    assert seen["scroll"] <= width
    assert seen["result"]["low"] <= height
    assert seen["result"]["tiles"] == 24
    if width == 390:
        assert len({*seen["result"]["left"]}) == 2


def test_each_cell_of_a_sweep_says_what_it_is(tmp_path):
    document = shown(PUBLISHED / "temperature/explore.html", tmp_path)
    names = re.findall(r'<button[^>]* aria-label="(.*?)"', document)
    assert len(names) == len({row["model"] for row in rows("temperature/sweep.csv")})
    assert any(re.fullmatch(r"Distilled, hidden 30x30, temperature 4: \d+ errors", name) for name in names)
