"""Evaluate one model on the test split: its weights and the prepared data -> its confusion matrix and metrics.

Always in float32 on the processor, wherever and however the model was trained.
"""

from mythical_digit.data import prepared
from mythical_digit.evaluation import forward_pass, metrics
from mythical_digit.files import origin
from mythical_digit.files.records import write_json
from mythical_digit.files.tensors import load_tensors
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        made_from = origin.of_job(snakemake, snakemake.output[0])
        images, labels = prepared.load_split(snakemake.input.data, "test", params.normalisation, params.held_out)
        record = metrics.scored(forward_pass.logits(load_tensors(snakemake.input.model), images), labels)
        log.info("%s errors on %d images", record.get("errors", metrics.DIVERGED), record["n"])
        write_json(snakemake.output[0], record | {"origin": made_from})
