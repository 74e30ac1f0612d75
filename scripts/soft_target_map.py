"""Makes results/{experiment}/soft_target_map.{csv,png,svg}: whose images teach each class that is left out.

For each class that a distilled student never saw: how much of the teacher's soft targets it gets on the training images
of each other class, at the experiment's temperature; and whether that goes with how well the student recognises it.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from scipy.special import ndtri
from scipy.stats import spearmanr

from mythical_digit.data import prepared
from mythical_digit.evaluation.soft_targets import mean_probability, soft_targets
from mythical_digit.figures.class_ticks import label_classes
from mythical_digit.figures.curves import spread
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, UNSEEN, WIDTH, save
from mythical_digit.files import origin
from mythical_digit.files.records import write_csv
from mythical_digit.files.tensors import load_tensors
from mythical_digit.study.class_labels import Names, short
from mythical_digit.tables.experiment_note import noted_table
from mythical_digit.tables.markdown import minus
from mythical_digit.tables.shift_effects import read_effects
from mythical_digit.tables.statistics import CONFIDENCE
from mythical_digit.tables.unseen_classes import read_aurocs
from mythical_digit.workflow.job_log import logged

COLUMNS = ("seed", "class", "taught_by", "n", "mass", "class_accuracy", "auroc")
ALL = "all"  # in the column `taught_by`: the images of all other classes together
PAIRS = {"class_accuracy": "Recognised, no shift (%)", "auroc": "AUROC"}
GAP, EDGE = 0.085, 0.06  # of the height of a panel: between texts, and above and below them
QUANTILE = float(ndtri((1 + CONFIDENCE) / 2))  # of the normal distribution
MOVED = 2  # points by which a text has to make room before a line leads to it
FAINT = 0.1  # percent: what is less is drawn as this
DARK = 0.55  # of the scale of colours: from there on, numbers are white


def masses(logits: np.ndarray, labels: np.ndarray, classes: Sequence[int], temperature: float) -> np.ndarray:
    """The mean probability of each of the `classes` on the images of each other class, in percent; NaN on its own.

    `logits` (n, n_classes) are the teacher's on the training images, whose `labels` are (n,). Returns
    (classes, n_classes).
    """
    probabilities = soft_targets(logits, temperature)
    found = [mean_probability(probabilities, labels, label) for label in classes]
    return np.array([[of_class.get(other, np.nan) for other in range(logits.shape[1])] for of_class in found])


def overall(mass: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The mean over all images that each student sees, (..., classes), of masses (..., classes, n_classes).

    `sizes` (n_classes,) are the numbers of training images.
    """
    seen = ~np.isnan(mass)
    return np.nansum(mass * sizes, axis=-1) / (seen * sizes).sum(axis=-1)


def rank_correlation(first: np.ndarray, second: np.ndarray) -> tuple[float, float, float]:
    """Spearman's rank correlation of (n,) and (n,), with the ends of its 95 % interval; NaN where nothing varies.

    The interval is that of Bonett & Wright (2000), which needs four pairs or more.
    """
    there = ~(np.isnan(first) | np.isnan(second))
    n = int(there.sum())
    if n < 4 or not np.ptp(first[there]) or not np.ptp(second[there]):
        return np.nan, np.nan, np.nan
    r = float(spearmanr(first[there], second[there]).statistic)
    bounded = np.clip(r, -1 + 1e-12, 1 - 1e-12)
    reach = QUANTILE * np.sqrt((1 + bounded**2 / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(bounded) + np.array([-reach, reach]))
    return r, float(low), float(high)


def rows(
    mass: np.ndarray, sizes: np.ndarray, scores: Mapping[str, np.ndarray], classes: Sequence[int], seeds: Sequence[int]
) -> Iterator[tuple]:
    """The rows of the CSV table: per seed and class, the mass by class of the image, and over all with the scores.

    `mass` is (n_seeds, classes, n_classes); `scores` are of the student that never saw the class, (n_seeds, classes).
    """
    for place, seed in enumerate(seeds):
        for row, label in enumerate(classes):
            for other, size in enumerate(sizes):
                if other != label and size:
                    yield seed, label, other, int(size), float(mass[place, row, other]), None, None
            numbers = [float(scores[name][place, row]) for name in PAIRS]
            total = float(overall(mass[place], sizes)[row])
            seen = int(sizes.sum() - sizes[label])
            yield seed, label, ALL, seen, total, *(None if np.isnan(number) else number for number in numbers)


def draw(
    mass: np.ndarray,
    sizes: np.ndarray,
    scores: Mapping[str, np.ndarray],
    classes: Sequence[int],
    temperature: float,
    names: Names,
) -> Figure:
    """Draw the mean mass as a map, a row per unseen class, and beside it each score against the mass over all."""
    figure = Figure(figsize=(WIDTH, 4.5))
    grid = figure.add_gridspec(2, 2, width_ratios=[1.55, 1])
    draw_map(figure.add_subplot(grid[:, 0]), mass.mean(axis=0), classes, names)
    totals = overall(mass, sizes).mean(axis=0)
    for place, (name, label) in enumerate(PAIRS.items()):
        axes = figure.add_subplot(grid[place, 1])
        draw_pairs(axes, totals, scores[name].mean(axis=0))
        axes.set(ylabel=label, xlabel="Its share of the soft targets (%)" if place else None)
        name_points(axes, totals, scores[name].mean(axis=0), [short(label, names) for label in classes])
    means = f"Means over n = {len(mass)} seeds" if len(mass) > 1 else "One seed (n = 1)"
    figure.supxlabel(
        f"Soft targets at T = {temperature:g}, on training images. {means}.\n"
        f"ρ: Spearman's rank correlation over the classes, with its {100 * CONFIDENCE:g} % interval",
        fontsize=6.5,
    )
    return figure


def draw_map(axes: Axes, mean: np.ndarray, classes: Sequence[int], names: Names) -> None:
    """Draw the mass of each class (row) on the images of each other (column), on a logarithmic scale of colours."""
    lowest = max(np.nanmin(mean), FAINT)
    norm = LogNorm(lowest, max(np.nanmax(mean), 2 * lowest))
    axes.imshow(np.maximum(mean, lowest), cmap="Oranges", norm=norm, aspect="auto")
    size = 6.5 if mean.shape[1] <= 10 else 3
    for (row, column), value in np.ndenumerate(mean):
        if not np.isnan(value):
            colour = "white" if norm(value) > DARK else "black"
            text = f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
            axes.text(column, row, text, fontsize=size, ha="center", va="center", color=colour)
    label_classes(axes.xaxis, range(mean.shape[1]), names)
    label_classes(axes.yaxis, classes, names)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xlabel="Class of the images", ylabel="Class that the student never saw")
    axes.set_title("Share of the soft targets (%)")


def draw_pairs(axes: Axes, totals: np.ndarray, score: np.ndarray) -> None:
    """Draw a point per class, and write their rank correlation."""
    axes.plot(totals, score, "o", color=UNSEEN, markersize=3.5)
    r, low, high = rank_correlation(totals, score)
    text = "ρ: not defined" if np.isnan(r) else minus(f"ρ = {r:.2f} ({low:.2f} to {high:.2f})")
    axes.set_title(text, fontsize=7.5, fontweight="normal")
    axes.grid(color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)


def name_points(axes: Axes, xs: np.ndarray, ys: np.ndarray, texts: Sequence[str]) -> None:
    """Write a text beside each point, away from the middle of the panel, so that none covers another.

    A line leads to a point whose text had to make room.
    """
    axes.margins(x=0.1 + 0.06 * max(map(len, texts)), y=0.1)
    axes.figure.draw_without_rendering()  # the height of the panel follows from the layout
    points = axes.get_window_extent().height / axes.figure.dpi * 72
    middle, (low, high) = np.nanmean(xs), axes.get_ylim()
    for sign, side, chosen in ((-1, "right", xs <= middle), (1, "left", xs > middle)):
        places = np.flatnonzero(chosen & ~np.isnan(ys))
        heights = (ys[places] - low) / (high - low)
        rises = EDGE + (1 - 2 * EDGE) * spread((heights - EDGE) / (1 - 2 * EDGE), GAP) - heights
        for place, rise in zip(places, rises * points, strict=True):
            moved = abs(rise) > MOVED
            line = {"arrowstyle": "-", "color": DARK_GREY, "linewidth": 0.4, "shrinkA": 0.5, "shrinkB": 0}
            axes.annotate(
                texts[place], (xs[place], ys[place]), (sign * (9 if moved else 4), rise),
                textcoords="offset points", fontsize=6, ha=side, va="center",
                arrowprops=line | {"relpos": (float(sign < 0), 0.5)} if moved else None,
            )  # fmt: skip


if __name__ == "__main__":
    params, output = snakemake.params, snakemake.output
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        classes = list(params.classes.values())
        _, labels = prepared.load_split(snakemake.input.data, "train", params.normalisation, params.held_out)
        logits = (load_tensors(path)["train_logits"][: len(labels)] for path in snakemake.input.logits)
        mass = np.array([masses(of_seed, labels, classes, params.temperature) for of_seed in logits])
        sizes = np.bincount(labels, minlength=mass.shape[-1])
        effects = read_effects(snakemake.input.bias, params.classes)
        aurocs = read_aurocs(snakemake.input.records, params.classes, len(params.seeds))
        scores = {
            "class_accuracy": np.column_stack([each["none"]["class_accuracy"] for each in effects.values()]),
            "auroc": np.column_stack(list(aurocs.values())),
        }
        table = rows(mass, sizes, scores, classes, params.seeds)
        write_csv(output.csv, *noted_table(COLUMNS, table, params.note))
        figure = draw(mass, sizes, scores, classes, params.temperature, params.names)
        save(figure, [output.png, output.svg], params.note)
