"""Make results/published/{experiment}/manifest.json: the part of provenance.json that another run should repeat."""

from mythical_digit.files.records import read_json, write_json
from mythical_digit.records.run_record import repeatable
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        write_json(snakemake.output[0], repeatable(read_json(snakemake.input[0])))
