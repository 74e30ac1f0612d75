# From the students of many recipes to the best of these, by successive halving: each rung trains one more set of students
# by the recipes that the rung before kept.


checkpoint rung:
    input:
        lambda wildcards: [
            f"{folder_of(wildcards.experiment, seed)}/{experiments.tried(arm, recipe)}/bias.json"
            for recipe in recipes_left(wildcards)
            for arm, seed in students_of_rung(wildcards)
        ],
    output:
        "results/{experiment}/rung-{rung}.csv",
    log:
        "results/logs/{experiment}/rung.{rung}.log",
    benchmark:
        "results/benchmarks/{experiment}/rung.{rung}.tsv"
    wildcard_constraints:
        rung=r"\d+",
    localrule: True  # what comes next in the queue waits for it
    params:
        code=code("rung"),
        origins=origins,
        note=note,
        recipes=lambda wildcards: list(recipes_left(wildcards)),
        students=students_of_rung,
        kept=left_after,
    script:
        "../scripts/rung.py"


rule halving:
    input:
        lambda wildcards: rungs_of(wildcards.experiment),
    output:
        csv="results/{experiment}/halving.csv",
        md="results/{experiment}/halving.md",
        found="results/{experiment}/found.json",
        png="results/{experiment}/halving.png",
        svg=report(
            "results/{experiment}/halving.svg",
            caption="../report/halving.rst",
            **listed("the search for a recipe"),
        ),
        html=report(
            "results/{experiment}/halving.html",
            caption="../report/halving.rst",
            **listed("the search for a recipe, table"),
        ),
    log:
        "results/logs/{experiment}/halving.log",
    benchmark:
        "results/benchmarks/{experiment}/halving.tsv"
    params:
        code=code("halving"),
        note=note,
        recipes=lambda wildcards: experiments.drawn(experiment_of(wildcards)),
        values=lambda wildcards: experiment_of(wildcards)["search"]["values"],
        trained=lambda wildcards: [rung["students"] for rung in experiment_of(wildcards)["search"]["rungs"]],
        students=lambda wildcards: experiments.scoring_students(experiment_of(wildcards), seeds(wildcards)),
        omitted=lambda wildcards: {
            experiments.base(arm): block["omit"] for arm, block in experiment_of(wildcards)["arms"].items()
        },
        names=class_names,
        held_out=held_out,
    script:
        "../scripts/halving.py"
