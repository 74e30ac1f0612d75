"""Evaluate one model on the test split: its weights and the prepared data -> its confusion matrix, and all from it.

Always in float32 on the processor, wherever and however the model was trained.
"""

from common import data, inference, metrics
from common.files import write_json
from common.job import logged
from common.tensors import load_tensors

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        images, labels = data.load(snakemake.input.data, "test", params.normalisation, params.held_out)
        predicted = inference.logits(load_tensors(snakemake.input.model), images).argmax(axis=1)
        record = metrics.from_confusion(metrics.confusion_matrix(labels, predicted, params.classes))
        log.info("%d errors on %d images", record["errors"], record["n"])
        write_json(snakemake.output[0], record)
