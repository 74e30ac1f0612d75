# From the students of an ablation, a sweep or a crossing to its table and figures.


rule steps:
    input:
        bias="results/{experiment}/bias.csv",
        records=for_each_model("bias.json", biased_arms),
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
    params:
        code=code("steps"),
        origins=origins,
        note=note,
        arms=biased_arms,
        seeds=seeds,
        steps=lambda wildcards: experiments.steps_of(experiment_of(wildcards)),
        classes=first_shifted,
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
        differences_png="results/{experiment}/differences.png",
        differences_svg=report(
            "results/{experiment}/differences.svg",
            caption="../report/differences.rst",
            **listed("errors along the sweep, differences"),
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
    params:
        code=code("sweep"),
        note=note,
        students=lambda wildcards: experiments.swept_students(experiment_of(wildcards)),
        parameter=lambda wildcards: list(experiment_of(wildcards)["sweep"])[-1].partition(".")[2],
        published=lambda wildcards: experiment_of(wildcards).get("published_ranges", {}),
        held_out=held_out,
    script:
        "../scripts/sweep.py"


rule crossed:
    input:
        bias="results/{experiment}/bias.csv",
    output:
        csv="results/{experiment}/crossed.csv",
        md="results/{experiment}/crossed.md",
        png="results/{experiment}/crossed.png",
        svg=report(
            "results/{experiment}/crossed.svg",
            caption="../report/crossed.rst",
            **listed("teachers crossed with students"),
        ),
        html=report(
            "results/{experiment}/crossed.html",
            caption="../report/crossed.rst",
            **listed("teachers crossed with students, table"),
        ),
    log:
        "results/logs/{experiment}/crossed.log",
    benchmark:
        "results/benchmarks/{experiment}/crossed.tsv"
    params:
        code=code("crossed"),
        note=note,
        label=lambda wildcards: next(iter(config["experiments"][wildcards.experiment]["arms"].values()))["label"],
        arms=lambda wildcards: list(experiment_of(wildcards)["arms"]),
        classes=first_shifted,
        seeds=seeds,
        teacher_seeds=lambda wildcards: experiment_of(wildcards)["teacher_seeds"],
    script:
        "../scripts/crossed.py"
