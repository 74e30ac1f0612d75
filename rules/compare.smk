# From shifted biases, steps and sweeps to what their differences say.


rule bias_table:
    input:
        bias="results/{experiment}/bias.csv",
    output:
        md="results/{experiment}/bias.md",
        html=report(
            "results/{experiment}/bias.html", caption="../report/bias_table.rst", **listed("shifts of the bias, table")
        ),
    log:
        "results/logs/{experiment}/bias_table.log",
    benchmark:
        "results/benchmarks/{experiment}/bias_table.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("bias_table"),
        note=note,
        labels=labels,
        classes=shifted_classes,
    script:
        "../scripts/bias_table.py"


rule bias_curve:
    input:
        bias="results/{experiment}/bias.csv",
        curves=lambda wildcards: for_each_model(
            "results/{experiment}/seed-{seed}/{model}/bias_curve.csv", wildcards, biased_arms(wildcards)
        ),
    output:
        png="results/{experiment}/bias_curve.png",
        svg=report(
            "results/{experiment}/bias_curve.svg",
            caption="../report/bias_curve.rst",
            **listed("accuracy against the shift of the bias"),
        ),
    log:
        "results/logs/{experiment}/bias_curve.log",
    benchmark:
        "results/benchmarks/{experiment}/bias_curve.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("bias_curve"),
        note=note,
        labels=labels,
        seeds=seeds,
        classes=shifted_classes,
    script:
        "../scripts/bias_curve.py"


rule steps:
    input:
        bias="results/{experiment}/bias.csv",
    output:
        csv="results/{experiment}/steps.csv",
        md="results/{experiment}/steps.md",
        png="results/{experiment}/steps.png",
        svg=report("results/{experiment}/steps.svg", caption="../report/steps.rst", **listed("what each change does")),
        html=report(
            "results/{experiment}/steps.html",
            caption="../report/steps_table.rst",
            **listed("what each change does, table"),
        ),
    log:
        "results/logs/{experiment}/steps.log",
    benchmark:
        "results/benchmarks/{experiment}/steps.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("steps"),
        note=note,
        steps=lambda wildcards: experiments.steps_of(experiment_of(wildcards)),
        classes=lambda wildcards: next(iter(experiment_of(wildcards)["bias"].values()))["classes"],
        published=lambda wildcards: experiment_of(wildcards).get("published_accuracy", {}),
    script:
        "../scripts/steps.py"


rule sweep:
    input:
        metrics="results/{experiment}/metrics.csv",
    output:
        csv="results/{experiment}/sweep.csv",
        md="results/{experiment}/sweep.md",
        curves_png="results/{experiment}/sweep_curves.png",
        curves_svg=report(
            "results/{experiment}/sweep_curves.svg",
            caption="../report/sweep_curves.rst",
            **listed("errors along the sweep, curves"),
        ),
        map_png="results/{experiment}/heat_map.png",
        map_svg=report(
            "results/{experiment}/heat_map.svg",
            caption="../report/heat_map.rst",
            **listed("errors along the sweep, map"),
        ),
        html=report(
            "results/{experiment}/sweep.html",
            caption="../report/sweep_table.rst",
            **listed("errors along the sweep, table"),
        ),
    log:
        "results/logs/{experiment}/sweep.log",
    benchmark:
        "results/benchmarks/{experiment}/sweep.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("sweep"),
        note=note,
        students=lambda wildcards: experiments.swept_students(experiment_of(wildcards)),
        parameter=lambda wildcards: list(experiment_of(wildcards)["sweep"])[-1].partition(".")[2],
        published=lambda wildcards: experiment_of(wildcards).get("published_ranges", {}),
        held_out=held_out,
    script:
        "../scripts/sweep.py"


# An experiment beside the one that it says it is compared with: the models of both, paired by seed.
rule comparison:
    input:
        there=lambda wildcards: f"results/{experiment_of(wildcards)['compared_with']}/metrics.csv",
        here="results/{experiment}/metrics.csv",
    output:
        csv="results/{experiment}/comparison.csv",
        md="results/{experiment}/comparison.md",
        html=report(
            "results/{experiment}/comparison.html",
            caption="../report/comparison_table.rst",
            **listed("beside another experiment, table"),
        ),
    log:
        "results/logs/{experiment}/comparison.log",
    benchmark:
        "results/benchmarks/{experiment}/comparison.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("comparison"),
        note=note,
        labels=labels_in_both,
        names=lambda wildcards: [experiment_of(wildcards)["compared_with"], wildcards.experiment],
    script:
        "../scripts/comparison.py"
