"""Makes results/{experiment}/steps.{csv,md,html,png,svg} from bias.csv: what each change of the recipe does to
the class that no student saw, made after those before it, and alone."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from mythical_digit.evaluation.shift_choices import EXPLANATIONS, SHIFT_CHOICES
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, WIDTH, save
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, name_classes, plus_minus
from mythical_digit.tables.shift_effects import Effects, read_effects
from mythical_digit.tables.statistics import Estimate, describe, estimate
from mythical_digit.workflow.job_log import logged

ORDERS = {"upto": "Changes made one after the other", "alone": "Each change alone"}
HALO = [withStroke(linewidth=2.5, foreground="white")]  # around words that a line crosses
HIGHLIGHT = "#dbe9f4"  # a light tint of the fixed shift's blue
QUANTITIES = ("accuracy", "gain", "errors")
COLUMNS = ("order", "label", "arm", "way", "n", *(f"{name}{end}" for name in QUANTITIES for end in ("", "_halfwidth")))

Steps = Sequence[Mapping[str, str]]  # rows of `steps_of`: `label`, and the arms `start`, `upto` and `alone`


def gain(step: Mapping[str, str], order: str, effects: Mapping[str, Effects], choice: str = "fixed") -> Estimate:
    """The gain of a step in accuracy on the unseen class, in percentage points, paired by seed."""
    after, before = (effects[step[arm]][choice]["class_accuracy"] for arm in (order, "start"))
    return estimate(after - before)


def strongest(steps: Steps, effects: Mapping[str, Effects]) -> int:
    """The number of the step that alone gains most with the fixed shift."""
    return int(np.argmax([gain(step, "alone", effects).mean for step in steps]))


def rows(steps: Steps, effects: Mapping[str, Effects]) -> Iterator[tuple]:
    """The rows of the CSV table, from the steps and what each choice of a shift does to each arm.

    Accuracies are those on the unseen class, in percent, and gains are over the first recipe; errors are
    counted on all test images.
    """
    for order in ORDERS:
        for step in steps:
            for way, measures in effects[step[order]].items():
                accuracy, errors = (estimate(measures[name]) for name in ("class_accuracy", "errors"))
                numbers = [accuracy, gain(step, order, effects, way), errors]
                values = [float(value) for number in numbers for value in (number.mean, number.halfwidth)]
                cells = [None if np.isnan(value) else value for value in values]
                yield (order, step["label"], step[order], way, accuracy.n, *cells)


def sections(steps: Steps, effects: Mapping[str, Effects], shifted: str) -> list[Section]:
    """Lay out a table per order: a row per step, with the accuracy on the unseen class by choice, and the errors."""
    n = len(next(iter(effects.values()))["none"]["errors"])
    caption = (
        f"Test accuracy on {shifted}, which no student was trained on, in percent; with the fixed shift, also the gain "
        f"over the first recipe, in percentage points, and the errors on all test images. {describe(n)}."
        f"{explained(n)} {SHIFT_CHOICES['oracle'].label}. {EXPLANATIONS}."
    )
    tables = []
    for order, title in ORDERS.items():
        found = [effects[step[order]] for step in steps]
        columns = {"Recipe": [words(step, order) for step in steps]}
        for key, choice in SHIFT_CHOICES.items():
            cells = [plus_minus(estimate(each[key]["class_accuracy"]), 1)[0] for each in found]
            columns[choice.short_label.capitalize()] = cells
        columns["Gain, fixed shift"] = gains(steps, order, effects)
        columns["Errors, fixed shift"] = [plus_minus(estimate(each["fixed"]["errors"]), 0)[0] for each in found]
        tables.append(Section(title, caption, columns))
    return tables


def words(step: Mapping[str, str], order: str) -> str:
    """A step as an item of a list; the first recipe has no sign before it."""
    if step["upto"] == step["start"]:
        return step["label"]
    return f"{'+' if order == 'upto' else 'only'} {step['label']}"


def gains(steps: Steps, order: str, effects: Mapping[str, Effects]) -> list[str]:
    """The gain of each step with the fixed shift, as text; empty for a first recipe."""
    found = [gain(step, order, effects) for step in steps]
    return [
        "" if step[order] == step["start"] else f"+{text}".replace("+−", "−")
        for step, result in zip(steps, found, strict=True)
        for text in plus_minus(result, 1)
    ]


def draw(steps: Steps, effects: Mapping[str, Effects], published: Mapping[str, float], shifted: str) -> Figure:
    """Draw a panel per order: for each step the accuracy on the unseen class, for each choice its mean and interval.

    To the right of the panels are the accuracies with the fixed shift and the gain of each step alone; the step that
    gains most is marked. `published` accuracies are lines across both panels, labelled by their keys.
    """
    figure = Figure(figsize=(WIDTH, 1.35 + 0.36 * len(steps) + 0.13 * len(published)))
    panels = dict(zip(ORDERS, figure.subplots(1, 2, sharex=True, sharey=True), strict=True))
    accuracies = [plus_minus(estimate(effects[step["upto"]]["fixed"]["class_accuracy"]), 1)[0] for step in steps]
    beside = {"upto": ("With fixed shift", accuracies), "alone": ("Gain (points)", gains(steps, "alone", effects))}
    marked = strongest(steps, effects)
    for order, axes in panels.items():
        draw_panel(axes, [effects[step[order]] for step in steps], published, marked)
        axes.set_title(ORDERS[order])
        axes.set_xlabel(f"Test accuracy on the unseen {shifted} (%)")
        colour = SHIFT_CHOICES["fixed"].style["color"]
        place = {"transform": axes.get_yaxis_transform(), "color": colour, "va": "center"}
        head, texts = beside[order]
        axes.text(1.03, -0.72, head, fontsize=6.5, **place)
        for row, text in enumerate(texts):
            axes.text(1.03, row, text, fontweight="bold" if row == marked else "normal", **place)
    panels["upto"].set_yticks(range(len(steps)), [words(step, "upto") for step in steps])
    if marked:
        panels["upto"].get_yticklabels()[marked].set_fontweight("bold")
    panels["alone"].tick_params(labelleft=False)
    panels["upto"].set_ylim(len(steps) - 0.45, -0.6 - 0.35 * len(published))
    handles = [
        panels["upto"].plot([], [], **choice.style, linestyle="", label=choice.label)[0]
        for choice in SHIFT_CHOICES.values()
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), columnspacing=1.2)
    n = len(next(iter(effects.values()))["none"]["errors"])
    notes = "dashed: published; shaded: the change that alone gains most with the fixed shift"
    figure.supxlabel(f"{describe(n)}; upright ticks: seeds\n{notes}", fontsize=6.5)
    return figure


def draw_panel(axes: Axes, found: Sequence[Effects], published: Mapping[str, float], marked: int) -> None:
    """Draw the marks of each row, one choice below another, with every seed as a tick, and the published lines.

    The row `marked` is shaded, unless it is the first.
    """
    offsets = np.linspace(-0.27, 0.27, len(SHIFT_CHOICES))
    for number, (label, accuracy) in enumerate(published.items()):
        axes.axvline(accuracy, color=DARK_GREY, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
        side = {"ha": "right", "x": accuracy - 1} if accuracy > 50 else {"ha": "left", "x": accuracy + 1}
        style = {"fontsize": 6.5, "va": "center", "color": DARK_GREY, "path_effects": HALO, **side}
        axes.text(y=-0.72 - 0.35 * number, s=f"{label}: {accuracy:g}", **style)
    for row, effects in enumerate(found):
        for (key, choice), offset in zip(SHIFT_CHOICES.items(), offsets, strict=True):
            values = effects[key]["class_accuracy"]
            result = estimate(values)
            style, y = choice.style, row + offset
            axes.plot(values, np.full(len(values), y), "|", color=style["color"], markersize=4, markeredgewidth=0.6)
            if result.n > 1:
                low, high = (np.clip(result.mean + sign * result.halfwidth, 0, 100) for sign in (-1, 1))
                axes.plot([low, high], [y, y], color=style["color"], linewidth=0.9)
            axes.plot(result.mean, y, **style, linestyle="", clip_on=False, zorder=3)
    for edge in range(len(found)):
        axes.axhline(edge - 0.5, color=LIGHT_GREY, linewidth=0.6, zorder=0)
    if marked:
        axes.axhspan(marked - 0.5, marked + 0.5, color=HIGHLIGHT, linewidth=0, zorder=0)
    axes.set_xlim(0, 100)
    axes.tick_params(left=False)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params, output = snakemake.params, snakemake.output
        arms = dict.fromkeys(step[order] for order in ORDERS for step in params.steps)
        effects = read_effects(snakemake.input.bias, arms)
        shifted = name_classes(params.classes)
        write_csv(output.csv, *noted_table(COLUMNS, rows(params.steps, effects), params.note))
        text = markdown(noted(sections(params.steps, effects, shifted), params.note))
        write_text(output.md, text)
        write_text(output.html, page("Step by step", text))
        save(draw(params.steps, effects, params.published, shifted), [output.png, output.svg], params.note)
