"""The verdicts as a figure: single numbers on one scale of error rates, tables as differences from our means."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from mythical_digit.claims.judging import Result
from mythical_digit.claims.text import MARKS, ours_in_words, printed, row_of
from mythical_digit.claims.verdicts import Verdict
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, WIDTH
from mythical_digit.tables.published import AVERAGE

SIZE = {"markersize": 4.5, "markeredgewidth": 0}
# Okabe & Ito's colours, as in figures/style.py, and a marker each.
STYLES: dict[Verdict, dict] = {
    Verdict.REPRODUCED: {"color": "#0072B2", "marker": "o", **SIZE},
    Verdict.EXCEEDED: {"color": "#009E73", "marker": "^", **SIZE},
    Verdict.NOT_REPRODUCED: {"color": "#D55E00", "marker": "v", **SIZE},
    Verdict.CONTRADICTS_ITSELF: {"color": "#CC79A7", "marker": "X", **SIZE},
    Verdict.UNDECIDED: {"color": "#E69F00", "marker": "D", **SIZE},
}
OURS = {"color": "black", "marker": "|", "markersize": 6, "markeredgewidth": 1}
SMALLEST_ERROR = 0.05  # percent: where the scale of error rates ends, since the logarithm of no error is infinite
ERROR_TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]  # percent
DIFFERENCE_TICKS = [-100, -10, -1, 0, 1, 10, 100]  # points


def draw(results: Sequence[Result], labels: Mapping[str, Mapping[str, str]], tables: Mapping[str, Mapping]) -> Figure:
    """Draw the single numbers as error rates on one scale, and each table by model as differences from our means."""
    single = [result for result in results if result.number.table is None]
    heights = [0.8 + 0.17 * len(single)] * bool(single) + [2.7] * len(tables)
    figure = Figure(figsize=(WIDTH, 0.6 + sum(heights)))
    parts = list(np.atleast_1d(figure.subfigures(len(heights), 1, height_ratios=heights)))
    if single:
        draw_numbers(parts.pop(0), single)
    for part, (name, table) in zip(parts, tables.items(), strict=True):
        draw_table(part, [result for result in results if result.number.table == name], labels[table["experiment"]])
    shown = [verdict for verdict in MARKS if any(result.verdict == verdict for result in results)]
    handles = [Line2D([], [], **OURS, linewidth=1.2, label="Ours: mean, one run")]
    handles.append(Line2D([], [], linestyle="", label="Published:"))
    handles += [Line2D([], [], **STYLES[verdict], linestyle="", label=str(verdict)) for verdict in shown]
    spacing = {"columnspacing": 0.7, "handlelength": 1.2, "handletextpad": 0.3}
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=7, **spacing)
    counts = sorted({result.ours.n for result in results})
    seeds = f"n = {' or '.join(map(str, counts))} seeds; one run: its 95 % prediction interval"
    figure.supxlabel("One seed (n = 1), which has no interval" if counts == [1] else seeds, fontsize=6.5)
    return figure


def draw_numbers(figure: SubFigure, results: Sequence[Result]) -> None:
    """Draw each number as the error rate that it says, a row each, with what was printed and measured beside it."""
    axes, beside = figure.subplots(1, 2, sharey=True, width_ratios=[5, 3.3])
    beside.set_axis_off()

    def error_rate(result: Result, value: float) -> float:
        """Percent of the images that the number is of; no error at all is drawn at the end of the scale."""
        share = {"errors": 100 * value / result.most, "error_rate": value}.get(result.number.quantity, 100 - value)
        return max(share, SMALLEST_ERROR)

    for row, result in enumerate(results):
        ends = [error_rate(result, value) for value in (result.low, result.high)] if result.ours.n > 1 else [np.nan] * 2
        axes.plot(ends, [row, row], color=OURS["color"], linewidth=1.2, zorder=2)
        axes.plot(error_rate(result, result.ours.mean), row, **OURS, zorder=4)
        axes.plot(error_rate(result, result.number.value), row, **STYLES[result.verdict], zorder=3)
        words_beside(beside, row, printed(result.number), ours_in_words(result))
    words_beside(beside, -0.9, "Published", "Ours (one run)", fontweight="bold")
    sources = ", ".join(dict.fromkeys(result.number.source for result in results))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(ERROR_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axes.grid(axis="x", color=LIGHT_GREY, linewidth=0.6)
    axes.set(yticks=range(len(results)), yticklabels=[result.number.says for result in results])
    axes.set(
        ylim=(len(results) - 0.4, -1.5),
        xlabel=f"Single numbers ({sources}): error rate on the images concerned (%), log scale",
    )
    axes.tick_params(left=False)
    axes.spines["left"].set_visible(False)


def words_beside(axes: Axes, row: float, left: str, right: str, **style) -> None:
    """Write two columns of words into axes that have nothing else, the left one right-aligned."""
    axes.text(0.22, row, left, ha="right", va="center", in_layout=False, **style)
    axes.text(0.29, row, right, ha="left", va="center", in_layout=False, **style)


def draw_table(figure: SubFigure, results: Sequence[Result], labels: Mapping[str, str]) -> None:
    """Draw a panel per model: published minus our mean by class, in points, on the interval of one run around 0."""
    models = [model for model in labels if any(result.number.model == model for result in results)]
    rows = list(dict.fromkeys(row_of(result) for result in results))
    panels = figure.subplots(1, len(models), sharex=True, sharey=True, squeeze=False)[0]
    farthest = 1.0
    for axes, model in zip(panels, models, strict=True):
        axes.axvline(0, color=OURS["color"], linewidth=0.6, zorder=1)
        if AVERAGE in rows:
            axes.axhline(rows.index(AVERAGE) - 0.5, color=DARK_GREY, linewidth=0.4, zorder=0)
        for result in (result for result in results if result.number.model == model):
            row, mean = rows.index(row_of(result)), result.ours.mean
            difference = result.number.value - mean
            if result.ours.n > 1:
                axes.plot([result.low - mean, result.high - mean], [row, row], color=OURS["color"], linewidth=1.2)
            axes.plot(0, row, **OURS, zorder=4)
            axes.plot(difference, row, **STYLES[result.verdict], zorder=3, clip_on=False)
            farthest = max(farthest, abs(difference), *np.nan_to_num([mean - result.low, result.high - mean]))
        axes.set_title(labels[model], fontsize=7.5)
        axes.tick_params(left=False)
        axes.spines["left"].set_visible(False)
    axes.set_xscale("symlog", linthresh=1, linscale=2)
    axes.xaxis.set_major_locator(FixedLocator(DIFFERENCE_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    limit = 2.5 * farthest
    named = (0, max(tick for tick in DIFFERENCE_TICKS if tick < limit))  # there is no room for more
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda tick, _: f"{tick:g}".replace("-", "−") if abs(tick) in named else "")
    )
    axes.set(xlim=(-limit, limit), ylim=(len(rows) - 0.4, -0.6))
    axes.set(yticks=range(len(rows)), yticklabels=[row.replace(AVERAGE, "Avg") for row in rows])
    for axes in panels:
        axes.grid(axis="x", color=LIGHT_GREY, linewidth=0.6)
        axes.set_axisbelow(True)
    panels[0].set_ylabel("Class")
    words = "published minus our mean (percentage points), linear to the lines at ±1, logarithmic beyond"
    figure.supxlabel(f"Table ({results[0].number.source}): {words}", fontsize=7.5)
