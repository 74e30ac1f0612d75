"""Makes results/{experiment}/steps.{csv,md,html,png,svg} from bias.csv: what each change of the recipe does to
the class that no student saw: made after those before it, made alone, and left out of all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mythical_digit.evaluation.shift_choices import EXPLANATIONS, SHIFT_CHOICES
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, PUBLISHED, UNSEEN, WIDTH, save
from mythical_digit.files import origin
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, name_classes, plus_minus
from mythical_digit.tables.shift_effects import Effects, read_effects
from mythical_digit.tables.statistics import Estimate, describe, estimate
from mythical_digit.tables.unseen_classes import read_aurocs
from mythical_digit.workflow.job_log import logged


@dataclass(frozen=True)
class Order:
    """A way to go through the changes: its title, the arm of a row that a row is compared with, and words for a row."""

    title: str
    base: str
    words: str
    first: str = "{}"  # for the row before any change
    compared_with: str = "over the first recipe"


ORDERS = {
    "upto": Order("Changes made one after the other", "start", "+ {}"),
    "alone": Order("Each change alone", "start", "only {}"),
    "without": Order("Each change left out of all", "all", "all but {}", "all changes", "over all changes"),
}
MARK = {"marker": "o", "color": UNSEEN, "linestyle": ""}
SHOWN = {"none": {**MARK, "markerfacecolor": "white", "markersize": 4.5}, "fixed": {**MARK, "markersize": 5.5}}
HOLLOW = {**PUBLISHED, "markersize": 4, "markeredgewidth": 0.8}
HALF = 50  # percent: labels of what was published are to the right of lower values, to the left of higher ones
AUROC_DIGITS, AUROC_PLACE = 4, 84  # points to the right of the text beside it
HEAD = 0.42  # rows: the height of such a label
QUANTITIES = ("accuracy", "gain", "errors", "errors_change", "auroc")
COLUMNS = ("order", "label", "arm", "way", "n", *(f"{name}{end}" for name in QUANTITIES for end in ("", "_halfwidth")))

Steps = Sequence[Mapping[str, str]]  # rows of `steps_of`: `label` and arms


def orders_of(steps: Steps) -> list[str]:
    """The orders that these steps have: those of ORDERS, `without` only if the experiment leaves steps out."""
    return [order for order in ORDERS if order in steps[0]]


def is_first(step: Mapping[str, str]) -> bool:
    """Is this the row before any change?"""
    return step["upto"] == step["start"]


def change(
    step: Mapping[str, str],
    order: str,
    effects: Mapping[str, Effects],
    measure: str = "class_accuracy",
    choice: str = "fixed",
) -> Estimate:
    """By how much a step moves a measure from what its order starts from, paired by seed."""
    after, before = (effects[step[arm]][choice][measure] for arm in (order, ORDERS[order].base))
    return estimate(after - before)


def strongest(steps: Steps, effects: Mapping[str, Effects]) -> int | None:
    """The number of the step that alone gains most with the fixed shift; None if its interval overlaps another's."""
    gains = [change(step, "alone", effects) for step in steps]
    best = int(np.argmax([each.mean for each in gains]))
    lowest = gains[best].mean - gains[best].halfwidth  # NaN with one seed: nothing is told apart
    others = [each.mean + np.nan_to_num(each.halfwidth) for each in gains[:best] + gains[best + 1 :]]
    return best if all(lowest > other for other in others) else None


def rows(steps: Steps, effects: Mapping[str, Effects], aurocs: Mapping[str, np.ndarray]) -> Iterator[tuple]:
    """The rows of the CSV table, from the steps, what each choice of a shift does to each arm, and its AUROC.

    Accuracies are those on the unseen class, in percent. Gains and changes of errors are over the first recipe, those
    of `without` over all changes. Errors are counted on all test images. AUROC, 0 to 1, is the same with any shift.
    """
    for order in orders_of(steps):
        for step in steps:
            for way, measures in effects[step[order]].items():
                accuracy, errors = (estimate(measures[name]) for name in ("class_accuracy", "errors"))
                gain, errors_change = (change(step, order, effects, name, way) for name in ("class_accuracy", "errors"))
                numbers = [accuracy, gain, errors, errors_change, estimate(aurocs[step[order]])]
                values = [float(value) for number in numbers for value in (number.mean, number.halfwidth)]
                cells = [None if np.isnan(value) else value for value in values]
                yield (order, step["label"], step[order], way, accuracy.n, *cells)


def sections(
    steps: Steps, effects: Mapping[str, Effects], aurocs: Mapping[str, np.ndarray], shifted: str
) -> list[Section]:
    """Lay out a table per order: a row per step, with the accuracy on the unseen class by choice, and the errors."""
    n = len(next(iter(effects.values()))["none"]["errors"])
    tables = []
    for order in orders_of(steps):
        caption = (
            f"Test accuracy on {shifted}, which no student was trained on, in percent; with the fixed shift, also the "
            f"gain {ORDERS[order].compared_with}, in percentage points. With the shift from the class frequency, the "
            f"errors on all test images and by how much they change, in the same way. {describe(n)}.{explained(n)} "
            f"{SHIFT_CHOICES['oracle'].label}. {EXPLANATIONS}. AUROC: how well the logits "
            f"tell images of {shifted} from all others, whatever the shift."
        )
        found = [effects[step[order]] for step in steps]
        columns = {"Recipe": [words(step, order) for step in steps]}
        for key, choice in SHIFT_CHOICES.items():
            cells = [plus_minus(estimate(each[key]["class_accuracy"]), 1)[0] for each in found]
            columns[choice.short_label.capitalize()] = cells
        columns["Gain, fixed shift"] = changes(steps, order, effects)
        columns["Errors, class frequency"] = [plus_minus(estimate(each["prior"]["errors"]), 0)[0] for each in found]
        columns["Change of errors"] = changes(steps, order, effects, "errors", "prior", 0)
        columns["AUROC"] = [plus_minus(estimate(aurocs[step[order]]), AUROC_DIGITS)[0] for step in steps]
        tables.append(Section(ORDERS[order].title, caption, columns))
    return tables


def words(step: Mapping[str, str], order: str) -> str:
    """A step as an item of a list."""
    return (ORDERS[order].first if is_first(step) else ORDERS[order].words).format(step["label"])


def changes(
    steps: Steps,
    order: str,
    effects: Mapping[str, Effects],
    measure: str = "class_accuracy",
    choice: str = "fixed",
    digits: int = 1,
) -> list[str]:
    """The `change` of each step as text, with its sign; empty where nothing was changed."""
    return [
        "" if step[order] == step[ORDERS[order].base] else f"+{text}".replace("+−", "−")
        for step in steps
        for text in plus_minus(change(step, order, effects, measure, choice), digits)
    ]


def draw(
    steps: Steps,
    effects: Mapping[str, Effects],
    aurocs: Mapping[str, np.ndarray],
    published: Mapping[str, float],
    shifted: str,
) -> Figure:
    """Draw a panel per order: for each step the accuracy on the unseen class, as trained and with the fixed shift.

    To the right are the accuracies with the fixed shift or the gains, and AUROC; a step that alone gains more than any
    other is shaded. `published` accuracies are lines across each panel, labelled by their keys.
    """
    orders = orders_of(steps)
    figure = Figure(figsize=(WIDTH, 0.9 + len(orders) * (0.3 + 0.24 * len(steps) + 0.13 * len(published))))
    panels = dict(zip(orders, figure.subplots(len(orders), 1, sharex=True, squeeze=False).flat, strict=True))
    beside = {order: ("Gain with the shift", changes(steps, order, effects)) for order in orders}
    accuracies = [_bounded(estimate(effects[step["upto"]]["fixed"]["class_accuracy"])) for step in steps]
    beside["upto"] = ("With the shift", accuracies)
    marked = strongest(steps, effects)
    for order, axes in panels.items():
        draw_panel(axes, [effects[step[order]] for step in steps], marked if order == "alone" else None)
        draw_published(axes, published, len(steps))
        axes.set_title(ORDERS[order].title)
        axes.set_yticks(range(len(steps)), [words(step, order) for step in steps])
        axes.set_ylim(len(steps) - 0.45, -0.55 - HEAD * len(published))
        place = {"xycoords": axes.get_yaxis_transform(), "color": UNSEEN, "va": "center", "annotation_clip": False}
        means = [f"{aurocs[step[order]].mean():.{AUROC_DIGITS}f}" for step in steps]
        for x, (head, texts) in ((0, beside[order]), (AUROC_PLACE, ("AUROC", means))):
            for row, text in [(-0.75, head), *enumerate(texts)]:
                axes.annotate(text, (1.03, row), (x, 0), textcoords="offset points", **place)
    axes.set_xlabel(f"Test accuracy on the unseen {shifted} (%)")
    handles = [Line2D([], [], **style, label=SHIFT_CHOICES[key].label) for key, style in SHOWN.items()]
    handles += [Line2D([], [], **HOLLOW, label="Published")] if published else []
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), columnspacing=1.6)
    n = len(next(iter(effects.values()))["none"]["errors"])
    notes = [] if n == 1 else ["upright ticks: seeds", "lines and brackets: intervals, cut off at 0 and 100 %"]
    notes += [] if marked is None else ["shaded: the change that alone gains most"]
    figure.supxlabel(f"{describe(n)}\n{'; '.join(notes)}", fontsize=6.5)
    return figure


def _bounded(result: Estimate) -> str:
    """A percentage with the ends of its interval, none beyond 0 or 100."""
    if result.n == 1:
        return f"{result.mean:.1f}"
    low, high = np.clip([result.mean - result.halfwidth, result.mean + result.halfwidth], 0, 100)
    return f"{result.mean:.1f} ({low:.0f}–{high:.0f})"


def draw_published(axes: Axes, published: Mapping[str, float], rows: int) -> None:
    """Draw each of the `published` accuracies as a mark with its label above the rows, and a line down from it.

    A line starts at its own label, and the labels are in such an order that no line crosses one below.
    """
    ordered = sorted(published.items(), key=lambda item: -item[1] if item[1] > HALF else item[1])
    ordered.sort(key=lambda item: item[1] <= HALF)
    for number, (label, accuracy) in enumerate(ordered):
        y = -0.4 - HEAD * (len(ordered) - number)
        axes.plot(
            [accuracy, accuracy], [y, rows - 0.5], color=DARK_GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1
        )
        axes.plot(accuracy, y, **HOLLOW, clip_on=False)
        side = {"ha": "right", "x": accuracy - 3} if accuracy > HALF else {"ha": "left", "x": accuracy + 3}
        axes.text(y=y, s=f"{label}: {accuracy:g}", fontsize=6.5, va="center", color=DARK_GREY, **side)


def draw_panel(axes: Axes, found: Sequence[Effects], marked: int | None) -> None:
    """Draw the marks of each row, one choice below another, with every seed as a tick; the row `marked` is shaded."""
    for row, effects in enumerate(found):
        for (key, style), y in zip(SHOWN.items(), (row - 0.15, row + 0.15), strict=True):
            values = effects[key]["class_accuracy"]
            result = estimate(values)
            axes.plot(values, np.full(len(values), y), "|", color=UNSEEN, markersize=4, markeredgewidth=0.6)
            if result.n > 1:
                ends = np.clip([result.mean - result.halfwidth, result.mean + result.halfwidth], 0, 100)
                axes.plot(ends, [y, y], color=UNSEEN, linewidth=1)
            axes.plot(result.mean, y, **style, clip_on=False, zorder=3)
    for edge in range(len(found)):
        axes.axhline(edge - 0.5, color=LIGHT_GREY, linewidth=0.6, zorder=0)
    if marked is not None:
        axes.axhspan(marked - 0.5, marked + 0.5, color=LIGHT_GREY, linewidth=0, zorder=0)
    axes.set_xlim(0, 100)
    axes.tick_params(left=False)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params, output = snakemake.params, snakemake.output
        orders = orders_of(params.steps)
        arms = dict.fromkeys(step[order] for order in orders for step in params.steps)
        origin.check(snakemake)
        effects = read_effects(snakemake.input.bias, arms)
        aurocs = read_aurocs(snakemake.input.records, params.arms, len(params.seeds))
        shifted = name_classes(params.classes)
        write_csv(output.csv, *noted_table(COLUMNS, rows(params.steps, effects, aurocs), params.note))
        text = markdown(noted(sections(params.steps, effects, aurocs, shifted), params.note))
        write_text(output.md, text)
        write_text(output.html, page("Step by step", text))
        save(draw(params.steps, effects, aurocs, params.published, shifted), [output.png, output.svg], params.note)
