"""Makes results/{experiment}/confusion.{png,svg} from each metrics.json: which class each model takes for which."""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mythical_digit.evaluation.metrics import read_record
from mythical_digit.figures.class_ticks import label_classes
from mythical_digit.figures.panels import distinct, title
from mythical_digit.figures.style import LIGHT_GREY, UNSEEN, WIDTH, save
from mythical_digit.files import origin
from mythical_digit.study.class_labels import Names
from mythical_digit.tables.per_model import per_model
from mythical_digit.workflow.job_log import logged

ACROSS = 36  # cells side by side in all panels of a row
KEY = 0.6  # inches: the height of the key
FRAME = {"edgecolor": UNSEEN, "linewidth": 1.4}
NUMBER = 5.5  # points
COLOURS = matplotlib.colormaps["Blues"]  # lighter to darker, in grey too
DARK = 0.6  # of the scale: from here on, numbers are white


def confusion(
    counts: Mapping[str, np.ndarray],
    labels: Mapping[str, str],
    omitted: Mapping[str, Sequence[int]],
    names: Names = None,
) -> Figure:
    """Draw a confusion matrix for each model, a row per true class; classes missing from its training are framed.

    Models with the same counts in every seed share a panel.

    `counts[model]` (n_seeds, classes, classes) counts images of the test split. Each cell shows the mean over seeds;
    its colour shows how many images were taken for another class. `names` are those of the classes, if they have any.
    """
    titles = {group[0]: title([labels[model] for model in group]) for group in distinct(counts)}
    means = {model: counts[model].mean(axis=0) for model in titles}
    columns = min(3, max(1, ACROSS // len(next(iter(means.values())))))
    rows = -(-len(means) // columns)
    figure = Figure(figsize=(WIDTH, rows * (WIDTH / columns + 0.25) + KEY))
    figure.get_layout_engine().set(hspace=0.06)
    grid = figure.add_gridspec(rows + 1, columns, height_ratios=[*[WIDTH / columns + 0.25] * rows, KEY])
    scale = LogNorm(1, max(10, *(off_diagonal(mean).max() for mean in means.values())), clip=True)
    for place, (model, mean) in enumerate(means.items()):
        axes = figure.add_subplot(grid[divmod(place, columns)])
        mesh = draw_matrix(axes, mean, scale)
        for axis in (axes.xaxis, axes.yaxis):
            label_classes(axis, range(len(mean)), names)
        for label in omitted.get(model, ()):
            axes.add_patch(Rectangle((-0.5, label - 0.5), len(mean), 1, fill=False, **FRAME, clip_on=False))
            axes.get_yticklabels()[label].set(fontweight="bold", color=UNSEEN)
        axes.set_title(titles[model])
        axes.set_title(f"{off_diagonal(mean).sum():,.0f} wrong", loc="right", fontweight="normal", fontsize=7)
        axes.set(xlabel="Predicted class" if place + columns >= len(means) else None)
        axes.set(ylabel=None if place % columns else "True class")
    n, images = len(counts[model]), mean.sum()
    notes = f"of the {images:,.0f} test images:\n" + (f"mean over n = {n} seeds" if n > 1 else "one seed (n = 1)")
    draw_key(figure.add_subplot(grid[-1, :]), mesh, notes, framed=any(omitted.get(model) for model in means))
    return figure


def off_diagonal(matrix: np.ndarray) -> np.ndarray:
    """The matrix with zeros on its diagonal."""
    return matrix - np.diag(matrix.diagonal())


def draw_matrix(axes: Axes, mean: np.ndarray, scale: LogNorm) -> QuadMesh:
    """Draw a matrix (classes, classes), with numbers on the diagonal and in every cell that does not round to 0."""
    edges = np.arange(len(mean) + 1) - 0.5
    mesh = axes.pcolormesh(edges, edges, np.ma.masked_equal(off_diagonal(mean), 0), cmap=COLOURS, norm=scale)
    for (true, predicted), value in np.ndenumerate(mean):
        right = true == predicted
        if right:
            axes.add_patch(Rectangle((true - 0.5, true - 0.5), 1, 1, color=LIGHT_GREY, linewidth=0))
        if right or round(value):
            colour = "white" if not right and scale(value) > DARK else "black"
            axes.text(predicted, true, f"{value:.0f}", fontsize=NUMBER, ha="center", va="center", color=colour)
    axes.set(aspect="equal", ylim=(len(mean) - 0.5, -0.5))
    axes.tick_params(length=0, pad=2)
    axes.spines[["left", "bottom"]].set_visible(False)
    return mesh


def draw_key(axes: Axes, mesh: QuadMesh, notes: str, *, framed: bool) -> None:
    """Explain the numbers, the colours and the frames, if any, side by side under the panels."""
    axes.set_axis_off()
    axes.text(0, 0.8, f"Numbers {notes}, rounded;\ngrey: right", transform=axes.transAxes, va="top", linespacing=1.4)
    bar = axes.figure.colorbar(
        mesh, cax=axes.inset_axes((0.37, 0.6, 0.26, 0.2)), orientation="horizontal", format="{x:g}"
    )
    bar.outline.set_visible(False)
    bar.minorticks_off()
    bar.set_label("Taken for another class (log scale)")
    if framed:
        axes.add_patch(Rectangle((0.71, 0.55), 0.05, 0.28, fill=False, **FRAME, transform=axes.transAxes))
        axes.text(0.775, 0.69, "Class never seen in training", transform=axes.transAxes, va="center")


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        labels = snakemake.params.labels
        paths = per_model(snakemake.input.metrics, labels, len(snakemake.params.seeds))
        counts = {
            model: np.array([read_record(path)["confusion"] for path in of_model]) for model, of_model in paths.items()
        }
        figure = confusion(counts, labels, snakemake.params.omitted, snakemake.params.names)
        save(figure, [snakemake.output.png, snakemake.output.svg], snakemake.params.note)
