"""Makes the figure of one model's learning curves, loss and accuracy per epoch, from its history.csv of each seed."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mythical_digit.figures.curves import draw_curve, draw_published, finish_accuracy, finish_loss, label_ends
from mythical_digit.figures.style import WIDTH, arm_style, save
from mythical_digit.files import origin
from mythical_digit.tables.histories import read_histories, read_published_history
from mythical_digit.tables.statistics import describe
from mythical_digit.workflow.job_log import logged


def learning_curves(
    history: Mapping[str, np.ndarray], label: str, colour: str, published: Mapping[str, np.ndarray]
) -> Figure:
    """Draw loss and accuracy of one model, in training and on the test split.

    `history` maps the columns of history.csv to arrays of shape (n_seeds, n_epochs). The loss that training minimises
    is drawn apart where it is not the cross-entropy, that is, for a distilled arm. `published` maps columns to what was
    published of the epochs under `epoch`; nothing if it is empty.
    """
    figure = Figure(figsize=(WIDTH, 2.7))
    loss, accuracy = figure.subplots(1, 2)
    ends = {loss: [], accuracy: []}

    def draw(axes: Axes, column: str, text: str, *, single_seeds: bool = True, **style) -> None:
        values, colour = history[column], style["color"]
        end = draw_curve(axes, values, single_seeds=single_seeds, **style)
        if column in published:
            draw_published(axes, published["epoch"], published[column], colour)
        ends[axes].append((text, values.shape[1], end, colour))

    draw(loss, "train_cross_entropy", "train", color=colour, linestyle="--")
    draw(loss, "test_cross_entropy", "test", color=colour)
    draw(accuracy, "train_accuracy", "train", color=colour, linestyle="--")
    draw(accuracy, "test_accuracy", "test", color=colour)
    n = len(history["train_loss"])
    notes = "train: mean over the epoch's batches, with any dropout and jitter"
    if not np.allclose(history["train_loss"], history["train_cross_entropy"]):
        draw(loss, "train_loss", "objective", single_seeds=False, color="black", linestyle=":", linewidth=0.9)
        notes += "; objective: what training minimises, the other two are cross-entropies"
    finish_loss(loss)
    finish_accuracy(accuracy)
    loss.set(title=label, ylabel="Loss (nats), log scale")
    accuracy.set(ylabel="Accuracy (%), log scale of the error")
    for axes, labels in ends.items():
        label_ends(axes, labels)
    seeds = "" if n == 1 else ", thin lines: single seeds"
    seeds += "; hollow: published, one run" if published else ""
    figure.supxlabel(f"{describe(n)}{seeds}\n{notes}", fontsize=6.5)
    return figure


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        model, labels = snakemake.wildcards.model, snakemake.params.labels
        colour = arm_style(model, labels)["color"]
        path = snakemake.input.published
        published = read_published_history(path).get(model, {}) if path else {}
        figure = learning_curves(read_histories(snakemake.input.histories), labels[model], colour, published)
        save(figure, [snakemake.output.png, snakemake.output.svg], snakemake.params.note)
