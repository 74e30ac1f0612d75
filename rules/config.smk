# The config read and checked, and what follows from it for all rules: experiments, wildcards, processors.
import os
import re

import yaml
from snakemake.utils import update_config

from mythical_digit.study import experiments
from mythical_digit.study.config import typed, validate
from mythical_digit.training import numerics
from mythical_digit.workflow import fingerprints

update_config(config, typed(workflow.config_settings.config))
try:
    validate(config, yaml.safe_load((PROJECT / "config.schema.yaml").read_text()), PROJECT)
except UserError as error:
    raise WorkflowError(str(error))

# Every job inherits these, so that they are set before it imports torch.
os.environ.update(numerics.environment(config["compute"]["numerics"]))

EXPERIMENTS = {name: experiments.expanded(block) for name, block in config["experiments"].items()}
ARMS = sorted({arm for block in EXPERIMENTS.values() for arm in block["arms"]})
BIASED_ARMS = sorted({arm for block in EXPERIMENTS.values() for arm in block["bias"]})


def of_project(path):
    """A file that comes with the pipeline, which another workflow may use as a module from its own folder."""
    return os.path.relpath(PROJECT / path)


def any_of(names):
    """The regular expression of a wildcard that is one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    experiment="|".join(EXPERIMENTS),
    seed=r"\d+",
    arm=any_of(ARMS),
    model=any_of([experiments.TEACHER, *ARMS, *(arm + experiments.BIASED for arm in BIASED_ARMS)]),


# --cores may exceed the machine. A job then claims as many of Snakemake's cores as a processor stands for, so that
# no more jobs run side by side than there are processors.
PROCESSORS = numerics.available_processors()
CORES = workflow.resource_settings.cores or PROCESSORS
CORES_PER_PROCESSOR = max(1, CORES // PROCESSORS)


def processors_for(jobs):
    """Processors for each of so many like jobs: one, or more where there are more than jobs and the numerics let it."""
    most = numerics.MOST_THREADS.get(config["compute"]["numerics"], PROCESSORS)
    return max(1, min(most, min(PROCESSORS, CORES) // max(1, jobs)))


TEACHERS = sum(len(experiments.seeds(config, name)) for name in config["run"])
STUDENTS = sum(len(experiments.seeds(config, name)) * len(EXPERIMENTS[name]["arms"]) for name in config["run"])


# What a training asks for on a cluster; on one machine, `--resources gpu=N` lets N trainings share its card.
GPUS = 1 if config["compute"]["device"] == "cuda" else 0


def code(rule_name):
    """What a rule's script consists of, by content: the param that makes the rule stale when any of it changes."""
    return fingerprints.fingerprints(PROJECT / "scripts" / f"{rule_name}.py")
