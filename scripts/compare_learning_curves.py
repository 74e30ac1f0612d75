"""Makes one figure of all trained models' learning curves from the history.csv of each model and seed."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from mythical_digit.figures.curves import draw_curve, draw_published, finish_accuracy, finish_loss, label_ends
from mythical_digit.figures.style import WIDTH, arm_style, save
from mythical_digit.files import origin
from mythical_digit.tables.histories import read_histories, read_published_history
from mythical_digit.tables.per_model import per_model
from mythical_digit.tables.statistics import describe
from mythical_digit.workflow.job_log import logged

PANELS = (
    ("train_cross_entropy", "Training", "Cross-entropy (nats), log scale", finish_loss),
    ("test_cross_entropy", "Test", "Cross-entropy (nats), log scale", finish_loss),
    ("train_accuracy", "Training", "Accuracy (%), log scale of the error", finish_accuracy),
    ("test_accuracy", "Test", "Accuracy (%), log scale of the error", finish_accuracy),
)
MUCH_LONGER = 3  # times as many epochs: on a linear axis the short curves would be crowded


def compare_learning_curves(
    histories: Mapping[str, Mapping[str, np.ndarray]],
    labels: Mapping[str, str],
    published: Mapping[str, Mapping[str, np.ndarray]],
) -> Figure:
    """Draw cross-entropy and accuracy per epoch, in training and on the test split, with one line per model.

    `histories[model]` maps the columns of history.csv to arrays of shape (n_seeds, n_epochs), and `published[model]` to
    what was published of the epochs under `epoch`. Where models have very different numbers of epochs, the axis of
    these is logarithmic.
    """
    epochs = {model: history["test_accuracy"].shape[1] for model, history in histories.items()}
    longest = max(epochs.values())
    figure = Figure(figsize=(WIDTH, 5.2))
    panels = figure.subplots(2, 2, sharey="row").ravel()
    ends = {axes: [] for axes in panels}
    for axes, (column, title, ylabel, _) in zip(panels, PANELS, strict=True):
        axes.set_xscale("log" if longest > MUCH_LONGER * min(epochs.values()) else "linear")
        for model, history in histories.items():
            style = arm_style(model, labels)
            end = draw_curve(axes, history[column], **style)
            if column in (theirs := published.get(model, {})):
                draw_published(axes, theirs["epoch"], theirs[column], style["color"])
            ends[axes].append((labels[model], epochs[model], end, style["color"]))
        axes.set(title=title, ylabel=ylabel if axes.get_subplotspec().is_first_col() else None)
    for axes, (_, _, _, finish) in zip(panels, PANELS, strict=True):
        finish(axes)
    for axes, lines in ends.items():
        label_ends(axes, lines)
    n = len(next(iter(histories.values()))["test_accuracy"])
    notes = "hollow: published, one run; " if published else ""
    notes += "training: mean over the epoch's batches, as they are trained on, with any dropout and jitter"
    figure.supxlabel(f"{describe(n)}\n{notes}", fontsize=6.5)
    return figure


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        labels = snakemake.params.labels
        paths = per_model(snakemake.input.histories, labels, len(snakemake.params.seeds))
        histories = {model: read_histories(of_model) for model, of_model in paths.items()}
        path = snakemake.input.published
        figure = compare_learning_curves(histories, labels, read_published_history(path) if path else {})
        save(figure, [snakemake.output.png, snakemake.output.svg], snakemake.params.note)
