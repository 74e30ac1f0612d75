"""Make results/{experiment}/provenance.json: the code, config, data and machine behind the results, and their cost.

It describes the run that completed the results, on the machine that wrote it: it differs from run to run.
"""

from pathlib import Path

from mythical_digit.files import origin
from mythical_digit.files.records import write_json
from mythical_digit.records.run_record import benchmarks_of, describe_run
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        benchmarks = benchmarks_of(
            Path("results/benchmarks"), snakemake.wildcards.experiment, params.config, params.models
        )
        project = Path(snakemake.scriptdir).parent
        origins = origin.check(snakemake)
        record = describe_run(snakemake.input, params.config, project, benchmarks, origins)
        if record["git"] is None:
            log.info("%s: the record has no commit, since this is no git checkout or git does not run here", project)
        write_json(snakemake.output[0], record)
