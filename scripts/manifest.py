"""Make results/published/manifest.json: the SHA-256 of every result of a run, its config, what it was computed with."""

from common import environment
from common.checksums import checksums
from common.files import write_json
from common.job import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        record = {
            "files": checksums(snakemake.input, "results"),
            "experiments": snakemake.params.experiments,
            "environment": environment.describe(snakemake.params.compute),
        }
        write_json(snakemake.output[0], record)
