"""The ways to choose a shift of the output biases, one record each: how it is chosen, named, explained and drawn.

To add one, write its record here; tables, figures and pages then show it in its place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mythical_digit.evaluation.bias_shift import ShiftCurve, prior_shift


@dataclass(frozen=True)
class Evidence:
    """What a shift of one network may be chosen from.

    classes         those whose output biases are shifted
    configured      the shift in config.yaml, in nats
    train_logits    (n_train, n_classes) float32, of the training images, those of omitted classes included
    frequency       share of the training images that belong to `classes`, 0 to 1
    test_curve      accuracy on the test split at every shift
    """

    classes: Sequence[int]
    configured: float
    train_logits: np.ndarray
    frequency: float
    test_curve: ShiftCurve


@dataclass(frozen=True)
class ShiftChoice:
    """A way to choose a shift.

    key          its name in files: column `way` of bias.csv, `ways` of bias.json
    label        its name in tables and figures
    short_label  the same in the head of a column
    sentence     explains the label in captions; empty if the label says it all
    symbol       the character that looks like its mark, for pages
    style        its mark in figures, as arguments of Matplotlib's `Line2D`
    choose       the shift in nats, from the evidence
    """

    key: str
    label: str
    short_label: str
    sentence: str
    symbol: str
    style: Mapping[str, object]
    choose: Callable[[Evidence], float]


# Colours of the palette in figures/style.py; shapes and fillings differ in grey as well.
_CHOICES = (
    ShiftChoice(
        key="none",
        label="No shift",
        short_label="raw",
        sentence="",
        symbol="○",
        style={"marker": "o", "color": "#808080", "markerfacecolor": "white", "markersize": 4.5},
        choose=lambda _: 0.0,
    ),
    ShiftChoice(
        key="fixed",
        label="Fixed shift",
        short_label="fixed shift",
        sentence="",
        symbol="●",
        style={"marker": "o", "color": "#0072B2", "markerfacecolor": "#0072B2", "markersize": 5.5},
        choose=lambda evidence: evidence.configured,
    ),
    ShiftChoice(
        key="prior",
        label="From the class frequency",
        short_label="shift from class frequency",
        sentence=(
            "the shift at which the mean probability of the classes is their share, on training images without their "
            "labels"
        ),
        symbol="▲",
        style={"marker": "^", "color": "#009E73", "markerfacecolor": "#009E73", "markersize": 5},
        choose=lambda evidence: prior_shift(evidence.train_logits, evidence.classes, evidence.frequency),
    ),
    # Named as what it is wherever it is shown: nobody could choose it without the test labels.
    ShiftChoice(
        key="oracle",
        label="Oracle: chosen on the test set",
        short_label="oracle shift",
        sentence="",
        symbol="◇",
        style={"marker": "D", "color": "#D55E00", "markerfacecolor": "white", "markersize": 4},
        choose=lambda evidence: evidence.test_curve.best_shift(),
    ),
)
SHIFT_CHOICES = {choice.key: choice for choice in _CHOICES}  # in the order of tables and figures
EXPLANATIONS = ". ".join(f"{choice.label}: {choice.sentence}" for choice in _CHOICES if choice.sentence)
