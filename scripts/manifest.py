"""Make results/published/{experiment}/manifest.json: the SHA-256 of every result, the config, what computed them."""

from common import environment
from common.checksums import checksums
from common.files import write_json
from common.job import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        config = snakemake.params.config
        record = {
            "files": checksums(snakemake.input, "results"),
            "config": config,
            "environment": environment.describe(config["compute"]),
        }
        write_json(snakemake.output[0], record)
