# The records of a run, the copies that git keeps, and the comparison with what was published.


# It differs from run to run, so no result is made from it: only the two records below, which say the same in other
# forms, and which are stale whenever it is.
rule provenance:
    input:
        lambda wildcards: outputs(wildcards.experiment),
    output:
        "results/{experiment}/provenance.json",
    log:
        "results/logs/{experiment}/provenance.log",
    params:
        code=code("provenance"),
        origins=origins,
        config=lambda wildcards: config_as_used(wildcards.experiment),
        models=models,
    script:
        "../scripts/provenance.py"


rule ro_crate:
    input:
        provenance="results/{experiment}/provenance.json",
        citation=of_project("CITATION.cff"),
    output:
        "results/{experiment}/ro-crate-metadata.json",
    log:
        "results/logs/{experiment}/ro_crate.log",
    params:
        code=code("ro_crate"),
    script:
        "../scripts/ro_crate.py"


# The checksums that git keeps. `verify` does not take them as an input: it would make them again before it compares.
rule manifest:
    input:
        "results/{experiment}/provenance.json",
    output:
        "results/published/{experiment}/manifest.json",
    log:
        "results/logs/{experiment}/manifest.log",
    params:
        code=code("manifest"),
        edited=lambda wildcards: edited(
            f"{wildcards.experiment}/manifest.json", f"results/{wildcards.experiment}/provenance.json"
        ),
    script:
        "../scripts/manifest.py"


# The checksums of a folder that is made of several experiments.
use rule manifest as manifest_of_several with:
    input:
        in_manifest,
    output:
        "results/published/{folder}/manifest.json",
    log:
        "results/logs/{folder}/manifest_of_several.log",
    wildcard_constraints:
        folder="claims|draw|hero",
    params:
        edited=lambda wildcards: edited(f"{wildcards.folder}/manifest.json", *in_manifest(wildcards)),


# A copy of a table or figure for git; no other rule makes one.
rule publish_file:
    input:
        "results/{experiment}/{file}",
    output:
        "results/published/{experiment}/{file}",
    log:
        "results/logs/{experiment}/publish_file.{file}.log",
    wildcard_constraints:
        file=any_of(sorted({path.split("/", 2)[2] for name in EXPERIMENTS for path in summaries(name)})),
    params:
        edited=lambda wildcards: edited(f"{wildcards.experiment}/{wildcards.file}"),
    shell:
        "cp {input} {output} 2> {log}"


# What is there, and what `publish` adds.
rule publish_index:
    """The index of results/published/, which `publish` writes as well."""
    output:
        "results/published/README.md",
    log:
        "results/logs/publish_index.log",
    params:
        code=code("publish_index"),
        files=lambda _: sorted({*files_below("results/published"), *map(below_published, to_publish())}),
    script:
        "../scripts/publish_index.py"


rule publish:
    """Copies of tables, figures and metrics for git, in results/published/, with the checksums of the whole run."""
    input:
        lambda _: to_publish(),
        "results/published/README.md",


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
