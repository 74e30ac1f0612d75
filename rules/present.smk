# From the numbers to what people look at.


rule table:
    input:
        metrics="results/{experiment}/metrics.csv",
        published=published_table,
    output:
        csv="results/{experiment}/table.csv",
        md="results/{experiment}/table.md",
        tex="results/{experiment}/table.tex",
        html=report(
            "results/{experiment}/table.html", caption="../report/table.rst", **listed("accuracy per class, table")
        ),
    log:
        "results/logs/{experiment}/table.log",
    benchmark:
        "results/benchmarks/{experiment}/table.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("table"),
        note=note,
        labels=labels,
    script:
        "../scripts/table.py"


rule bar_plot:
    input:
        metrics="results/{experiment}/metrics.csv",
    output:
        png="results/{experiment}/bar_plot.png",
        svg=report(
            "results/{experiment}/bar_plot.svg", caption="../report/bar_plot.rst", **listed("accuracy per class")
        ),
    log:
        "results/logs/{experiment}/bar_plot.log",
    benchmark:
        "results/benchmarks/{experiment}/bar_plot.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("bar_plot"),
        note=note,
        labels=labels,
        omitted=omitted,
    script:
        "../scripts/bar_plot.py"


rule learning_curves:
    input:
        histories=lambda wildcards: for_each_model(
            "results/{experiment}/seed-{seed}/{model}/history.csv", wildcards, [wildcards.model]
        ),
    output:
        png="results/{experiment}/learning_curves/{model}.png",
        svg=report(
            "results/{experiment}/learning_curves/{model}.svg",
            caption="../report/learning_curves.rst",
            **listed("learning curves"),
        ),
    log:
        "results/logs/{experiment}/learning_curves.{model}.log",
    benchmark:
        "results/benchmarks/{experiment}/learning_curves.{model}.tsv"
    wildcard_constraints:
        model=any_of([experiments.TEACHER, *ARMS]),
    conda:
        "../envs/environment.yaml"
    params:
        code=code("learning_curves"),
        note=note,
        labels=labels,
    script:
        "../scripts/learning_curves.py"


rule compare_learning_curves:
    input:
        histories=lambda wildcards: for_each_model(
            "results/{experiment}/seed-{seed}/{model}/history.csv", wildcards, trained_labels(wildcards)
        ),
    output:
        png="results/{experiment}/learning_curves/comparison.png",
        svg=report(
            "results/{experiment}/learning_curves/comparison.svg",
            caption="../report/comparison.rst",
            **listed("learning curves together"),
        ),
    log:
        "results/logs/{experiment}/compare_learning_curves.log",
    benchmark:
        "results/benchmarks/{experiment}/compare_learning_curves.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("compare_learning_curves"),
        note=note,
        labels=trained_labels,
        seeds=seeds,
    script:
        "../scripts/compare_learning_curves.py"


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
    conda:
        "../envs/environment.yaml"
    shell:
        "cp {input} {output} 2> {log}"
