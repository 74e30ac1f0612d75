"""Shift biases of one arm's network, by a fixed value and as images choose it: its weights -> what each shift does.

The record has, for each way (none, fixed, prior, oracle), the shift and the metrics on the test split; the curve has
the accuracy at each shift of a grid. `prior` uses the training images without their labels, those of omitted classes
among them, and how frequent the classes are; `oracle` is the best on the test split itself, as in the paper: no number
that anyone could have without the test labels.
"""

import numpy as np

from mythical_digit.data import prepared
from mythical_digit.evaluation import forward_pass, metrics
from mythical_digit.evaluation.bias_shift import WAYS, ShiftCurve, inject, prior_shift
from mythical_digit.files.records import write_csv, write_json
from mythical_digit.files.tensors import load_tensors
from mythical_digit.workflow.job_log import logged

GRID = np.arange(-120, 121) / 10  # shifts, in nats

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        tensors = load_tensors(snakemake.input.model)
        images, labels = prepared.load_split(snakemake.input.data, "train", params.normalisation, params.held_out)
        frequency = float(np.isin(labels, params.shifted).mean())
        prior = prior_shift(forward_pass.logits(tensors, images), params.shifted, frequency)
        images, labels = prepared.load_split(snakemake.input.data, "test", params.normalisation, params.held_out)
        curve = ShiftCurve(forward_pass.logits(tensors, images), labels, params.shifted)
        shifts = dict(zip(WAYS, (0.0, params.value, prior, curve.best_shift()), strict=True))
        ways = {}
        for way, shift in shifts.items():
            predicted = forward_pass.logits(inject(tensors, params.shifted, shift), images).argmax(axis=1)
            record = metrics.from_confusion(metrics.confusion_matrix(labels, predicted, params.classes))
            ways[way] = {"shift": shift, "metrics": record}
            log.info("%s: shift %.3f, %d errors", way, shift, record["errors"])
        write_json(snakemake.output.record, {"classes": params.shifted, "frequency": frequency, "ways": ways})
        columns = {"shift": GRID, **curve.accuracies(GRID)}
        write_csv(snakemake.output.curve, list(columns), np.column_stack(list(columns.values())).tolist())
