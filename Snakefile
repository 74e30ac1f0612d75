# A reproducibility pipeline for knowledge distillation on MNIST.
# What decides the results stands in config.yaml, what may stand there in config.schema.yaml.
from snakemake.utils import min_version

min_version("9.0")


include: "rules/syntax.smk"


configfile: "config.yaml"


report: "report/workflow.rst"


include: "rules/common.smk"
include: "rules/data.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/present.smk"
include: "rules/compare.smk"
include: "rules/pictures.smk"
include: "rules/explore.smk"
include: "rules/claims.smk"
include: "rules/verify.smk"
include: "rules/speed.smk"
include: "rules/report.smk"
include: "rules/terminal.smk"
include: "rules/help.smk"


# Down to the weights, and where they come from: a deleted file is made again, whatever stands behind it.
rule all:
    """All results of every experiment that `run` in config.yaml names: what plain `snakemake` makes."""
    default_target: True
    input:
        [outputs(experiment) + records(experiment) for experiment in config["run"]],


for experiment in EXPERIMENTS:

    rule:
        """All results of the experiment of this name in config.yaml."""
        name:
            experiment
        input:
            outputs(experiment) + records(experiment),


rule publish:
    """Copies of tables, figures and metrics for git, in results/published/, with the checksums of the whole run."""
    input:
        [published(experiment) for experiment in config["run"]],
        lambda _: published_claims(),
