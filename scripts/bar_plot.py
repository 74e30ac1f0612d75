"""Makes results/{experiment}/bar_plot.{png,svg} from metrics.csv: test accuracy per class, one panel per student."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mythical_digit.figures.class_ticks import label_classes
from mythical_digit.figures.panels import distinct, title
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, PUBLISHED, TRAINED, UNSEEN, WIDTH, save
from mythical_digit.study.class_labels import Names
from mythical_digit.study.experiments import TEACHER
from mythical_digit.tables.accuracies import Accuracies, read_accuracies
from mythical_digit.tables.published import read_published
from mythical_digit.tables.statistics import Estimate, describe, estimate
from mythical_digit.workflow.job_log import logged

HIGH = 95  # percent: classes with a mean from here on are enlarged above the bars, to show their intervals
TOP = 116  # percent: room above a full bar for its number
BAR = 0.74  # of the place of a class
SEED = {
    "marker": "o",
    "color": "black",
    "linestyle": "",
    "markersize": 2,
    "markeredgewidth": 0,
    "alpha": 0.7,
    "zorder": 3,
}
INTERVAL = {"fmt": "none", "ecolor": "black", "capsize": 2, "linewidth": 0.9, "zorder": 3}
TEACHER_MARK = {"marker": "_", "color": DARK_GREY, "linestyle": "", "markersize": 9, "markeredgewidth": 1.2}
HOLLOW = {**PUBLISHED, "markersize": 3.6, "markeredgewidth": 0.8}


def bar_plot(
    accuracies: Accuracies,
    labels: Mapping[str, str],
    omitted: Mapping[str, Sequence[int]],
    published: Mapping[str, np.ndarray],
    names: Names = None,
) -> Figure:
    """Draw a panel per student, two in a row: bars from 0 to 100 % and, above them, the top of the range enlarged.

    `labels` maps models to their names, in the order of the panels; students with the same numbers share one. `omitted`
    maps students to the classes missing from their training, `published` models to the accuracies that others reported,
    (n_classes,) in percent, NaN where there is none; `names` are those of the classes, if they have any.
    """
    panels = distinct({model: accuracies.values[model] for model in labels if model != TEACHER})
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(WIDTH, 2.2 * rows + (0.25 if len(panels) % 2 and rows > 1 else 0.7)))
    grid = figure.add_gridspec(rows, columns)
    high = [values[:, values.mean(axis=0) >= HIGH].ravel() for values in map(accuracies.values.get, labels)]
    bottom = np.floor(np.concatenate(high).min(initial=99) - 0.2)
    for place, models in enumerate(panels):
        cell = grid[divmod(place, columns)].subgridspec(2, 1, height_ratios=[2, 3], hspace=0.02)
        enlarged, bars = cell.subplots(sharex=True)
        unseen = omitted.get(models[0], ())
        theirs = published.get(models[0], np.full(len(accuracies.classes), np.nan))
        draw_bars(bars, accuracies, models[0], unseen, theirs)
        draw_enlarged(enlarged, accuracies, models[0], unseen, theirs, bottom, with_teacher=TEACHER in labels)
        average = estimate(accuracies.with_average(models[0])[:, -1])
        enlarged.set_title(f"avg {number(average, 2)} %", loc="right", fontweight="normal", fontsize=7.5)
        enlarged.set_title(title([labels[model] for model in models]))
        label_classes(bars.xaxis, accuracies.classes, names)
        bars.set(xlabel=None if names else "Class", ylabel="Accuracy (%)")
    shown = {TEACHER: TEACHER in labels, "published": any(np.isfinite(each).any() for each in published.values())}
    draw_key(figure, grid[-1, -1] if len(panels) % 2 and rows > 1 else None, len(accuracies.seeds), shown)
    notes = [describe(len(accuracies.seeds)), "avg: mean over the classes", f"upper part: {bottom:.0f}–100 % enlarged"]
    figure.supxlabel("; ".join(notes), fontsize=6.5)
    return figure


def number(result: Estimate, digits: int) -> str:
    """A mean with its interval, if it has one."""
    return f"{result.mean:.{digits}f}" + ("" if result.n == 1 else f" ± {result.halfwidth:.{digits}f}")


def draw_bars(axes: Axes, accuracies: Accuracies, model: str, unseen: Sequence[int], published: np.ndarray) -> None:
    """Draw the means as bars; of each class of `unseen`, also its number, its interval, and what was published."""
    result = estimate(accuracies.values[model])
    places = np.arange(len(accuracies.classes))
    colours = [UNSEEN if label in unseen else TRAINED for label in accuracies.classes]
    axes.bar(places, result.mean, BAR, color=colours)
    for place, label in enumerate(accuracies.classes):
        if label not in unseen:
            continue
        mean, halfwidth = result.mean[place], np.nan_to_num(result.halfwidth)[place]
        low, high = np.clip([mean - halfwidth, mean + halfwidth], 0, 100)
        if result.n > 1:
            axes.errorbar(place, mean, [[mean - low], [high - mean]], **INTERVAL)
        axes.plot(place + _offsets(result.n), accuracies.values[model][:, place], **SEED)
        axes.plot(place, published[place], **HOLLOW, clip_on=False)
        if np.isnan(mean):  # no test image
            continue
        highest = np.nanmax([high, published[place]])
        style = {"color": UNSEEN, "fontweight": "bold", "ha": "center", "va": "bottom", "fontsize": 7}
        axes.text(place, highest + 4, f"{mean:.1f}", **style)
    axes.set(ylim=(0, TOP), yticks=range(0, 101, 25))
    axes.spines["left"].set_bounds(0, 100)
    axes.margins(x=0.02)
    axes.tick_params(axis="x", length=0)


def draw_enlarged(
    axes: Axes,
    accuracies: Accuracies,
    model: str,
    unseen: Sequence[int],
    published: np.ndarray,
    bottom: float,
    *,
    with_teacher: bool,
) -> None:
    """Draw what lies between `bottom` and 100 %: seeds, mean and interval, the teacher's mean, what was published."""
    places = np.arange(len(accuracies.classes))
    values = accuracies.values[model]
    for place, label in enumerate(accuracies.classes):
        if label in unseen:
            axes.axvspan(place - 0.5, place + 0.5, color=LIGHT_GREY, linewidth=0, zorder=0)
    if with_teacher:
        axes.plot(places, accuracies.values[TEACHER].mean(axis=0), **TEACHER_MARK, zorder=1)
    shown = np.where(values.mean(axis=0) >= bottom, values, np.nan)
    result = estimate(shown)
    colours = np.where(np.isin(accuracies.classes, unseen), UNSEEN, TRAINED)
    axes.scatter(places, result.mean, s=16, c=colours, linewidths=0, zorder=2)
    axes.plot((places + _offsets(result.n)[:, None]).ravel(), shown.ravel(), **SEED)
    if result.n > 1:
        high = np.minimum(result.halfwidth, 100 - result.mean)
        axes.errorbar(places, result.mean, [result.halfwidth, high], **INTERVAL)
    axes.plot(places + 0.36, np.where(published >= bottom, published, np.nan), **HOLLOW, clip_on=False)
    axes.set(ylim=(bottom, 100))
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], integer=True))
    axes.tick_params(bottom=False, labelbottom=False)
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


def _offsets(n: int) -> np.ndarray:
    """Where `n` seeds stand side by side, in places of a class."""
    return np.linspace(-0.22, 0.22, n) if n > 1 else np.zeros(1)


def draw_key(figure: Figure, place: object, n: int, shown: Mapping[str, bool]) -> None:
    """Explain colours and marks in the cell `place` of the grid, or above the panels if that is None."""
    handles = [
        Patch(color=UNSEEN, label="Class never seen in training"),
        Patch(color=TRAINED, label="Class seen in training"),
        Line2D([], [], **SEED, label="One seed"),
        *([Line2D([], [], color="black", linewidth=0.9, label="95 % interval of the mean")] if n > 1 else []),
        *([Line2D([], [], **TEACHER_MARK, label="Teacher's mean")] if shown[TEACHER] else []),
        *([Line2D([], [], **HOLLOW, label="Published, one run")] if shown["published"] else []),
    ]
    if place is None:
        figure.legend(handles=handles, loc="outside upper center", ncols=3)
        return
    axes = figure.add_subplot(place)
    axes.set_axis_off()
    axes.legend(handles=handles, loc="center left", labelspacing=0.9, handlelength=1.4)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params, labels, path = snakemake.params, snakemake.params.labels, snakemake.input.published
        accuracies = read_accuracies(snakemake.input.metrics, labels)
        published = read_published(path, list(labels), [str(label) for label in accuracies.classes]) if path else {}
        figure = bar_plot(accuracies, labels, params.omitted, published, params.names)
        save(figure, [snakemake.output.png, snakemake.output.svg], params.note)
