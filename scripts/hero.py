"""Makes results/hero/hero.{png,svg}: how many images of a class are recognised that no student saw in training.

From metrics.csv of the experiments that `hero` in config.yaml names, and the prepared data. It is made to be read where
it is small, so it says little in large letters.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from mythical_digit.data import prepared
from mythical_digit.errors import UserError
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, PUBLISHED, UNSEEN, WIDTH, save
from mythical_digit.tables.accuracies import read_accuracies
from mythical_digit.tables.markdown import name_classes, plus_minus
from mythical_digit.tables.statistics import Estimate, estimate
from mythical_digit.workflow.job_log import logged

IMAGES = 12
# All in inches.
MARGIN, TOP = 0.08, 0.42  # TOP: of the row of images
IMAGE = (WIDTH - 2 * MARGIN) / IMAGES
ROW, FOOT = 0.58, 0.95
LABELS = 2.45  # width
BAR = 0.74  # height, of a row
LARGE, SMALL = 12.5, 10.5  # points
SEED = {"marker": "o", "linestyle": "", "color": "black", "markersize": 3.4, "markeredgewidth": 0, "alpha": 0.75}
INTERVAL = {"color": "black", "linewidth": 1.4, "path_effects": [withStroke(linewidth=3.2, foreground="white")]}
ROOM = 60  # percent: the numbers of a longer bar are written in it


def hero(
    title: str, label: int, images: np.ndarray, bars: Sequence[Mapping], accuracies: Sequence[np.ndarray]
) -> Figure:
    """Draw a bar for each of `bars`, under a row of `images` (n, rows, columns) of the class `label`.

    Each bar has a `label` and the `published` accuracy in percent; `accuracies` are ours, (n_seeds,) each.
    """
    height = TOP + IMAGE + 0.1 + ROW * len(bars) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.set_layout_engine("none")
    figure.text(MARGIN / WIDTH, 1 - 0.2 / height, title, fontsize=18, fontweight="bold", va="center")
    strip = figure.add_axes((MARGIN / WIDTH, 1 - (TOP + IMAGE) / height, 1 - 2 * MARGIN / WIDTH, IMAGE / height))
    strip.imshow(np.hstack(list(images[:IMAGES])), cmap="gray_r", interpolation="none", aspect="auto")
    strip.set_axis_off()
    width = WIDTH - LABELS - 0.2
    axes = figure.add_axes((LABELS / WIDTH, FOOT / height, width / WIDTH, ROW * len(bars) / height))
    for row, (bar, values) in enumerate(zip(bars, accuracies, strict=True)):
        draw_bar(axes, row, values, bar["published"])
    axes.set(xlim=(0, 100), ylim=(len(bars) - 0.5, -0.5), xticks=range(0, 101, 25))
    axes.set_yticks(range(len(bars)), [bar["label"] for bar in bars], fontsize=LARGE, linespacing=1.05)
    axes.tick_params(left=False, labelsize=LARGE)
    axes.tick_params(axis="x", labelsize=SMALL)
    axes.grid(axis="x", color=LIGHT_GREY, linewidth=0.8)
    axes.set_axisbelow(True)
    figure.text(
        0.5, 0.5 / height, f"Test images of {name_classes([label])} recognised (%)", fontsize=LARGE, ha="center"
    )
    draw_key(figure, sorted({len(values) for values in accuracies}))
    return figure


def draw_bar(axes: Axes, row: int, values: np.ndarray, published: float) -> None:
    """Draw our mean as a bar, its interval, the seeds, and what was published as a mark, with both numbers."""
    result = estimate(values)
    halfwidth = np.nan_to_num(result.halfwidth)
    low, high = np.clip([result.mean - halfwidth, result.mean + halfwidth], 0, 100)
    axes.barh(row, result.mean, BAR, color=UNSEEN, zorder=1)
    axes.plot([low, high], [row, row], **INTERVAL, solid_capstyle="butt", clip_on=False, zorder=3)
    spread = np.linspace(-0.28, 0.28, len(values)) * BAR if len(values) > 1 else np.zeros(1)
    axes.plot(values, row + spread, **SEED, clip_on=False, zorder=3)
    axes.plot(published, row, **PUBLISHED, markersize=8, markeredgewidth=1.2, clip_on=False)
    inside = result.mean > ROOM
    marks = [low, high, published, *values]
    place = {"ha": "right", "x": min(marks) - 2.5} if inside else {"ha": "left", "x": max(marks) + 2.5}
    colours = ("white", "white") if inside else (UNSEEN, DARK_GREY)
    ours = {"color": colours[0], "fontsize": LARGE + 1, "fontweight": "bold"}
    axes.text(y=row - 0.13, s=f"{number(result)} %", **place, **ours, va="center")
    theirs = {"color": colours[1], "fontsize": SMALL}
    axes.text(y=row + 0.21, s=f"published {published:g}", **place, **theirs, va="center")


def number(result: Estimate) -> str:
    """A mean with the half-width of its interval; without it where all seeds agree."""
    if not result.halfwidth:
        result = Estimate(result.mean, np.nan, result.n)
    return plus_minus(result, 1)[0]


def draw_key(figure: Figure, seeds: Sequence[int]) -> None:
    """Explain the marks; `seeds` are the numbers of seeds of the bars."""
    handles = [
        Line2D([], [], **SEED, label=f"one seed (n = {' or '.join(map(str, seeds))})"),
        Line2D([], [], **INTERVAL, label="95 % interval"),
        Line2D([], [], **PUBLISHED, markersize=8, markeredgewidth=1.2, label="published"),
    ]
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 0), "ncols": len(handles), "borderaxespad": 0.3}
    figure.legend(handles=handles, **place, fontsize=SMALL, handlelength=1.4, handletextpad=0.5, columnspacing=1.6)


if __name__ == "__main__":
    params, files = snakemake.params, snakemake.input
    with logged(snakemake.log[0]):
        if params.mistake:
            raise UserError(params.mistake)
        tables = {
            name: read_accuracies(path, params.models[name])
            for name, path in zip(params.models, files.metrics, strict=True)
        }
        values = []
        for bar in params.bars:
            table = tables[bar["experiment"]]
            values.append(table.values[bar["model"]][:, table.classes.index(params.label)])
        images, labels = prepared.load_split(files.data, "test", params.normalisation, params.held_out)
        figure = hero(params.title, params.label, images[labels == params.label], params.bars, values)
        save(figure, [snakemake.output.png, snakemake.output.svg])
