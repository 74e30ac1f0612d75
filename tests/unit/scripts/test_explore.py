import json
import re

import numpy as np
import pytest

import explore
from mythical_digit.files.records import write_csv

N, CLASSES = 400, 5


@pytest.fixture
def drawn():
    """Logits (n, classes) and labels (n,): class 3 is never seen, the others are mostly right."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, N)
    logits = rng.normal(size=(N, CLASSES)) + 3 * np.eye(CLASSES)[labels]
    logits[:, 3] -= 4
    return logits.astype(np.float32), labels


def predicted(logits, shifted, shift):
    return (logits + shift * np.isin(np.arange(CLASSES), shifted)).argmax(axis=1)


@pytest.mark.parametrize("shifted", [[3], [1, 2]])
def test_images_are_counted_per_class_as_if_each_shift_were_tried(drawn, shifted):
    logits, labels = drawn
    shifts = np.array([-8, -0.55, 0, 1.05, 3.5, 9])
    found = explore.correct_per_class(logits, labels, shifted, shifts)
    right = [predicted(logits, shifted, shift) == labels for shift in shifts]
    assert found.tolist() == [[int((each & (labels == k)).sum()) for k in range(CLASSES)] for each in right]
    assert len({*found.sum(axis=1).tolist()}) > 3


def test_images_of_omitted_classes_are_from_the_surest_right_to_the_surest_wrong(drawn):
    logits, labels = drawn
    images = explore.unseen(logits, labels, [3])
    margins = logits[images, 3] - np.delete(logits[images], 3, axis=1).max(axis=1)
    of_class = logits[labels == 3]
    assert len(images) == explore.UNSEEN
    assert (labels[images] == 3).all()
    assert (np.diff(margins) < 0).all()
    assert margins[0] == (of_class[:, 3] - np.delete(of_class, 3, axis=1).max(axis=1)).max()
    assert len(explore.unseen(logits, labels, [0, 1, 2])) == explore.UNSEEN


@pytest.mark.parametrize(("omitted", "shifted", "farthest"), [([3], [3], 12.0), ([0, 3, 4], [1, 2], -12.0)])
def test_images_of_the_other_classes_turn_wrong_one_after_the_other(drawn, omitted, shifted, farthest):
    logits, labels = drawn
    images = explore.turning(logits, labels, omitted, shifted, farthest)
    steps = np.linspace(0, farthest, 1201)
    right = np.array([predicted(logits[images], shifted, step) == labels[images] for step in steps])
    assert 1 < len(images) <= explore.TURNING
    assert not np.isin(labels[images], omitted).any()
    assert right[0].all()
    assert not right[-1].any()
    assert (np.diff(right.argmin(axis=0)) > 0).all()


def test_where_no_image_turns_wrong_none_is_chosen(drawn):
    logits, labels = drawn
    assert explore.turning(logits, labels, list(range(CLASSES)), [3], 12.0) == []


def test_the_counts_are_those_of_the_table(tmp_path):
    rows = [
        (seed, model, k, n, n - wrong - seed, 100 * (n - wrong - seed) / n)
        for seed in (4, 7)
        for model, wrong in (("teacher", 0), ("kd", 3))
        for k, n in ((0, 980), (1, 1135))
    ]
    path = tmp_path / "metrics.csv"
    write_csv(path, ("seed", "model", "class", "n", "correct", "accuracy"), rows)
    shared, counts = explore.seeds_and_counts(path, ["kd", "teacher"])
    assert counts == {"kd": [[973, 1128], [970, 1125]], "teacher": [[976, 1131], [973, 1128]]}
    assert (shared["seeds"], shared["sizes"]) == ((4, 7), [980, 1135])
    assert shared["t"] == pytest.approx(12.706, abs=1e-3)  # Student's t, 97.5 %, one degree of freedom


def test_one_seed_has_no_interval(tmp_path):
    path = tmp_path / "metrics.csv"
    write_csv(path, ("seed", "model", "class", "n", "correct", "accuracy"), [(0, "kd", 0, 10, 9, 90.0)])
    assert explore.seeds_and_counts(path, ["kd"])[0]["t"] is None


def test_the_page_holds_any_text_and_needs_nothing_else():
    content = {"label": "</script><b>@EXPERIMENT@ & α"}
    page = explore.page("a<b", content, "test")
    (held,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(held) == content
    assert "<title>Explore: a&lt;b</title>" in page
    noted = explore.page("a<b", content, "test", "Quick & <short>")
    assert noted == page.replace("</h1>", "</h1>\n<p><strong>Quick &amp; &lt;short&gt;</strong></p>")
    assert "@DATA@" not in page
    assert re.findall(r"""https?:|\bsrc=|@import|url\(|<link (?!rel="icon" href="data:,">)""", page) == []
    assert len(page) < 50_000


def test_the_page_says_which_images_it_counts():
    pages = {images: explore.page("grid", {}, images) for images in ("test", "held-out")}
    assert "@" not in re.sub(r"@media", "", pages["test"])
    assert re.findall(r"test images|Test images|Test errors|Test accuracy", pages["held-out"]) == []
    for words in ("errors on the held-out images", "`Held-out errors by ", "<h2>Held-out accuracy (%) per class</h2>"):
        assert words in pages["held-out"]


def test_arms_that_omit_the_same_show_the_images_of_the_best():
    def record(correct):
        return {"ways": {"fixed": {"metrics": {"class_correct": correct}}}}

    arms = {"hard": [1], "distilled": [1], "other": [0, 1]}
    records = {"hard": [record([99, 0]), record([99, 0])], "distilled": [record([8, 2]), record([8, 3])]}
    records["other"] = [record([9, 9]), record([9, 9])]
    assert explore.best_of(arms, records, "hard") == "distilled"
    assert explore.best_of(arms, records, "other") == "other"


def test_marks_are_what_was_published_of_the_arm_without_and_with_the_shift(tmp_path):
    path = tmp_path / "table.csv"
    write_csv(path, ("class", "kd", "kd+bias", "norm"), [(2, 97.0, 96.0, 95.0), (3, 2.9, 39.1, 0.0)])
    assert explore.published_marks(path, "kd", [3]) == [{"way": "none", "value": 2.9}, {"way": "fixed", "value": 39.1}]
    assert explore.published_marks(path, "norm", [3]) == [{"way": "none", "value": 0.0}]
    assert explore.published_marks(path, "kd", [2, 3]) == explore.published_marks([], "kd", [3]) == []
