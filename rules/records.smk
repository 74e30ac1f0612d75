# What the results are of, the copies that git keeps, and whether they are what was published.


# It differs from run to run, and no result is made from it.
rule provenance:
    input:
        lambda wildcards: outputs(wildcards.experiment),
    output:
        "results/{experiment}/provenance.json",
    log:
        "results/logs/{experiment}/provenance.log",
    params:
        code=code("provenance"),
        config=lambda wildcards: config_as_used(wildcards.experiment),
        models=models,
    script:
        "../scripts/provenance.py"


# It names provenance.json as well, but does not wait for it: that differs from run to run.
rule ro_crate:
    input:
        results=lambda wildcards: outputs(wildcards.experiment),
        citation=of_project("CITATION.cff"),
    output:
        "results/{experiment}/ro-crate-metadata.json",
    log:
        "results/logs/{experiment}/ro_crate.log",
    params:
        code=code("ro_crate"),
        config=lambda wildcards: config_as_used(wildcards.experiment),
    script:
        "../scripts/ro_crate.py"


# The checksums that git keeps of an experiment. It is no input of `verify`, which would else make anew what it compares
# with.
rule manifest:
    input:
        lambda wildcards: outputs(wildcards.experiment),
    output:
        "results/published/{experiment}/manifest.json",
    log:
        "results/logs/{experiment}/manifest.log",
    params:
        code=code("manifest"),
        config=lambda wildcards: config_as_used(wildcards.experiment),
    script:
        "../scripts/manifest.py"


# The tables and figures that git keeps: a copy, made by this rule alone.
rule publish_file:
    input:
        "results/{experiment}/{file}",
    output:
        "results/published/{experiment}/{file}",
    log:
        "results/logs/{experiment}/publish_file.{file}.log",
    wildcard_constraints:
        file=any_of(sorted({path.split("/", 2)[2] for name in EXPERIMENTS for path in summaries(name)})),
    shell:
        "cp {input} {output} 2> {log}"


rule publish:
    """Copies of tables, figures and metrics for git, in results/published/, with the checksums of the whole run."""
    input:
        [published(experiment) for experiment in config["run"]],
        lambda _: published_claims(),


# Without outputs, it runs whenever it is asked for.
rule verify:
    """Compare what was computed here with results/published/: identical, equivalent or different."""
    input:
        records=[records(experiment) for experiment in config["run"]],
        results=[outputs(experiment) for experiment in config["run"]],
    log:
        "results/logs/verify.log",
    params:
        published="results/published",
        attestation="results/attestation.json",
        experiments={experiment: config_as_used(experiment) for experiment in config["run"]},
    script:
        "../scripts/verify.py"
