"""Makes results/{experiment}/steps.{csv,md,png,svg} from bias.csv: what each change of the recipe does to the class
that no student saw, made after those before it, and alone."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from common.files import write_csv, write_text
from common.job import logged
from common.plotting import DARK_GREY, LIGHT_GREY, WAY_STYLES, WIDTH, save
from common.sections import Section, explained, markdown, plus_minus
from common.statistics import describe, estimate
from common.ways import LABELS, NOTE, Ways, name_classes, read_ways

ORDERS = {"upto": "Changes made one after the other", "alone": "Each change alone"}
SHORT = {"none": "raw", "fixed": "fixed shift", "prior": "shift from class frequency", "oracle": "oracle shift"}
COLUMNS = ("order", "label", "arm", "way", "n", "accuracy", "accuracy_halfwidth", "errors", "errors_halfwidth")


def rows(steps: Sequence[Mapping[str, str]], ways: Mapping[str, Ways]) -> Iterator[tuple]:
    """The rows of the table from the steps (`label`, arms `upto` and `alone`) and what each way does to each arm.

    Accuracies are those on the unseen class, in percent; errors are counted on all test images.
    """
    for order in ORDERS:
        for step in steps:
            for way, measures in ways[step[order]].items():
                numbers = [estimate(measures[name]) for name in ("class_accuracy", "errors")]
                values = [float(value) for number in numbers for value in (number.mean, number.halfwidth)]
                cells = [None if np.isnan(value) else value for value in values]
                yield (order, step["label"], step[order], way, numbers[0].n, *cells)


def sections(steps: Sequence[Mapping[str, str]], ways: Mapping[str, Ways], shifted: str) -> list[Section]:
    """Lay out a table per order: a row per step, with the accuracy on the unseen class for each way, and the errors."""
    n = len(next(iter(ways.values()))["none"]["errors"])
    caption = (
        f"Test accuracy on {shifted}, which no student was trained on, in percent, and the errors on all test images "
        f"with the fixed shift. {describe(n)}.{explained(n)} {LABELS['oracle']}. {NOTE}."
    )
    tables = []
    for order, title in ORDERS.items():
        found = [ways[step[order]] for step in steps]
        columns = {"Recipe": [words(step["label"], number, order) for number, step in enumerate(steps)]}
        for way, name in SHORT.items():
            columns[name.capitalize()] = [plus_minus(estimate(each[way]["class_accuracy"]), 1)[0] for each in found]
        columns["Errors, fixed shift"] = [plus_minus(estimate(each["fixed"]["errors"]), 0)[0] for each in found]
        tables.append(Section(title, caption, columns))
    return tables


def words(label: str, number: int, order: str) -> str:
    """A step in a list of them: the recipe to start from has no sign before it."""
    return label if not number else f"{'+' if order == 'upto' else 'only'} {label}"


def draw(
    steps: Sequence[Mapping[str, str]], ways: Mapping[str, Ways], published: Mapping[str, float], shifted: str
) -> Figure:
    """Draw a panel per order: for each step the accuracy on the unseen class, for each way its mean and interval.

    `published` accuracies, by the words beside them, are lines across both.
    """
    figure = Figure(figsize=(WIDTH, 1.3 + 0.34 * len(steps)))
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    for axes, (order, title) in zip(panels, ORDERS.items(), strict=True):
        draw_panel(axes, [ways[step[order]] for step in steps], published)
        axes.set_title(title)
        axes.set_xlabel(f"Test accuracy on {shifted}, never trained on (%)")
    panels[0].set_yticks(range(len(steps)), [words(step["label"], i, "upto") for i, step in enumerate(steps)])
    panels[1].tick_params(labelleft=False)
    panels[0].set_ylim(len(steps) - 0.45, -0.6 - 0.35 * len(published))
    handles = [panels[0].plot([], [], **WAY_STYLES[way], linestyle="", label=LABELS[way])[0] for way in LABELS]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), columnspacing=1.2)
    n = len(next(iter(ways.values()))["none"]["errors"])
    figure.supxlabel(f"{describe(n)}; dashed: published", fontsize=6.5)
    return figure


def draw_panel(axes: Axes, found: Sequence[Ways], published: Mapping[str, float]) -> None:
    """Draw the marks of each row, the ways below each other, with every seed as a dot, and the published lines."""
    offsets = np.linspace(-0.27, 0.27, len(LABELS))
    for number, (label, accuracy) in enumerate(published.items()):
        axes.axvline(accuracy, color=DARK_GREY, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
        side = {"ha": "right", "x": accuracy - 1} if accuracy > 50 else {"ha": "left", "x": accuracy + 1}
        axes.text(
            y=-0.72 - 0.35 * number, s=f"{label}: {accuracy:g}", fontsize=6.5, va="center", color=DARK_GREY, **side
        )
    for row, ways in enumerate(found):
        for way, offset in zip(LABELS, offsets, strict=True):
            values = ways[way]["class_accuracy"]
            result = estimate(values)
            style, y = WAY_STYLES[way], row + offset
            axes.plot(values, np.full(len(values), y), "|", color=style["color"], markersize=4, markeredgewidth=0.6)
            if result.n > 1:
                low, high = (np.clip(result.mean + sign * result.halfwidth, 0, 100) for sign in (-1, 1))
                axes.plot([low, high], [y, y], color=style["color"], linewidth=0.9)
            axes.plot(result.mean, y, **style, linestyle="", clip_on=False, zorder=3)
    for row in range(0, len(found), 2):
        axes.axhspan(row - 0.5, row + 0.5, color=LIGHT_GREY, alpha=0.5, zorder=0)
    axes.set_xlim(0, 100)
    axes.tick_params(left=False)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params, output = snakemake.params, snakemake.output
        arms = dict.fromkeys(step[order] for order in ORDERS for step in params.steps)
        ways = read_ways(snakemake.input.bias, arms)
        shifted = name_classes(params.classes)
        write_csv(output.csv, COLUMNS, rows(params.steps, ways))
        write_text(output.md, markdown(sections(params.steps, ways, shifted)))
        save(draw(params.steps, ways, params.published, shifted), [output.png, output.svg])
