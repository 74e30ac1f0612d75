"""Makes results/{experiment}/bar_plot.{png,svg} from metrics.csv: test accuracy per class, one panel per student."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, WIDTH, arm_style, save
from mythical_digit.study.experiments import BIASED, TEACHER
from mythical_digit.tables.accuracies import Accuracies, read_accuracies
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

HIGH = 95  # percent: classes with a mean from here on are enlarged above the bars, to show their intervals
WIDE = 3  # adjacent omitted classes, from this many on, have room for one line of words
ROOM = 58  # percent: an interval that ends below this leaves room for words above it
TEACHER_LINE = {"color": DARK_GREY, "linewidth": 0.8, "linestyle": "-", "markersize": 2.5, "label": "Teacher's mean"}


def bar_plot(accuracies: Accuracies, labels: Mapping[str, str], omitted: Mapping[str, Sequence[int]]) -> Figure:
    """Draw a panel per student, two in a row: bars from 0 to 100 % and, above them, the top of the range enlarged.

    `labels` maps models to their names, in the order of the panels; `omitted` maps students to the classes missing from
    their training.
    """
    students = [model for model in labels if model != TEACHER]
    columns = min(2, len(students))
    rows = -(-len(students) // columns)
    figure = Figure(figsize=(WIDTH, 2.3 * rows + 0.5))
    grid = figure.add_gridspec(rows, columns)
    high = [values[:, values.mean(axis=0) >= HIGH].ravel() for values in map(accuracies.values.get, labels)]
    bottom = np.floor(np.concatenate(high).min(initial=99) - 0.2)
    for place, model in enumerate(students):
        values = accuracies.values[model]
        cell = grid[divmod(place, columns)].subgridspec(2, 1, height_ratios=[2, 3], hspace=0.02)
        enlarged, bars = cell.subplots(sharex=True)
        colour = arm_style(model, labels)["color"]
        draw_bars(bars, values, accuracies.classes, colour, "////" if model.endswith(BIASED) else "")
        mark_omitted(bars, values, accuracies.classes, omitted.get(model, ()))
        for axes, marker in ((enlarged, "D"), (bars, "")):
            for label in omitted.get(model, ()):
                axes.axvspan(label - 0.5, label + 0.5, color=LIGHT_GREY, zorder=0)
            shown = np.where(axes is bars or values.mean(axis=0) >= bottom, values, np.nan)
            draw_means(axes, shown, accuracies.classes, colour)
            if TEACHER in labels:
                teacher = accuracies.values[TEACHER].mean(axis=0)
                axes.plot(accuracies.classes, teacher, marker=marker, **TEACHER_LINE)
        average = estimate(accuracies.with_average(model)[:, -1])
        interval = "" if average.n == 1 else f" ± {average.halfwidth:.2f}"
        enlarged.set_title(f"avg {average.mean:.2f}{interval} %", loc="right", fontweight="normal", fontsize=7.5)
        enlarged.set(ylim=(bottom, 100), title=labels[model])
        enlarged.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], integer=True))
        enlarged.tick_params(bottom=False)
        bars.set(ylim=(0, 100), xticks=accuracies.classes, xlabel="Class", ylabel="Accuracy (%)")
        bars.margins(x=0.02)
    legend = figure.legend(*enlarged.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    legend.legend_handles[0].set_color("black")  # the seeds have their arm's colour in each panel
    n = len(accuracies.seeds)
    notes = [describe(n), "avg: mean over the classes", f"upper part of a panel: {bottom:.0f}–100 % enlarged"]
    figure.supxlabel("; ".join(notes), fontsize=6.5)
    return figure


def draw_bars(axes: Axes, values: np.ndarray, classes: Sequence[int], colour: str, hatch: str) -> None:
    """Draw the mean accuracy per class, (n_seeds, n_classes) in percent, as bars."""
    axes.bar(classes, values.mean(axis=0), color=colour, alpha=0.45, linewidth=0)
    axes.bar(classes, values.mean(axis=0), fill=False, edgecolor=colour, linewidth=0.8, hatch=hatch)


def draw_means(axes: Axes, values: np.ndarray, classes: Sequence[int], colour: str) -> None:
    """Draw each class's mean with its 95 % interval, and its seeds side by side: (n_seeds, n_classes), percent."""
    result = estimate(values)
    offsets = np.linspace(-0.3, 0.3, result.n) if result.n > 1 else np.zeros(1)
    x = np.asarray(classes) + offsets[:, None]
    axes.plot(x.ravel(), values.ravel(), "o", color=colour, markersize=2.4, markeredgewidth=0, label="One seed")
    if result.n > 1:
        style = {"fmt": "_", "color": "black", "markersize": 7, "capsize": 2.5, "linewidth": 0.9, "zorder": 3}
        axes.errorbar(classes, result.mean, result.halfwidth, **style, label="Mean and its 95 % interval")


def mark_omitted(axes: Axes, values: np.ndarray, classes: Sequence[int], omitted: Sequence[int]) -> None:
    """Write "Not in training" once for each run of adjacent omitted classes.

    Upright above the intervals of a short run, or in its bars if there is no room; level across the bars of a long one.
    """
    for run in runs(omitted):
        result = estimate(values[:, [classes.index(label) for label in run]])
        top = (result.mean + np.nan_to_num(result.halfwidth)).max()
        upright = len(run) < WIDE
        axes.text(
            np.mean(run),
            top + 4 if upright and top < ROOM else 4,
            "Not in\ntraining" if upright else "Not in training",
            rotation=90 if upright else 0,
            ha="center",
            va="bottom",
            fontsize=6.5,
            linespacing=0.95,
            path_effects=[withStroke(linewidth=1.5, foreground="white")],
        )


def runs(classes: Sequence[int]) -> list[list[int]]:
    """Split classes into runs without a gap."""
    ordered = sorted(classes)
    gaps = [i for i in range(1, len(ordered)) if ordered[i] != ordered[i - 1] + 1]
    return [ordered[start:end] for start, end in itertools.pairwise([0, *gaps, len(ordered)]) if end > start]


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        labels = snakemake.params.labels
        figure = bar_plot(read_accuracies(snakemake.input.metrics, labels), labels, snakemake.params.omitted)
        save(figure, [snakemake.output.png, snakemake.output.svg], snakemake.params.note)
