"""Make results/published/{experiment}/manifest.json: the SHA-256 of every result, the config, what computed them."""

from mythical_digit.files.checksums import checksums
from mythical_digit.files.records import write_json
from mythical_digit.records import machine
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        config = snakemake.params.config
        record = {
            "files": checksums(snakemake.input, "results"),
            "config": config,
            "environment": machine.describe(config["compute"]),
        }
        write_json(snakemake.output[0], record)
