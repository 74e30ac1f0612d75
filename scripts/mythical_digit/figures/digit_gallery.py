"""Galleries of digits: images in rows, each with the probabilities that a network gives the classes."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, WIDTH

# All in inches, on a page of the width WIDTH.
MARGIN = 0.1
COLUMNS = 5
CELL = (WIDTH - 2 * MARGIN) / COLUMNS
IMAGE = 0.56
BARS = (0.68, 0.46)  # width and height
ROW = 0.84
MOST_NUMBERS = 10  # under the bars

TEXT = 6.5  # points
TITLE = {"fontsize": 8.5, "fontweight": "bold", "va": "center"}
OTHER = {"facecolor": "white", "edgecolor": DARK_GREY, "linewidth": 0.5}  # bars of the classes that are not marked


def page(height: float) -> Axes:
    """A new figure of WIDTH by `height` inches in one frame, with inches as data coordinates, y from the top down."""
    figure = Figure(figsize=(WIDTH, height))
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def draw_digit(
    axes: Axes,
    place: int,
    top: float,
    image: np.ndarray,
    heading: str,
    bars: np.ndarray,
    ticks: np.ndarray,
    marked: int,
    colour: str,
    *,
    numbered: bool = True,
) -> None:
    """Draw image number `place` (from 0) of those in rows of COLUMNS, the first row at the height `top` (inches).

    `image` (rows, columns) is drawn as ink on paper. `bars` and `ticks`, (classes,) each, are two sets of probabilities
    from 0 to 1, drawn to the nearest percent, the latter as ticks across the bars. The class `marked` is in `colour`.
    The bars are `numbered` unless classes have names, for which there is no room.
    """
    row, column = divmod(place, COLUMNS)
    left, top = MARGIN + CELL * column, top + ROW * row
    axes.text(left, top + 0.05, heading, fontsize=TEXT, va="center")
    top += 0.13
    extent = (left, left + IMAGE, top + IMAGE, top)
    axes.imshow(image, cmap="gray_r", extent=extent, aspect="auto", interpolation="none")
    axes.add_patch(Rectangle((left, top), IMAGE, IMAGE, fill=False, color=DARK_GREY, linewidth=0.5))

    # To the nearest percent, which the eye can tell apart: the last bits of a logit differ between processors.
    bars, ticks = np.round(bars, 2), np.round(ticks, 2)
    left, (width, height) = left + IMAGE + 0.06, BARS
    step = width / len(bars)
    middles = left + step * (np.arange(len(bars)) + 0.5)
    foot = top + height
    axes.add_patch(Rectangle((left, top), width, height, color=LIGHT_GREY, linewidth=0))
    for label in np.flatnonzero(bars):
        style = {"color": colour, "linewidth": 0} if label == marked else OTHER
        axes.add_patch(Rectangle((middles[label] - 0.4 * step, foot), 0.8 * step, -height * bars[label], **style))
    seen = ticks > 0
    y, ends = foot - height * ticks[seen], 0.4 * step * np.array([[-1], [1]])
    axes.hlines(y, *(middles[seen] + ends), color="black", linewidth=0.9)
    for label, x in enumerate(middles if numbered and len(bars) <= MOST_NUMBERS else ()):
        weight = "bold" if label == marked else "normal"
        axes.text(x, foot + 0.02, str(label), fontsize=5.5, fontweight=weight, ha="center", va="top")


def draw_key(axes: Axes, top: float, names: Sequence[str], colour: str) -> None:
    """Explain the marked bar, the other bars and the ticks by three `names`, at the height `top` (inches)."""
    handles = [Patch(color=colour), Patch(**OTHER), Line2D([], [], color="black", linewidth=0.9)]
    place = {"loc": "upper left", "bbox_to_anchor": (MARGIN, top), "bbox_transform": axes.transData}
    axes.legend(handles, names, ncols=3, fontsize=TEXT, borderpad=0, borderaxespad=0, handlelength=1.2, **place)
