# A reproducibility pipeline for knowledge distillation on MNIST.
# What decides the results stands in config.yaml, what may stand there in config.schema.yaml.
from snakemake.utils import min_version

min_version("9.0")


include: "rules/syntax.smk"


configfile: "config.yaml"


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


# All results of every experiment that config.yaml's `run` names, down to the weights, and where they come from: a
# deleted file is made again, whatever stands behind it.
rule all:
    default_target: True
    input:
        [outputs(experiment) + records(experiment) for experiment in config["run"]],


# The same of one experiment, by its name: `snakemake --cores 4 paper`.
for experiment in EXPERIMENTS:

    rule:
        name:
            experiment
        input:
            outputs(experiment) + records(experiment),


# Copies of them, and of the metrics, in results/published/, which git keeps, with the checksums of the whole run.
rule publish:
    input:
        [published(experiment) for experiment in config["run"]],
        lambda _: published_claims(),
