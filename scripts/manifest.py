"""Make results/published/*/manifest.json: what another run of an experiment should repeat, or checksums of files."""

from mythical_digit.files.records import write_json
from mythical_digit.records.manifests import manifest_of
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        write_json(snakemake.output[0], manifest_of(snakemake.input))
