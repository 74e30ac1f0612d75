"""The classes along an axis, by number or name, so that they do not run into each other."""

from collections.abc import Sequence

from matplotlib.axis import Axis

from mythical_digit.study.class_labels import Names, short

MANY = 20  # classes, whose labels are small


def label_classes(axis: Axis, classes: Sequence[int], names: Names) -> None:
    """Label the places 0, 1, ... of an axis with the `classes`; long labels along the x-axis are turned."""
    labels = [short(label, names) for label in classes]
    turned = axis.axis_name == "x" and max(map(len, labels)) * len(labels) > MANY
    style = {"rotation": 90} if turned else {}
    axis.set_ticks(range(len(labels)), labels, **style, **({"fontsize": 5} if len(labels) > MANY else {}))
