"""Makes one figure of all trained models' learning curves from the history.csv of each model and seed."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from common.histories import read_histories
from common.job import logged
from common.plotting import WIDTH, arm_style, draw_curve, finish_accuracy, finish_loss, label_ends, save
from common.statistics import describe

PANELS = (
    ("train_cross_entropy", "Training, with dropout", "Cross-entropy (nats), log scale", finish_loss),
    ("test_cross_entropy", "Test", "Cross-entropy (nats), log scale", finish_loss),
    ("train_accuracy", "Training, with dropout", "Accuracy (%), log scale of the error", finish_accuracy),
    ("test_accuracy", "Test", "Accuracy (%), log scale of the error", finish_accuracy),
)


def compare_learning_curves(histories: Mapping[str, Mapping[str, np.ndarray]], labels: Mapping[str, str]) -> Figure:
    """Draw cross-entropy and accuracy per epoch, in training and on the test split, with one line per model.

    `histories[model]` maps the columns of history.csv to arrays of shape (n_seeds, n_epochs).
    """
    figure = Figure(figsize=(WIDTH, 5.2))
    for axes, (column, title, ylabel, finish) in zip(figure.subplots(2, 2).flat, PANELS, strict=True):
        ends = []
        for model, history in histories.items():
            style = arm_style(model, labels)
            ends.append((labels[model], draw_curve(axes, history[column], **style), style["color"]))
        finish(axes)
        axes.set(title=title, ylabel=ylabel)
        label_ends(axes, ends)
    n = len(next(iter(histories.values()))["test_accuracy"])
    figure.supxlabel(describe(n), fontsize=6.5)
    return figure


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        labels, n = snakemake.params.labels, len(snakemake.params.seeds)
        paths = list(snakemake.input.histories)
        histories = {model: read_histories(paths[i * n : (i + 1) * n]) for i, model in enumerate(labels)}
        figure = compare_learning_curves(histories, labels)
        save(figure, [snakemake.output.png, snakemake.output.svg])
