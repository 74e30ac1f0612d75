"""Makes results/{experiment}/bias_curve.{png,svg}: accuracies at each shift of the biases, and the shifts chosen."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mythical_digit.errors import UserError
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, TRAINED, UNSEEN, WIDTH, save
from mythical_digit.files import origin
from mythical_digit.study.class_labels import called, opening
from mythical_digit.tables.columns import AGAIN, read_columns
from mythical_digit.tables.markdown import name_classes, plus_minus
from mythical_digit.tables.per_model import per_model
from mythical_digit.tables.shift_effects import Effects, read_effects, shift_text
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

COLUMNS = ("classes", "others", "all")  # of the images of the shifted classes, of the others, of all
MEASURES = ("class_accuracy", "other_accuracy", "accuracy")  # the same in bias.csv
SMALL = 6.5  # points
CHARACTERS = 45  # of the first line of a key that have room in these letters
MOVES = 0.5  # percentage points: a curve this close to the height of its end counts as flat


def read_curves(paths: Sequence[str | Path]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Read one arm's bias_curve.csv of each seed: the shifts (n,) and each column in percent, (n_seeds, n).

    Raises UserError if a file cannot be read, or its shifts are not those of the first.
    """
    seeds = []
    for path in paths:
        seeds.append(read_columns(path, dict.fromkeys(("shift", *COLUMNS), float)))
        if not seeds[-1] or [row[0] for row in seeds[-1]] != [row[0] for row in seeds[0]]:
            raise UserError(f"{path}: no shifts, or not those of {paths[0]}; {AGAIN}")
    table = np.array(seeds)
    return table[0, :, 0], dict(zip(COLUMNS, np.moveaxis(table[:, :, 1:], 2, 0), strict=True))


def interesting(shifts: np.ndarray, curves: Mapping[str, np.ndarray], chosen: Sequence[float]) -> tuple[float, float]:
    """The range of shifts, plus one nat, where a mean curve moves from one end to the other or a shift is `chosen`."""
    means = np.array([curve.mean(axis=0) for curve in curves.values()])
    moving = (abs(means - means[:, :1]) > MOVES) & (abs(means - means[:, -1:]) > MOVES)
    within = [*shifts[moving.any(axis=0)], *chosen]
    return min(within) - 1, max(within) + 1


def draw_panel(
    axes: Axes,
    key: Axes,
    shifts: np.ndarray,
    curves: Mapping[str, np.ndarray],
    effects: Effects,
    classes: Sequence[int] | Sequence[str],
    unseen: str | None,
) -> None:
    """Draw one arm: mean and 95 % interval of the accuracies (n_seeds, n_shifts), and what each choice gives.

    The axes `key` explain the lines and marks, and show nothing else. `unseen` is the curve of the classes that the arm
    never saw in training, if there is one.
    """
    styles = {
        "classes": {"linewidth": 1.8, "label": opening(name_classes(classes))},
        "others": {"linestyle": "--", "linewidth": 1.2, "label": "Other classes"},
        "all": {"linestyle": ":", "linewidth": 1.2, "label": "All classes"},
    }
    for name, style in styles.items():
        style["color"] = UNSEEN if name == unseen else DARK_GREY
        style["label"] += ", never seen" if name == unseen else ""
    lines, marks = [], []
    for name, style in styles.items():
        result = estimate(curves[name])
        low, high = result.mean - result.halfwidth, result.mean + result.halfwidth
        axes.fill_between(shifts, low, high, color=style["color"], alpha=0.2, linewidth=0)
        lines += axes.plot(shifts, result.mean, **style)
    for name, measures in effects.items():
        choice, shift = SHIFT_CHOICES[name], measures["shift"].mean()
        axes.axvline(shift, color=TRAINED, linewidth=0.6, zorder=1)
        heights = [measures[column].mean() for column in MEASURES]
        errors = plus_minus(estimate(measures["errors"]), digits=0)[0]
        text = f"{choice.label}: {shift_text(measures['shift'])}, {errors} errors"
        filling = choice.style["markerfacecolor"] if choice.style["markerfacecolor"] == "white" else "black"
        colours = {"color": "black", "markerfacecolor": filling}
        style = {**choice.style, **colours, "linestyle": "", "clip_on": False, "zorder": 3}
        marks += axes.plot([shift] * len(heights), heights, label=text, **style)
    axes.set(
        ylim=(0, 100),
        xlabel=f"Added to the bias of {name_classes(classes)} (nats)",
        ylabel="Test accuracy (%)",
    )
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    key.set_axis_off()
    place = {"loc": "upper left", "borderaxespad": 0, "columnspacing": 1.2}
    size = SMALL * min(1, CHARACTERS / sum(len(style["label"]) for style in styles.values()))
    first = {"handles": lines, "ncols": 3, "handlelength": 1.8, "bbox_to_anchor": (-0.03, 1)}
    key.add_artist(key.legend(**first, fontsize=size, **place))
    key.legend(handles=marks, bbox_to_anchor=(-0.03, 0.78), fontsize=SMALL, **place)


def bias_curve(
    curves: Mapping[str, tuple[np.ndarray, Mapping[str, np.ndarray]]],
    effects: Mapping[str, Effects],
    labels: Mapping[str, str],
    classes: Mapping[str, Sequence[int] | Sequence[str]],
    unseen: Mapping[str, str | None],
) -> Figure:
    """Draw a panel per arm, two in a row, from what `read_curves` and `read_effects` give of each.

    All have one range of shifts. `classes` are those that are shifted, by number or name; for `unseen` see
    `unseen_curve`.
    """
    columns = min(2, len(curves))
    rows = -(-len(curves) // columns)
    figure = Figure(figsize=(WIDTH, 4.0 * rows))
    grid = figure.add_gridspec(rows, columns)
    chosen = {arm: [measures["shift"].mean() for measures in effects[arm].values()] for arm in curves}
    ranges = [interesting(*curves[arm], chosen[arm]) for arm in curves]
    for place, (arm, (shifts, accuracies)) in enumerate(curves.items()):
        axes, key = grid[divmod(place, columns)].subgridspec(2, 1, height_ratios=[4, 1]).subplots()
        draw_panel(axes, key, shifts, accuracies, effects[arm], classes[arm], unseen[arm])
        axes.set(xlim=(min(low for low, _ in ranges), max(high for _, high in ranges)), title=labels[arm])
    n = len(next(iter(effects.values()))["none"]["errors"])
    figure.supxlabel(f"{describe(n)}; marks: mean shift and mean accuracies", fontsize=6.5)
    return figure


def unseen_curve(shifted: Sequence[int], omitted: Sequence[int], n_classes: int) -> str | None:
    """The curve of classes that an arm never saw: of those that are `shifted`, of the others, or neither of them."""
    if {*shifted} <= {*omitted}:
        return "classes"
    return "others" if {*omitted} == {*range(n_classes)} - {*shifted} else None


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        labels, classes = snakemake.params.labels, snakemake.params.classes
        paths = per_model(snakemake.input.curves, classes, len(snakemake.params.seeds))
        curves = {arm: read_curves(of_arm) for arm, of_arm in paths.items()}
        omitted, n_classes = snakemake.params.omitted, snakemake.params.n_classes
        unseen = {arm: unseen_curve(shifted, omitted[arm], n_classes) for arm, shifted in classes.items()}
        named = {arm: called(shifted, snakemake.params.names) for arm, shifted in classes.items()}
        figure = bias_curve(curves, read_effects(snakemake.input.bias, classes), labels, named, unseen)
        save(figure, [snakemake.output.png, snakemake.output.svg], snakemake.params.note)
