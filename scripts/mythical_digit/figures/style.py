"""What all figures share: one style, one colour per arm, and files with the same bytes."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from mythical_digit.files.atomic import atomic
from mythical_digit.study.experiments import TEACHER, arm_of

WIDTH = 7.0  # inches: the text width of a page
DARK_GREY = "#404040"
LIGHT_GREY = "#ebebeb"
# The same meaning in all figures: a class that a student never saw in training, and classes that it did see.
UNSEEN = "#D55E00"
TRAINED = "#b3b3b3"
# What others published is hollow, so that it can be told apart in grey too.
PUBLISHED = {"marker": "D", "markerfacecolor": "white", "markeredgecolor": "black", "linestyle": "", "zorder": 4}
# Arms, without the vermilion, which is the unseen class: four of Okabe & Ito (2008), "Color Universal Design", and two
# darker ones before the light ones, which are hard to read as text on white.
PALETTE = ("#0072B2", "#009E73", "#AA4499", "#7F5A00", "#56B4E9", "#E69F00")
# Colours and dashes tell twelve arms apart; in grey, dashes still tell neighbours apart.
DASHES = ("-", "--", "-.", ":")

# A user's matplotlibrc must not change the bytes.
matplotlib.rcdefaults()
matplotlib.rcParams.update(
    {
        "figure.dpi": 200,
        "savefig.dpi": 200,
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.wspace": 0.05,
        "font.family": "DejaVu Sans",  # comes with Matplotlib
        "font.size": 7.5,
        "text.parse_math": False,  # a dollar sign in a label is a dollar sign
        "axes.titlesize": 8.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": 7.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "lines.linewidth": 1.3,
        "hatch.linewidth": 0.7,
        "legend.frameon": False,
        "svg.fonttype": "path",  # text as outlines: the same picture where the font is not installed
        "svg.hashsalt": "mythical-digit",
    }
)


def arm_style(model: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Colour and line style of a model, by the place of its arm among `labels`; the injected bias changes neither."""
    if model == TEACHER:
        return {"color": DARK_GREY, "linestyle": "-"}
    arms = list(dict.fromkeys(arm_of(name) for name in labels if name != TEACHER))
    place = arms.index(arm_of(model))
    return {"color": PALETTE[place % len(PALETTE)], "linestyle": DASHES[place % len(DASHES)]}


def save(figure: Figure, paths: Iterable[str | Path], note: str | None = None) -> None:
    """Write the figure to each path, whole or not at all, in the format of its suffix, with the same bytes each time.

    A `note` is written across the figure, where nobody overlooks it or cuts it off.
    """
    if note:
        size = min(24, 1.4 * 72 * figure.get_figwidth() / len(note))
        style = {"color": PALETTE[1], "alpha": 0.35, "fontweight": "bold", "ha": "center", "va": "center"}
        figure.text(0.5, 0.5, note, fontsize=size, rotation=15, zorder=10, **style)
    for path in paths:
        with atomic(path) as part:
            figure.savefig(part, format=Path(path).suffix[1:], metadata={"Date": None})
