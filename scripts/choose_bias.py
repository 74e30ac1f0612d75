"""Shift biases of one arm's network in each way to choose a shift: its weights -> what each shift does.

The record has, for each of the SHIFT_CHOICES, the shift and the metrics on the test split, and how well the logits tell
the shifted classes from the others at any shift (AUROC; null for a network that diverged). The curve has the accuracies
at each shift of a grid. `prior` uses the training images without their labels, omitted classes included, and the
frequency of the shifted classes. `oracle` is the best shift on the test split itself, as in the paper: nobody could
choose it without the test labels.
"""

from collections.abc import Mapping

import numpy as np

from mythical_digit.data import prepared
from mythical_digit.evaluation import forward_pass, metrics
from mythical_digit.evaluation.bias_shift import ShiftCurve, inject
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES, Evidence
from mythical_digit.files import origin
from mythical_digit.files.records import write_csv, write_json
from mythical_digit.files.tensors import load_tensors
from mythical_digit.workflow.job_log import logged

GRID = np.arange(-120, 121) / 10  # shifts, in nats


def best_on_test(ways: Mapping[str, Mapping]) -> Mapping:
    """What the oracle chooses: its own shift, unless roundings in float32 make that of another way better."""
    return min([ways["oracle"], *ways.values()], key=lambda found: found["metrics"]["errors"])


if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        origin.check(snakemake)
        tensors = load_tensors(snakemake.input.model)
        images, labels = prepared.load_split(snakemake.input.data, "train", params.normalisation, params.held_out)
        frequency = float(np.isin(labels, params.shifted).mean())
        train_logits = forward_pass.logits(tensors, images)
        images, labels = prepared.load_split(snakemake.input.data, "test", params.normalisation, params.held_out)
        logits = forward_pass.logits(tensors, images)
        finite = np.isfinite(train_logits).all() and np.isfinite(logits).all()
        curve = ShiftCurve(logits, labels, params.shifted)
        evidence = Evidence(params.shifted, params.value, train_logits, frequency, curve)
        ways = {}
        for way, choice in SHIFT_CHOICES.items() if finite else ():  # a network that diverged has no predictions
            shift = choice.choose(evidence)
            record = metrics.scored(forward_pass.logits(inject(tensors, params.shifted, shift), images), labels)
            ways[way] = {"shift": shift, "metrics": record}
            log.info("%s: shift %.3f, %d errors", way, shift, record["errors"])
        if finite:
            ways["oracle"] = best_on_test(ways)
        columns = {"shift": GRID, **curve.accuracies(GRID)}
        write_csv(
            snakemake.output.curve, list(columns), np.column_stack(list(columns.values())).tolist() if finite else []
        )
        made_from = origin.of_job(snakemake, snakemake.output.record, beside=[snakemake.output.curve])
        record = {"classes": params.shifted, "frequency": frequency, "ways": ways, "origin": made_from}
        record["auroc"] = curve.auroc() if finite else None
        write_json(snakemake.output.record, record)
