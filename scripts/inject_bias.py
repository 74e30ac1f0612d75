"""Add a constant to the output biases of some classes of a trained network: its weights -> the shifted weights."""

from mythical_digit.evaluation.bias_shift import inject
from mythical_digit.files.tensors import load_tensors, save_tensors
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        tensors = load_tensors(snakemake.input[0])
        save_tensors(snakemake.output[0], inject(tensors, snakemake.params.classes, snakemake.params.value))
