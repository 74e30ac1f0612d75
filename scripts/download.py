"""Make results/data/{dataset}/raw/<the IDX files> from the dataset's sources: mirrors, a local folder or an archive.

Each file is uncompressed and has the size and SHA-256 that config.yaml gives it, wherever it came from.
"""

from pathlib import Path

from mythical_digit.data.sources import fetch
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]) as log:
        # Read from the config and not from a param, because where the bytes come from cannot change them (their SHA-256
        # decides): another source must make nothing stale.
        sources = snakemake.config["datasets"][snakemake.wildcards.dataset]["sources"]
        fetch(snakemake.params.files, sources, {Path(path).name: path for path in snakemake.output}, log)
