# From the numbers to pages for a browser.


# One curve is enough: the shifts are the same in all.
rule explore:
    input:
        metrics="results/{experiment}/metrics.csv",
        data=lambda wildcards: prepared_data(wildcards) if explored_arms(wildcards) else [],
        models=for_each_model("model.safetensors", explored_arms),
        records=for_each_model("bias.json", explored_arms),
        curves=lambda wildcards: for_each_model("bias_curve.csv", explored_arms)(wildcards)[:1],
        published=lambda wildcards: published_table(wildcards) if explored_arms(wildcards) else [],
    output:
        report(
            "results/{experiment}/explore.html",
            caption="../report/explore.rst",
            **listed("explore: raise the bias yourself"),
        ),
    log:
        "results/logs/{experiment}/explore.log",
    benchmark:
        "results/benchmarks/{experiment}/explore.tsv"
    params:
        code=code("explore"),
        origins=origins,
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        labels=labels,
        names=class_names,
        omitted=lambda wildcards: {arm: omitted(wildcards)[arm] for arm in explored_arms(wildcards)},
        sweep=explored_sweep,
        digits=lambda wildcards: experiment_of(wildcards)["dataset"] == "mnist",
    script:
        "../scripts/explore.py"


# Snakemake reports on finished jobs only. The script therefore starts another Snakemake to report on the inputs of this
# rule, with the config of this run; it takes no lock and does not come back to this rule.
rule report:
    """Every figure and table of the experiments in `run`, with what to see in it, in one file: results/report.html."""
    input:
        results=lambda _: in_report(),
        captions=sorted(map(of_project, (PROJECT / "report").glob("*.rst"))),
    output:
        "results/report.html",
    log:
        "results/logs/report.log",
    benchmark:
        "results/benchmarks/report.tsv"
    params:
        code=code("report"),
        config=config,
        snakefile=workflow.main_snakefile,
    script:
        "../scripts/report.py"


# What is published is no input, but a param by content: as an input, Snakemake would train what it was made from.
rule site:
    """Pages to open from disk or to put on the web, of all that is in results/published/: results/site/index.html."""
    output:
        directory("results/site"),
    log:
        "results/logs/site.log",
    benchmark:
        "results/benchmarks/site.tsv"
    params:
        code=code("build_site"),
        published="results/published",
        project=of_project("."),
        content=lambda _: fingerprints_below(["results/published"]),
        sources=lambda _: fingerprints_below(
            map(of_project, ("report", "reference", "rules", "scripts", "benchmarks", "Snakefile", "config.yaml"))
        ),
    script:
        "../scripts/build_site.py"
