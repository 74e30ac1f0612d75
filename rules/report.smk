# What people look at, in one HTML file: `snakemake report`. The plain `snakemake --report` makes it too, of what is there.


# Snakemake makes its report of finished jobs. The script therefore has another Snakemake report on the inputs of this
# rule, with the config of this one, whatever it was made of: that takes no lock, and does not come back to this rule.
rule report:
    """Every figure and table of the experiments in `run`, with what to see in it, in one file: results/report.html."""
    input:
        results=lambda _: in_report(),
        captions=sorted(str(path.relative_to(PROJECT)) for path in (PROJECT / "report").glob("*.rst")),
    output:
        "results/report.html",
    log:
        "results/logs/report.log",
    benchmark:
        "results/benchmarks/report.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("report"),
        config=config,
        snakefile=workflow.main_snakefile,
    script:
        "../scripts/report.py"
