"""Each class left out in turn: the table and figure of how it is recognised, and the map of what taught it."""

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.stats import kendalltau

import every_class
import soft_target_map
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.files.records import write_json
from mythical_digit.tables.unseen_classes import read_aurocs

CLASSES = {"no0": 0, "no1": 1, "no2": 2}
NAMES = ["Coat", "Bag", "Ankle boot"]
RAW = {"no0": [90.0, 92.0], "no1": [50.0, 50.0], "no2": [99.0, 97.0]}
ADDED = {"no0": [100, 110], "no1": [-50, -60], "no2": [-1, 5]}  # by the fixed shift
AUROCS = {"no0": np.array([0.97, 0.95]), "no1": np.array([0.8, 0.82]), "no2": np.array([1.0, 1.0])}


def effects():
    found = {}
    for arm, raw in RAW.items():
        base = {name: np.array(raw) for name in ("class_accuracy", "other_accuracy", "accuracy")}
        base |= {"shift": np.zeros(2), "errors": np.array([1000.0, 1010.0])}
        fixed = {**base, "errors": base["errors"] + ADDED[arm], "class_accuracy": np.array([99.9, 97.0])}
        found[arm] = {key: fixed if key == "fixed" else base for key in SHIFT_CHOICES}
    return found


def test_the_table_counts_for_how_many_classes_the_fixed_shift_adds_errors():
    section = every_class.section(effects(), AUROCS, CLASSES, NAMES, 3.5)
    assert section.columns["Never seen"] == [*NAMES, "Mean"]
    assert section.columns["AUROC"][1] == "0.810 ± 0.127"
    assert section.columns["+3.5 adds"] == ["+105 ± 64", "−55 ± 64", "+2 ± 38", "+17 ± 13"]
    assert (
        "Of 3 classes, +3.5 adds errors for 1 and saves errors for 0; for 2, the seeds leave it open."
        in section.caption
    )
    unnamed = every_class.section(effects(), AUROCS, CLASSES, None, -3.5)
    assert unnamed.columns["Never seen"][:2] == ["0", "1"]
    assert "−3.5 (%)" in unnamed.columns


def test_the_rows_of_the_file_have_every_measure_of_every_way_and_one_auroc():
    table = [
        dict(zip(every_class.COLUMNS, row, strict=True)) for row in every_class.rows(effects(), AUROCS, CLASSES, NAMES)
    ]
    cells = {(row["class"], row["way"], row["measure"]): row for row in table}
    assert len(cells) == len(table) == 3 * (len(SHIFT_CHOICES) * 6 + 1)
    assert cells[1, "", "auroc"]["mean"] == pytest.approx(0.81)
    assert cells[0, "fixed", "errors_added"]["mean"] == 105
    assert cells[2, "none", "class_accuracy"]["name"] == "Ankle boot"


def test_intervals_end_at_0_and_100_percent():
    images = {label: np.zeros((4, 4)) for label in (0, 1)}  # class 2 has no test image
    figure = every_class.draw(effects(), AUROCS, CLASSES, NAMES, 3.5, images)
    left, right = figure.axes[:2]
    ends = [line.get_xdata() for axes in (left,) for line in axes.lines if len(line.get_xdata()) == 2]
    assert len(ends) == 3 * len(SHIFT_CHOICES)
    assert max(map(max, ends)) == 100
    assert {*NAMES} <= {text.get_text() for text in figure.findobj(Text)}
    assert right.get_xlim() == (0.8, 1)
    assert len(figure.axes) == 4


def test_a_network_that_diverged_has_no_auroc(tmp_path):
    paths = []
    for number, auroc in enumerate([0.5, None, 0.75, 1.0]):
        paths.append(tmp_path / f"{number}.json")
        write_json(paths[-1], {"auroc": auroc})
    found = read_aurocs(paths, ["a", "b"], 2)
    np.testing.assert_array_equal(found["a"], [0.5, np.nan])
    np.testing.assert_array_equal(found["b"], [0.75, 1])


LOGITS = np.log([[0.8, 0.1, 0.1], [0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
LABELS = np.array([0, 0, 1, 2])


def test_the_map_has_the_share_of_each_class_on_the_images_of_each_other():
    mass = soft_target_map.masses(LOGITS, LABELS, [0, 1, 2], temperature=1)
    assert np.isnan(mass.diagonal()).all()
    assert mass[2, 0] == pytest.approx(17.5)  # class 2, on the two images of class 0
    assert mass[0, 2] == pytest.approx(20)
    totals = soft_target_map.overall(mass, np.array([2, 1, 1]))
    assert totals[2] == pytest.approx((10 + 25 + 10) / 3)  # all images that a student without class 2 sees


def test_of_some_classes_the_map_has_the_images_of_all():
    some = soft_target_map.masses(LOGITS, LABELS, [2, 0], temperature=1)
    np.testing.assert_array_equal(some, soft_target_map.masses(LOGITS, LABELS, [0, 1, 2], temperature=1)[[2, 0]])
    scores = {name: np.array([[0.9, 0.7]]) for name in soft_target_map.PAIRS}
    rows = list(soft_target_map.rows(some[None], np.array([2, 1, 1]), scores, [2, 0], [7]))
    assert [row[1:4] for row in rows] == [(2, 0, 2), (2, 1, 1), (2, "all", 3), (0, 1, 1), (0, 2, 1), (0, "all", 2)]
    figure = soft_target_map.draw(some[None], np.array([2, 1, 1]), scores, [2, 0], 4, NAMES)
    labels = [
        [text.get_text() for text in axis.get_ticklabels()] for axis in (figure.axes[0].xaxis, figure.axes[0].yaxis)
    ]
    assert labels == [NAMES, ["Ankle boot", "Coat"]]


def test_the_rows_of_the_map_end_with_the_share_over_all_images_and_what_came_of_it():
    mass = soft_target_map.masses(LOGITS, LABELS, [0, 1, 2], temperature=1)[None]
    scores = {"class_accuracy": np.array([[90.0, np.nan, 70.0]]), "auroc": np.array([[0.9, np.nan, 0.7]])}
    rows = list(soft_target_map.rows(mass, np.array([2, 1, 1]), scores, [0, 1, 2], [7]))
    assert [row[:4] for row in rows[-3:]] == [(7, 2, 0, 2), (7, 2, 1, 1), (7, 2, "all", 3)]
    assert rows[-1][4:] == (pytest.approx(15), 70, 0.7)
    assert rows[5][5:] == (None, None)


def test_the_rank_correlation_has_an_interval_that_narrows_with_more_classes():
    first = np.arange(10.0)
    r, low, high = soft_target_map.rank_correlation(first, first**3)
    assert (r, low, high) == pytest.approx((1, 1, 1))
    second = np.array([1.0, 0, 2, 4, 3, 5, 9, 6, 7, 8])
    r, low, high = soft_target_map.rank_correlation(first, second)
    assert kendalltau(first, second).statistic < r < 1
    # Bonett & Wright (2000): tanh(atanh r ± z sqrt((1 + r²/2) / (n - 3)))
    reach = 1.959964 * np.sqrt((1 + r**2 / 2) / 7)
    assert (low, high) == pytest.approx(tuple(np.tanh(np.arctanh(r) + np.array([-reach, reach]))))
    assert np.isnan(soft_target_map.rank_correlation(first[:3], second[:3])).all()
    assert np.isnan(soft_target_map.rank_correlation(first, np.ones(10))).all()


def test_the_map_is_drawn_for_classes_without_a_score():
    mass = soft_target_map.masses(LOGITS, LABELS, [0, 1, 2], temperature=1)[None]
    scores = {name: np.array([[0.9, np.nan, 0.7]]) for name in soft_target_map.PAIRS}
    figure = soft_target_map.draw(mass, np.array([2, 1, 1]), scores, [0, 1, 2], 4, NAMES)
    found = [text.get_text() for text in figure.findobj(Text)]
    assert "ρ: not defined" in found
    assert "One seed (n = 1)." in next(text for text in found if text.startswith("Soft targets at T = 4"))
