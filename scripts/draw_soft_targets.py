"""Makes results/{experiment}/soft_targets/{arm}.{png,svg}: the soft targets for a class the arm never saw.

From the prepared data and the teacher's logits on the training images, of each seed.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mythical_digit.data import prepared
from mythical_digit.evaluation.soft_targets import mean_probability, soft_targets
from mythical_digit.figures.class_ticks import label_classes
from mythical_digit.figures.digit_gallery import COLUMNS, MARGIN, ROW, TEXT, TITLE, draw_digit, draw_key, page
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, UNSEEN, WIDTH, save
from mythical_digit.files import origin
from mythical_digit.files.tensors import load_tensors
from mythical_digit.study.class_labels import Names, in_words, opening
from mythical_digit.tables.statistics import describe, estimate
from mythical_digit.workflow.job_log import logged

ROWS = 2  # of images
CHART = 1.7  # inches: the height of the lower panel


def most_like(probabilities: np.ndarray, labels: np.ndarray, label: int, count: int) -> np.ndarray:
    """The indices of the `count` images of other classes with the highest probability of class `label`, in order."""
    others = np.flatnonzero(labels != label)
    return others[np.argsort(-probabilities[others, label], kind="stable")][:count]


def draw_soft_targets(
    images: np.ndarray,
    labels: np.ndarray,
    logits: Sequence[np.ndarray],
    label: int,
    temperature: float,
    names: tuple[str, int],
    colour: str,
    class_names: Names = None,
) -> Figure:
    """Draw the images of other classes most like class `label` to the teacher, and its mean probability per label.

    `images` (n, rows, columns) and `labels` (n,) are the training split; `logits` are the teacher's, (n, classes) of
    each seed. `names` are the arm's name and the first seed, whose teacher chooses the images, `class_names` those of
    the classes, if they have any.
    """
    this = in_words(label, class_names)
    temperatures = list(dict.fromkeys([1, temperature]))
    sharp, soft = (soft_targets(logits[0], each) for each in (1, temperature))
    chosen = most_like(soft, labels, label, ROWS * COLUMNS)
    rows = -(-len(chosen) // COLUMNS)
    chart = 0.72 + rows * ROW + 0.1  # inches from the top
    height = chart + CHART + 0.8
    axes = page(height)
    axes.text(MARGIN, 0.14, f"{names[0]}: its soft targets for {this}, of which it sees no image", **TITLE)
    heading = f"The {len(chosen)} training images of other classes with the highest probability of {this}"
    axes.text(MARGIN, 0.36, f"{heading} at T = {temperature:g}; seed {names[1]}", va="center")
    key = [f"{opening(this)} at T = {temperature:g}", f"Other classes at T = {temperature:g}", "At T = 1"]
    draw_key(axes, 0.48, key, colour)
    for place, image in enumerate(chosen):
        shares = " → ".join(f"{100 * each[image, label]:.0f}" for each in (sharp, soft))
        text = f"{class_names[labels[image]] if class_names else f'label {labels[image]}'}   {shares} %"
        bars = (soft[image], sharp[image], label, colour)
        draw_digit(axes, place, 0.66, images[image], text, *bars, numbered=not class_names)

    means = {
        each: np.array(
            [list(mean_probability(soft_targets(of_seed, each), labels, label).values()) for of_seed in logits]
        )
        for each in temperatures
    }
    others = [int(other) for other in np.unique(labels) if other != label]
    text = f"Mean probability of {this} over all training images of each other class"
    axes.text(MARGIN, chart, text, va="center")
    left, foot = 0.5, height - chart - CHART
    panel = axes.figure.add_axes(
        (left / WIDTH, foot / height, (WIDTH - MARGIN - left) / WIDTH, (CHART - 0.14) / height)
    )
    draw_means(panel, means, colour, temperature)
    label_classes(panel.xaxis, others, class_names)
    if class_names:  # ten names have room side by side
        panel.tick_params(axis="x", labelrotation=0, labelsize=6)
    panel.set(xlabel="Label of the images", ylabel=f"Probability of {this} (%)")
    notes = (
        f"Above the images: probability of {this} at T = 1 → at T = {temperature:g}. Small bars: probabilities "
        f"from 0 to 1.\nLower panel: {describe(len(logits))}."
    )
    axes.text(MARGIN, height - 0.36, notes, fontsize=TEXT, va="top")
    return axes.figure


def draw_means(axes: Axes, means: Mapping[float, np.ndarray], colour: str, temperature: float) -> None:
    """Draw, per other label, a bar for each temperature: `means[T]` (n_seeds, n_others) in percent."""
    width = 0.8 / len(means)
    results = {each: estimate(values) for each, values in means.items()}
    tops = {each: result.mean + np.nan_to_num(result.halfwidth) for each, result in results.items()}
    highest = max(top.max() for top in tops.values())
    for place, (each, result) in enumerate(results.items()):
        x = np.arange(len(result.mean)) + width * (place - (len(means) - 1) / 2)
        fill = colour if each == temperature else DARK_GREY
        axes.bar(x, result.mean, 0.92 * width, color=fill, label=f"T = {each:g}")
        if result.n > 1:
            axes.errorbar(x, result.mean, result.halfwidth, fmt="none", ecolor="black", capsize=2, linewidth=0.8)
        for at, top, mean in zip(x, tops[each], result.mean, strict=True):
            axes.text(at, top + 0.02 * highest, f"{mean:.2f}", fontsize=TEXT, ha="center", va="bottom")
    axes.tick_params(axis="x", length=0)
    axes.margins(x=0.02)
    axes.set_ylim(0, 1.15 * highest)  # with room for the numbers
    axes.grid(axis="y", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0, borderpad=0.2, ncols=2, fontsize=TEXT)


if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        arm, labels = snakemake.wildcards.arm, params.labels
        images, digits = prepared.load_split(snakemake.input.data, "train", params.normalisation, params.held_out)
        logits = [load_tensors(path)["train_logits"][: len(images)] for path in snakemake.input.logits]
        names, colour = (labels[arm], params.seed), UNSEEN
        classes = (params.omitted, params.temperature, names, colour, params.names)
        figure = draw_soft_targets(images, digits, logits, *classes)
        save(figure, [snakemake.output.png, snakemake.output.svg], snakemake.params.note)
