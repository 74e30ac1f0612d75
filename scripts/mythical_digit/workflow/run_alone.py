"""Run one script on its own, with the inputs, outputs and params that its rule gives it; for debugging.

From the folder of the Snakefile, as a command (also below `python -m pdb -m ...`):

    PYTHONPATH=scripts python -m mythical_digit.workflow.run_alone results/notebook/bar_plot.png

or in a debugger or notebook, where the lines of a script can then be run one by one:

    snakemake = mock_snakemake("results/notebook/bar_plot.png")

The script overwrites its real outputs, and Snakemake does not know of it: what follows from them counts as stale.
"""

import io
import os
import runpy
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.exceptions import WorkflowError
from snakemake.iocontainers import Snakemake
from snakemake.settings.enums import Quietness
from snakemake.settings.types import ConfigSettings, DAGSettings, OutputSettings, ResourceSettings

from mythical_digit.errors import UserError


def mock_snakemake(target: str, config: Mapping | None = None) -> Snakemake:
    """Return the `snakemake` object that the script behind `target`, a file or a rule's name, sees when it runs.

    `config` replaces values of config.yaml, as `--config` does. The inputs need not exist.

    Raises UserError if no rule makes the target, or one without a script, or the config has a mistake.
    """
    return _job(target, config)[0]


def run(target: str) -> str:
    """Run the script behind `target` in this process and return its log.

    Raises UserError if an input is missing, and as `mock_snakemake` does. A script that fails ends the process.
    """
    snakemake, script = _job(target)
    if missing := [path for path in snakemake.input if not Path(path).exists()]:
        raise UserError(f"inputs are missing; make them first: snakemake --cores 4 {' '.join(missing)}")
    runpy.run_path(str(script), {"snakemake": snakemake}, run_name="__main__")
    return Path(snakemake.log[0]).read_text(encoding="utf-8")


def _job(target: str, config: Mapping | None = None) -> tuple[Snakemake, Path]:
    """What the script behind `target` sees, and its path."""
    try:
        with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
            workflow = api.workflow(ResourceSettings(cores=1), ConfigSettings(config=config or {}))
            dag = workflow.dag(DAGSettings(targets={target}, forcetargets=True))
            with redirect_stdout(io.StringIO()):
                dag.summary()  # of the commands that build the graph of jobs, one that takes no lock
            (job,) = workflow._workflow.dag.targetjobs
            if not job.rule.script:
                raise UserError(f"{target}: the rule {job.rule.name!r} has no script")
            script = Path(os.path.normpath(Path(str(job.rule.basedir), job.rule.script)))
            return (
                Snakemake(
                    *(job.input, job.output, job.params, job.wildcards, job.threads, job.resources, job.log),
                    config=workflow._workflow.config,
                    rulename=job.rule.name,
                    bench_iteration=None,
                    scriptdir=str(script.parent),
                ),
                script,
            )
    except WorkflowError as error:
        raise UserError(f"{target}: {error}") from error


if __name__ == "__main__":
    try:
        print(run(sys.argv[1]), end="")
    except UserError as error:
        sys.exit(str(error))
