# From the numbers of an experiment to its tables.


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
    params:
        code=code("table"),
        note=note,
        labels=labels,
        names=class_names,
    script:
        "../scripts/table.py"


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
    params:
        code=code("bias_table"),
        note=note,
        labels=labels,
        classes=shifted_names,
    script:
        "../scripts/bias_table.py"


# Students of this experiment and of others that never saw the same classes.
rule recipes:
    input:
        shifts=lambda wildcards: [f"results/{each['experiment']}/bias.csv" for each in recipes_of(wildcards)],
        records=lambda wildcards: [
            f"{folder_of(each['experiment'], seed)}/{each['arm']}/bias.json"
            for each in recipes_of(wildcards)
            for seed in each["seeds"]
        ],
    output:
        csv="results/{experiment}/recipes.csv",
        md="results/{experiment}/recipes.md",
        html=report(
            "results/{experiment}/recipes.html",
            caption="../report/recipes.rst",
            **listed("recipes side by side, table"),
        ),
    log:
        "results/logs/{experiment}/recipes.log",
    benchmark:
        "results/benchmarks/{experiment}/recipes.tsv"
    params:
        code=code("recipes"),
        origins=origins,
        note=note,
        students=recipes_of,
        classes=shifted_by_recipes,
    script:
        "../scripts/recipes.py"


# An experiment and the one in its `compared_with`: the models they share, paired by seed.
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
            **listed("against another, table"),
        ),
    log:
        "results/logs/{experiment}/comparison.log",
    benchmark:
        "results/benchmarks/{experiment}/comparison.tsv"
    params:
        code=code("comparison"),
        note=note,
        labels=labels_in_both,
        names=lambda wildcards: [experiment_of(wildcards)["compared_with"], wildcards.experiment],
    script:
        "../scripts/comparison.py"
