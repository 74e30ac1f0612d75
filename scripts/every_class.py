"""Makes results/{experiment}/every_class.{csv,md,html,png,svg}: each class left out in turn, and how it is recognised.

From bias.csv, the AUROC in each bias.json, and the prepared data, for a picture of each class.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mythical_digit.data import prepared
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, WIDTH, save
from mythical_digit.files import origin
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.study.class_labels import Names, short
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, minus, plus_minus
from mythical_digit.tables.shift_effects import Effects, read_effects
from mythical_digit.tables.statistics import SLACK, Estimate, describe, estimate
from mythical_digit.tables.unseen_classes import read_aurocs
from mythical_digit.workflow.job_log import logged

COLUMNS = ("class", "name", "way", "measure", "n", "mean", "halfwidth")
MEASURES = ("shift", "class_accuracy", "other_accuracy", "accuracy", "errors")  # of bias.csv, for each way
TITLE = "Every class left out in turn"
HEADS = {"prior": "Frequency", "oracle": "Oracle"}  # short names of ways, in the heads of columns
# All in inches.
ROW, IMAGE = 0.44, 0.4
HEAD, FOOT = 0.66, 0.72
NAME, LEFT, RIGHT = 0.56, 1.62, 5.3  # of the names; of the panel of accuracies
AUROC = (5.62, 6.55)  # the panel beside it
LARGE, SMALL = 10, 8.5  # points: the figure is to be read where it is narrow
MOST_LARGE = 12  # characters of a name in large letters


def rows(
    effects: Mapping[str, Effects], aurocs: Mapping[str, np.ndarray], classes: Mapping[str, int], names: Names
) -> Iterator[tuple]:
    """The rows of the CSV table: `errors_added` is the difference from no shift, paired by seed; AUROC has no way."""
    for arm, label in classes.items():
        found = {(way, name): measures[name] for way, measures in effects[arm].items() for name in MEASURES}
        found |= {(way, "errors_added"): added(effects[arm], way) for way in effects[arm]}
        found["", "auroc"] = aurocs[arm]
        for (way, name), values in found.items():
            result = estimate(values)
            numbers = [None if np.isnan(number) else float(number) for number in (result.mean, result.halfwidth)]
            yield label, names[label] if names else None, way, name, result.n, *numbers


def added(effects: Effects, way: str) -> np.ndarray:
    """How many errors a way to choose a shift adds to those without a shift, (n_seeds,)."""
    return effects[way]["errors"] - effects["none"]["errors"]


def ways(value: float) -> dict[str, str]:
    """The name of each way to choose a shift in this table and figure; `value` is the fixed one."""
    return {key: choice.label if key != "fixed" else minus(f"{value:+g}") for key, choice in SHIFT_CHOICES.items()}


def section(
    effects: Mapping[str, Effects],
    aurocs: Mapping[str, np.ndarray],
    classes: Mapping[str, int],
    names: Names,
    value: float,
) -> Section:
    """Lay out a row per class, and their mean: accuracy on the class for each way to choose a shift, AUROC, errors."""

    def cells(values: Sequence[np.ndarray], digits: int) -> list[str]:
        return [plus_minus(estimate(each), digits)[0] for each in (*values, np.mean(values, axis=0))]

    labels, n = ways(value) | HEADS, len(next(iter(aurocs.values())))
    columns = {"Never seen": [*(short(label, names) for label in classes.values()), "Mean"]}
    for key, label in labels.items():
        columns[f"{label} (%)"] = cells([each[key]["class_accuracy"] for each in effects.values()], 1)
    columns["AUROC"] = cells(list(aurocs.values()), 3)
    columns["Errors"] = cells([each["none"]["errors"] for each in effects.values()], 0)
    for key in ("fixed", "prior"):
        found = cells([added(each, key) for each in effects.values()], 0)
        columns[f"{labels[key]} adds"] = [text if text.startswith("−") else f"+{text}" for text in found]
    caption = (
        "Test accuracy on the class that each student never saw, for each shift of its bias. AUROC: how well the logit "
        "of this class less the largest other one tells its test images from all others, whatever the shift. Errors: "
        "on all test images without a shift; what a shift adds is paired by seed. Frequency: "
        f"{SHIFT_CHOICES['prior'].sentence}. Oracle: chosen on the test set. {describe(n)}.{explained(n)} "
        f"{verdict(effects, labels['fixed'])}"
    )
    return Section(TITLE, caption, columns)


def verdict(effects: Mapping[str, Effects], fixed: str) -> str:
    """For how many classes the fixed shift adds errors or saves some, as far as the seeds can tell."""
    results = [estimate(added(each, "fixed")) for each in effects.values()]
    if results[0].n == 1:
        return f"With one seed, nothing can be said of whether {fixed} adds errors."
    more = sum(result.mean - result.halfwidth > SLACK for result in results)
    fewer = sum(result.mean + result.halfwidth < -SLACK for result in results)
    open_ = len(results) - more - fewer
    return (
        f"Of {len(results)} classes, {fixed} adds errors for {more} and saves errors for {fewer}; for {open_}, the "
        "seeds leave it open."
    )


def draw(
    effects: Mapping[str, Effects],
    aurocs: Mapping[str, np.ndarray],
    classes: Mapping[str, int],
    names: Names,
    value: float,
    images: Mapping[int, np.ndarray],
) -> Figure:
    """Draw a row per class: one of its `images`, its accuracy for each way to choose a shift, and its AUROC."""
    height = HEAD + ROW * len(classes) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    figure.set_layout_engine("none")

    def panel(left: float, right: float) -> Axes:
        axes = figure.add_axes((left / WIDTH, FOOT / height, (right - left) / WIDTH, (height - HEAD - FOOT) / height))
        axes.set(ylim=(len(classes) - 0.5, -0.5), yticks=[])
        axes.spines["left"].set_visible(False)
        for row in range(0, len(classes), 2):
            axes.axhspan(row - 0.5, row + 0.5, color=LIGHT_GREY, linewidth=0, zorder=0)
        axes.tick_params(axis="x", labelsize=SMALL)
        return axes

    left, right = panel(LEFT if names else NAME + 0.5, RIGHT), panel(*AUROC)
    size = LARGE if max(len(short(label, names)) for label in classes.values()) < MOST_LARGE else SMALL
    for row, (arm, label) in enumerate(classes.items()):
        middle = height - HEAD - (row + 0.5) * ROW
        if label in images:
            place = (0.08 / WIDTH, (middle - IMAGE / 2) / height, IMAGE / WIDTH, IMAGE / height)
            axes = figure.add_axes(place)
            axes.imshow(images[label], cmap="gray_r", interpolation="none")
            axes.set_axis_off()
        figure.text(NAME / WIDTH, middle / height, short(label, names), fontsize=size, va="center")
        draw_ways(left, row, effects[arm])
        draw_auroc(right, row, estimate(aurocs[arm]))
    left.set_xlim(0, 100)
    left.set_xlabel("Test images of the class recognised (%)", fontsize=SMALL)
    lowest = min(np.nanmin(values) for values in aurocs.values())
    right.set_xlim(np.floor(min(lowest, 0.9) * 10) / 10, 1)
    right.set_xlabel("AUROC", fontsize=SMALL)
    draw_key(figure, height, ways(value))
    n = len(next(iter(aurocs.values())))
    notes = "" if n == 1 else "; lines: the intervals, cut off at 0 and 100 %"
    figure.text(0.5, 0.1 / height, f"{describe(n)}{notes}", fontsize=6.5, ha="center")
    return figure


def draw_key(figure: Figure, height: float, labels: Mapping[str, str]) -> None:
    """The title, and what the marks mean, above the rows."""
    figure.text(0.08 / WIDTH, 1 - 0.16 / height, TITLE, fontsize=LARGE + 1, fontweight="bold", va="center")
    handles = [Line2D([], [], **{**SHIFT_CHOICES[key].style, "linestyle": ""}) for key in labels]
    place = {"loc": "upper left", "bbox_to_anchor": (0, 1 - 0.3 / height), "borderaxespad": 0.1, "ncols": len(handles)}
    figure.legend(handles, list(labels.values()), **place, fontsize=SMALL, handletextpad=0.1, columnspacing=1)


def draw_ways(axes: Axes, row: int, effects: Effects) -> None:
    """Draw the mean accuracy on the class for each way to choose a shift, with its interval within 0 to 100 %."""
    for (key, measures), y in zip(effects.items(), row + np.linspace(-0.27, 0.27, len(effects)), strict=True):
        result, style = estimate(measures["class_accuracy"]), {**SHIFT_CHOICES[key].style, "linestyle": ""}
        axes.plot(bounds(result, 100), [y, y], color=style["color"], linewidth=1.2, clip_on=False)
        axes.plot(result.mean, y, **style, clip_on=False, zorder=3)


def draw_auroc(axes: Axes, row: int, result: Estimate) -> None:
    """Draw the mean with its interval, and write it beside the panel."""
    axes.plot(bounds(result, 1), [row, row], color=DARK_GREY, linewidth=1.2, clip_on=False)
    axes.plot(result.mean, row, "s", color=DARK_GREY, markersize=4.5, clip_on=False)
    text = plus_minus(Estimate(result.mean, np.nan, result.n), 3)[0]
    axes.annotate(
        text, (1.06, row), xycoords=("axes fraction", "data"), fontsize=SMALL, va="center", annotation_clip=False
    )


def bounds(result: Estimate, most: float) -> np.ndarray:
    """The ends of an interval within 0 to `most`; one point for a single seed."""
    halfwidth = np.nan_to_num(result.halfwidth)
    return np.clip([result.mean - halfwidth, result.mean + halfwidth], 0, most)


if __name__ == "__main__":
    params, output = snakemake.params, snakemake.output
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        effects = read_effects(snakemake.input.bias, params.classes)
        aurocs = read_aurocs(snakemake.input.records, params.classes, len(params.seeds))
        images, labels = prepared.load_split(snakemake.input.data, "test", params.normalisation, params.held_out)
        first = {label: images[np.argmax(labels == label)] for label in params.classes.values() if label in labels}
        found = (effects, aurocs, params.classes, params.names)
        write_csv(output.csv, *noted_table(COLUMNS, rows(*found), params.note))
        text = markdown(noted([section(*found, params.value)], params.note))
        write_text(output.md, text)
        write_text(output.html, page(TITLE, text))
        save(draw(*found, params.value, first), [output.png, output.svg], params.note)
