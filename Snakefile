# A reproducibility pipeline for knowledge distillation on MNIST.
# What decides the results stands in config.yaml, what may stand there in config.schema.yaml.
from snakemake.utils import min_version

min_version("9.0")


include: "rules/yaml.smk"


configfile: "config.yaml"


report: "report/workflow.rst"


include: "rules/config.smk"
include: "rules/params.smk"
include: "rules/paths.smk"
include: "rules/origins.smk"
include: "rules/published_inputs.smk"
include: "rules/data.smk"
include: "rules/train.smk"
include: "rules/shift.smk"
include: "rules/evaluate.smk"
include: "rules/tables_inputs.smk"
include: "rules/tables.smk"
include: "rules/figures.smk"
include: "rules/soft_targets.smk"
include: "rules/sweeps.smk"
include: "rules/every_class.smk"
include: "rules/search_inputs.smk"
include: "rules/search.smk"
include: "rules/pages.smk"
include: "rules/records.smk"
include: "rules/draw_inputs.smk"
include: "rules/draw.smk"
include: "rules/claims_inputs.smk"
include: "rules/claims.smk"
include: "rules/hero_inputs.smk"
include: "rules/hero.smk"
include: "rules/terminal.smk"
include: "rules/help.smk"


# Down to the weights, and where they come from: a deleted file is made again, whatever stands behind it.
rule all:
    """All results of every experiment that `run` in config.yaml names: what plain `snakemake` makes."""
    default_target: True
    input:
        [outputs(experiment) + records(experiment) for experiment in config["run"]],


for experiment in EXPERIMENTS:
    if workflow.is_rule(experiment):
        having = (name for name, part in parts_of_config() if experiment in (part.get("experiments") or {}))
        source = next(having, "config")
        raise WorkflowError(f"{source}: experiments.{experiment}: this is the name of a target; choose another")

    rule:
        name:
            experiment
        input:
            outputs(experiment) + records(experiment),

    workflow.get_rule(experiment).docstring = EXPERIMENTS[experiment].get("about", "All of this experiment") + "."
