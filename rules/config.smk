# Check the config and derive what all rules use: experiments, wildcards, processors.
import os
import re

import yaml
from snakemake.utils import update_config

from mythical_digit.study import experiments
from mythical_digit.study.config import blamed, completed, typed, validate
from mythical_digit.training import numerics
from mythical_digit.workflow import fingerprints

SCHEMA = yaml.safe_load((PROJECT / "config.schema.yaml").read_text(encoding="utf-8"))
GIVEN = typed(workflow.config_settings.config, SCHEMA)
update_config(config, GIVEN)

# Not so where another workflow uses this one as a module.
MAIN_WORKFLOW = os.path.samefile(workflow.main_snakefile, PROJECT / "Snakefile")


def parts_of_config():
    """What the config was put together from, by source: its mistakes are blamed on that in which they were made."""
    if not MAIN_WORKFLOW:
        return [("config", config)]
    files = [] if getattr(workflow.config_settings, "replace_workflow_config", False) else ["config.yaml"]
    files = filter(os.path.isfile, [*files, *map(os.path.relpath, workflow.overwrite_configfiles)])
    read = [(file, yaml.safe_load(Path(file).read_text(encoding="utf-8")) or {}) for file in files]
    return [*read, ("--config", GIVEN)]


try:
    config.update(completed(config))
    validate(config, SCHEMA, PROJECT)
except UserError as error:
    raise WorkflowError(blamed(error, parts_of_config(), SCHEMA, PROJECT))

# Jobs inherit these, so they are set before a job imports torch.
os.environ.update(numerics.environment(config["compute"]["numerics"]))

EXPERIMENTS = {name: experiments.expanded(block) for name, block in config["experiments"].items()}
ARMS = sorted({arm for block in EXPERIMENTS.values() for arm in block["arms"]})
BIASED_ARMS = sorted({arm for block in EXPERIMENTS.values() for arm in block["bias"]})


def of_project(path):
    """The path of a file of this project from the working folder, which may be that of another workflow."""
    return os.path.relpath(PROJECT / path)


def any_of(names):
    """A regular expression for a wildcard that is one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    experiment="|".join(EXPERIMENTS),
    seed=r"\d+",
    arm=any_of(ARMS),
    model=any_of([experiments.TEACHER, *ARMS, *(arm + experiments.BIASED for arm in BIASED_ARMS)]),


# --cores may exceed the machine's processors. A job then claims several of Snakemake's cores per processor, so that
# no more jobs run in parallel than there are processors.
PROCESSORS = numerics.available_processors()
CORES = workflow.resource_settings.cores or PROCESSORS
CORES_PER_PROCESSOR = max(1, CORES // PROCESSORS)


def processors_for(jobs):
    """Processors per job for this many similar jobs: more than one if some would be idle and the numerics allow it."""
    most = numerics.MOST_THREADS.get(config["compute"]["numerics"], PROCESSORS)
    return max(1, min(most, min(PROCESSORS, CORES) // max(1, jobs)))


TEACHERS = sum(len(experiments.seeds(config, name)) for name in config["run"])
STUDENTS = sum(len(experiments.seeds(config, name)) * len(EXPERIMENTS[name]["arms"]) for name in config["run"])


# GPUs that a training requests on a cluster; on one machine, `--resources gpu=N` lets N trainings share its card.
GPUS = 1 if config["compute"]["device"] == "cuda" else 0


def code(rule_name):
    """Fingerprints of the files that a rule's script consists of: as a param, they make it stale if one changes."""
    return fingerprints.fingerprints(PROJECT / "scripts" / f"{rule_name}.py")
