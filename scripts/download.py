"""Make results/data/{dataset}/raw/<the IDX files> from the data set's sources: mirrors, a local folder or an archive.

Each file is stored uncompressed, with the size and SHA-256 that config.yaml gives, wherever it came from.
"""

from pathlib import Path

from mythical_digit.data.fetching import fetch
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]) as log:
        # From the config, not from a param: the SHA-256 decides what the bytes are, wherever they come from, so another
        # source must make nothing stale.
        sources = snakemake.config["datasets"][snakemake.wildcards.dataset]["sources"]
        fetch(snakemake.params.files, sources, {Path(path).name: path for path in snakemake.output}, log)
