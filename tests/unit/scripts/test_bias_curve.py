"""The figure and the table of the shifts: what stands in them, and that all of it stands within the picture."""

import numpy as np
import pytest
from matplotlib.legend import Legend

import bias_curve
import bias_table
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.figures.style import UNSEEN
from mythical_digit.tables.markdown import markdown

SHIFTS = np.arange(-120, 121) / 10
LABELLED = {"kd-no3": "KD No3", "kd-no3+bias": "KD No3+B", "only78": "Only 7 8", "only78+bias": "Only 7 8+B"}
CLASSES = {"kd-no3": [3], "only78": [7, 8]}
UNSEEN_CURVES = {"kd-no3": "classes", "only78": "others"}


@pytest.fixture
def curves():
    rising = 100 / (1 + np.exp(3 - SHIFTS)) + np.array([[-0.2], [0], [0.2]])
    return {arm: (SHIFTS, {"classes": rising, "others": 98 - 0.2 * rising, "all": 90 + 0 * rising}) for arm in CLASSES}


@pytest.fixture
def effects():
    """Each way's shift and errors name it: 0, 1, 2, 3 nats and 100, 101, ... errors."""
    measures = {
        way: {
            "shift": np.full(3, float(place)),
            "errors": np.array([99.0, 100, 101]) + place,
            **{name: np.array([89.0, 90, 91]) for name in ("class_accuracy", "other_accuracy", "accuracy")},
        }
        for place, way in enumerate(SHIFT_CHOICES)
    }
    return dict.fromkeys(CLASSES, measures)


def test_each_way_is_named_with_its_shift_and_errors(curves, effects):
    figure = bias_curve.bias_curve(curves, effects, LABELLED, CLASSES, UNSEEN_CURVES)
    said = [text.get_text() for legend in figure.findobj(Legend) for text in legend.get_texts()]
    for place, words in enumerate(choice.label for choice in SHIFT_CHOICES.values()):
        assert sum(text.startswith(f"{words}: {place}.00, {100 + place} ±") for text in said) == len(CLASSES)


def test_all_arms_have_one_range_of_shifts(curves, effects):
    flat = {name: np.full((3, len(SHIFTS)), 50.0) for name in bias_curve.COLUMNS}
    figure = bias_curve.bias_curve({**curves, "only78": (SHIFTS, flat)}, effects, LABELLED, CLASSES, UNSEEN_CURVES)
    ranges = {axes.get_xlim() for axes in figure.axes if axes.get_title(loc="left")}
    assert len(ranges) == 1
    low, high = ranges.pop()
    assert low < 0 < 6 < high  # where the other arm moves


def test_one_colour_is_that_of_classes_never_seen(curves, effects):
    figure = bias_curve.bias_curve(curves, effects, LABELLED, CLASSES, UNSEEN_CURVES)
    coloured = [line.get_label() for axes in figure.axes for line in axes.lines if line.get_color() == UNSEEN]
    assert coloured == ["Class 3, never seen", "Other classes, never seen"]


@pytest.mark.parametrize(
    ("shifted", "omitted", "expected"),
    [([3], [3], "classes"), ([3], [3, 4], "classes"), ([7, 8], [0, 1, 2, 3, 4, 5, 6, 9], "others"), ([7], [3], None)],
)
def test_the_curve_of_classes_never_seen(shifted, omitted, expected):
    assert bias_curve.unseen_curve(shifted, omitted, 10) == expected


def test_nothing_is_cut_off(curves, effects):
    figure = bias_curve.bias_curve(curves, effects, LABELLED, CLASSES, UNSEEN_CURVES)
    figure.draw_without_rendering()
    for text in (text for legend in figure.findobj(Legend) for text in legend.get_texts()):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text


def test_the_oracle_is_named_as_what_it_is_in_the_table(effects):
    text = markdown([bias_table.section("KD No3", [3], effects["kd-no3"])])
    assert "| Oracle: chosen on the test set | 3.00 | 103.0 ± " in text
    assert "| No shift | 0.00 | 100.0 ± " in text
