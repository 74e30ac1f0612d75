"""The figure and the table of the shifts: what stands in them, and that all of it stands within the picture."""

import numpy as np
import pytest
from matplotlib.legend import Legend

import bias_curve
import bias_table
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.tables.markdown import markdown

SHIFTS = np.arange(-120, 121) / 10
LABELLED = {"kd-no3": "KD No3", "kd-no3+bias": "KD No3+B", "only78": "Only 7 8", "only78+bias": "Only 7 8+B"}
CLASSES = {"kd-no3": [3], "only78": [7, 8]}


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
    figure = bias_curve.bias_curve(curves, effects, LABELLED, CLASSES)
    said = [text.get_text() for legend in figure.findobj(Legend) for text in legend.get_texts()]
    for place, words in enumerate(choice.label for choice in SHIFT_CHOICES.values()):
        assert sum(text.startswith(f"{words}: {place}.00, {100 + place} ±") for text in said) == len(CLASSES)


def test_nothing_is_cut_off(curves, effects):
    figure = bias_curve.bias_curve(curves, effects, LABELLED, CLASSES)
    figure.draw_without_rendering()
    for text in (text for legend in figure.findobj(Legend) for text in legend.get_texts()):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text


def test_the_oracle_is_named_as_what_it_is_in_the_table(effects):
    text = markdown([bias_table.section("KD No3", [3], effects["kd-no3"])])
    assert "| Oracle: chosen on the test set | 3.00 | 103.0 ± " in text
    assert "| No shift | 0.00 | 100.0 ± " in text
