"""Curves per epoch with their interval, axes for losses and accuracies, and labels at the ends of lines."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullLocator

from mythical_digit.figures.style import LIGHT_GREY, PUBLISHED
from mythical_digit.tables.statistics import estimate

LOSS_TICKS = [digit * 10.0**power for power in range(-3, 5) for digit in (1, 2, 5)]  # what is lower leaves the panel
ACCURACY_TICKS = [0, 50, 70, 80, 85, 90, 93, 95, 96, 97, 98, 98.5, 99, 99.5, 99.8, 99.9, 100]
MOST_TICKS = 12
HALO = [withStroke(linewidth=2, foreground="white")]  # around words that a longer line may cross
SMALLEST_ERROR = 0.05  # percent: where the scale of accuracies ends, since the logarithm of no error is infinite


def draw_curve(axes: Axes, values: np.ndarray, *, single_seeds: bool = False, **style) -> float:
    """Draw the mean of `values` (n_seeds, n_epochs) per epoch with a band, its 95 % interval; return the last mean.

    `single_seeds` adds each seed as a thin line. A single epoch becomes a point with a bar. `style` is for the mean.
    """
    epochs = np.arange(1, values.shape[1] + 1)
    result = estimate(values)
    low, high = result.mean - result.halfwidth, result.mean + result.halfwidth
    if len(epochs) == 1:
        axes.plot(epochs, result.mean, "o", color=style["color"], markersize=3)
        axes.vlines(epochs, low, high, color=style["color"])
    else:
        if single_seeds:
            axes.plot(epochs, values.T, color=style["color"], linewidth=0.4, alpha=0.4)
        axes.fill_between(epochs, low, high, color=style["color"], alpha=0.2, linewidth=0)
        axes.plot(epochs, result.mean, **style)
    return float(result.mean[-1])


def draw_published(axes: Axes, epochs: np.ndarray, values: np.ndarray, colour: str) -> None:
    """Draw what was published of each epoch, (n_epochs,), as hollow marks in the colour of its curve."""
    style = {**PUBLISHED, "markeredgecolor": colour, "markersize": 3, "markeredgewidth": 0.7}
    axes.plot(epochs, values, **style)


def finish_loss(axes: Axes) -> None:
    """Give the axes a logarithmic scale: arms that miss a class lie far above the others."""
    axes.set_yscale("log")
    _finish_epochs(axes, LOSS_TICKS)


def finish_accuracy(axes: Axes) -> None:
    """Give the axes a scale for accuracies in percent, logarithmic in the error, 100 minus accuracy."""

    def forward(accuracy: np.ndarray) -> np.ndarray:
        return -np.log10(np.maximum(100 - np.asarray(accuracy), SMALLEST_ERROR))

    def inverse(scaled: np.ndarray) -> np.ndarray:
        return 100 - 10 ** -np.asarray(scaled)

    axes.set_yscale("function", functions=(forward, inverse))
    _finish_epochs(axes, ACCURACY_TICKS)


def _finish_epochs(axes: Axes, ticks: Sequence[float]) -> None:
    """End the y-axis at the ticks around the lines of all panels that share it.

    Bands do not count, as they may reach below zero.
    """
    scale = axes.yaxis.get_transform()
    panels = axes.get_shared_y_axes().get_siblings(axes)
    drawn = scale.transform(np.concatenate([line.get_ydata() for panel in panels for line in panel.lines]))
    margin = 0.05 * np.ptp(drawn) + 0.01
    lowest, highest = scale.inverted().transform([drawn.min() - margin, drawn.max() + margin])
    low = max((tick for tick in ticks if tick <= lowest), default=ticks[0])
    high = min((tick for tick in ticks if tick >= highest), default=ticks[-1])
    shown = [tick for tick in ticks if low <= tick <= high]
    last = axes.dataLim.x1
    logarithmic = axes.get_xscale() == "log"
    axes.set(xlabel="Epoch", xlim=(0.9, last * 1.1) if logarithmic else (0.5, last + 0.5), ylim=(low, high))
    axes.yaxis.set_major_locator(FixedLocator(shown[:: -(-len(shown) // MOST_TICKS)]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:.4g}"))
    if logarithmic:
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


def label_ends(axes: Axes, ends: Sequence[tuple[str, float, float, str]]) -> None:
    """Write labels (text, x and y of the line's end in data coordinates, colour) next to finished axes' lines.

    Labels of lines that end at the same place do not overlap; a short line leads to each from its end.
    """
    axes.figure.draw_without_rendering()  # the height of the axes follows from the layout
    height = axes.get_window_extent().height / axes.figure.dpi * 72
    to_axes = axes.transScale + axes.transLimits
    for last in dict.fromkeys(x for _, x, _, _ in ends):
        here = [end for end in ends if end[1] == last]
        points = to_axes.transform([(x, y) for _, x, y, _ in here])
        places = spread(points[:, 1].clip(0.04, 1), matplotlib.rcParams["font.size"] * 1.15 / height)
        for (text, _, _, colour), point, place in zip(here, points, places, strict=True):
            left = point[1] < 0  # the line has left the panel
            line = {"arrowstyle": "-", "color": colour, "linewidth": 0.5, "relpos": (0, 0.5), "shrinkB": 0}
            axes.annotate(
                f"{text} ↓" if left else text,
                xy=point,
                xytext=(point[0] + 0.05, place),
                xycoords="axes fraction",
                va="center",
                color=colour,
                path_effects=HALO,
                annotation_clip=False,
                arrowprops=None if left else line,
            )


def spread(heights: np.ndarray, gap: float) -> np.ndarray:
    """Move heights (n,) within [0, 1] until they are `gap` apart, with the least sum of squares and in the same order.

    Heights are `gap` apart if they do not decrease after i times the gap is subtracted from the i-th. The nearest such
    heights are an isotonic regression (Barlow et al. 1972).
    """
    from scipy.optimize import isotonic_regression  # here: half a second that the figure of one model can spare

    order = np.argsort(heights, kind="stable")
    steps = gap * np.arange(len(heights))
    level = isotonic_regression(heights[order] - steps).x.clip(0, max(0, 1 - gap * (len(heights) - 1)))
    places = np.empty(len(heights))
    places[order] = level + steps
    return places
