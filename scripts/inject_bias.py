"""Add a constant to the output biases of some classes of a trained network: its weights -> the shifted weights."""

from mythical_digit.evaluation.bias_shift import inject
from mythical_digit.files import origin
from mythical_digit.files.tensors import load_tensors, save_tensors
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        made_from = origin.of_job(snakemake, snakemake.output[0])
        shifted = inject(load_tensors(snakemake.input[0]), snakemake.params.classes, snakemake.params.value)
        save_tensors(snakemake.output[0], shifted, made_from)
