"""Add a constant to the output biases of some classes of a trained network: its weights -> the shifted weights."""

from common.bias import inject
from common.job import logged
from common.tensors import load_tensors, save_tensors

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        tensors = load_tensors(snakemake.input[0])
        save_tensors(snakemake.output[0], inject(tensors, snakemake.params.classes, snakemake.params.value))
