"""Classes are called by their names where they have some, and otherwise by their numbers."""

import pytest

from mythical_digit.study.class_labels import Layout, called, in_words, layout, opening, short
from mythical_digit.tables.markdown import name_classes

NAMES = ["T-shirt/top", "Ankle boot", "Bag"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [(None, ("1", "class 1", "Class 1", "classes 1, 2")), (NAMES, ("Ankle boot",) * 3 + ("Ankle boot, Bag",))],
)
def test_a_class_is_called_by_its_name_or_else_by_its_number(names, expected):
    words = in_words(1, names)
    assert (short(1, names), words, opening(words), name_classes(called([1, 2], names))) == expected


def test_a_name_keeps_its_capitals():
    assert opening("iPad, TV") == "IPad, TV"


def test_what_a_data_set_does_not_say_of_its_files_has_a_default():
    assert Layout(**layout({"classes": 3, "mean": 0.1})) == Layout(first_label=0, transposed=False)
    assert Layout(**layout({"first_label": 1, "transposed": True})) == Layout(first_label=1, transposed=True)
