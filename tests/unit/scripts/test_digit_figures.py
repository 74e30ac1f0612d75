"""The figures of digits and of what they were taken for: which images they show, and what they say of them."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import confusion
import draw_soft_targets
import unseen_digits

LABELS = {"teacher": "Teacher", "norm": "Norm", "kd-no3": "KD No3", "kd-no3+bias": "KD No3+B"}


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def images(n):
    return np.random.default_rng(0).normal(size=(n, 28, 28))


def logits(*winners, n_classes=4, height=2.0):
    """Logits by which each image is of the class `winners[i]`."""
    return height * np.eye(n_classes)[list(winners)]


def unseen(labels, without, with_bias, omitted):
    labels = np.array(labels)
    words = ("KD No3+B, seed 7", "+3.5 on 3", "black")
    return unseen_digits.unseen_digits(images(len(labels)), labels, [without, with_bias], omitted, *words)


def test_unseen_digits_say_what_was_predicted_without_and_with_the_bias():
    words = texts(unseen([3, 3, 3, 0], logits(2, 3, 1, 0), logits(3, 3, 1, 0), [3]))
    assert any("KD No3+B, seed 7" in text for text in words)
    assert "Class 3: 2 of 3 right (66.7 %) with the bias, 1 of 3 right (33.3 %) without" in words
    headings = [text.split(maxsplit=1)[1] for text in words if text.startswith("#")]
    assert headings == ["2 → 3  ✓", "3 → 3  ✓", "1 → 1  ✗"]
    assert any("evenly spaced in their ranking" in text and "at least half are wrong" in text for text in words)


@pytest.mark.parametrize(("n", "expected"), [(19, "For each class, up to 20 of"), (20, "For each class, 20 of")])
def test_the_caption_promises_no_more_images_than_there_are(n, expected):
    labels = [3] * n
    words = texts(unseen(labels, logits(*labels), logits(*labels), [3]))
    assert any(text.startswith(expected) for text in words)


def test_each_omitted_class_has_a_row_however_many_there_are():
    labels = np.repeat(np.arange(4), 30)
    found = logits(*labels)
    for omitted in ([3], [0, 1, 2]):
        figure = unseen(labels, found, found, omitted)
        headings = [text for text in texts(figure) if text.startswith("#")]
        assert sum(text.startswith("#1 ") for text in headings) == len(omitted)
        assert sum(text.startswith("#30 ") for text in headings) == len(omitted)


@pytest.mark.parametrize(
    ("right", "wrong", "failures"),
    [(1005, 5, 5), (985, 25, 10), (432, 578, 11), (0, 1010, 20), (1010, 0, 0), (3, 2, 2)],
)
def test_failures_are_shown_where_nearly_all_are_right(right, wrong, failures):
    places = unseen_digits.shown(right, wrong, 20)
    assert (places >= right).sum() == failures
    assert len({*places}) == min(20, right + wrong)
    assert (places[0], places[-1]) == (0, right + wrong - 1)


def test_most_like_a_class_are_images_of_others():
    probabilities = np.array([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4], [0.9, 0.1]])
    assert draw_soft_targets.most_like(probabilities, np.array([1, 0, 0, 0]), 1, 2).tolist() == [2, 1]


def drawn_soft_targets(seeds, temperature=2):
    labels = np.array([0, 1, 2, 3])
    found = np.log(np.array([[0.64, 0.04, 0.16, 0.16]] * 4))  # 16 % of class 3; at T = 2, 4 of 8 + 2 + 4 + 4
    of_seeds = [found] * seeds
    return draw_soft_targets.draw_soft_targets(images(4), labels, of_seeds, 3, temperature, ("KD No3", 7), "black")


def test_soft_targets_are_drawn_at_both_temperatures():
    words = texts(drawn_soft_targets(seeds=2))
    assert [text for text in words if text.startswith("label")] == [f"label {label}   16 → 22 %" for label in range(3)]
    assert words.count("16.00") == words.count("22.22") == 3
    assert {"Class 3 at T = 2", "T = 1", "T = 2"} <= set(words)
    assert any("highest probability of class 3 at T = 2; seed 7" in text for text in words)
    assert any("n = 2 seeds" in text and "95 %" in text for text in words)


def test_soft_targets_of_one_seed_have_no_interval_and_at_t_1_one_bar():
    words = " ".join(texts(drawn_soft_targets(seeds=1, temperature=1)))
    assert words.count("16.00") == 3
    assert "needs at least two" in words
    assert "nan" not in words
    assert "95 %" not in words


def drawn_confusion(seeds=2, *, different=True):
    one = np.array([[90, 10, 0], [0, 100, 0], [0, 100, 0]])
    other = np.array([[70, 30, 0], [0, 100, 0], [0, 100, 0]])
    counts = {model: np.array([one, other])[:seeds] for model in LABELS}
    for place, model in enumerate(LABELS):
        counts[model][:, 2] = [place, 100 - place, 0] if different else [0, 100, 0]
    return confusion.confusion(counts, LABELS, {"kd-no3": [2], "kd-no3+bias": [2]})


def test_a_confusion_matrix_has_the_mean_over_seeds_and_no_zeros_beside_the_diagonal():
    figure = drawn_confusion()
    axes = figure.axes[0]
    cells = {text.get_position(): text.get_text() for text in axes.texts}
    assert cells == {(0, 0): "80", (1, 0): "20", (1, 1): "100", (1, 2): "100", (2, 2): "0"}
    assert axes.get_title(loc="left") == "Teacher"
    assert axes.get_title(loc="right") == "120 wrong"
    assert (axes.get_ylim()[0], axes.get_ylabel()) == (2.5, "True class")  # the first class is on top
    assert any("300 test images" in text and "n = 2 seeds" in text for text in texts(figure))
    assert any("n = 1" in text for text in texts(drawn_confusion(seeds=1)))


def test_models_with_the_same_counts_share_a_panel():
    titles = [axes.get_title(loc="left") for axes in drawn_confusion(different=False).axes]
    assert [title for title in titles if title] == ["Teacher and Norm and KD No3 and KD No3+B"]
    assert len([axes for axes in drawn_confusion().axes if axes.get_title(loc="left")]) == len(LABELS)


def test_classes_that_were_not_in_training_are_framed_in_their_models_alone():
    figure = drawn_confusion()
    framed = [
        [patch.get_xy() for patch in axes.patches if isinstance(patch, Rectangle) and not patch.get_fill()]
        for axes in figure.axes[:4]
    ]
    assert framed == [[], [], [(-0.5, 1.5)], [(-0.5, 1.5)]]
    assert "Class never seen in training" in texts(figure)
