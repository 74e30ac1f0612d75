# A page to try the numbers on: shifts of a bias, or the students of a sweep.


def explored_arms(wildcards):
    """The arms whose bias can be dragged; of a sweep, which has too many for one page, none."""
    return [] if "sweep" in experiment_of(wildcards) else biased_arms(wildcards)


def of_explored_arms(file):
    """An input function: a file of each such arm, all seeds of an arm side by side."""
    return lambda wildcards: for_each_model(
        f"results/{{experiment}}/seed-{{seed}}/{{model}}/{file}", wildcards, explored_arms(wildcards)
    )


def explored_sweep(wildcards):
    """The last parameter of an experiment's sweep and the students along it; nothing, if it has none."""
    block = experiment_of(wildcards)
    if "sweep" not in block:
        return None
    return {"parameter": list(block["sweep"])[-1].partition(".")[2], "students": experiments.swept_students(block)}


# Of the curves, one is enough: the shifts are the same in all.
rule explore:
    input:
        metrics="results/{experiment}/metrics.csv",
        data=lambda wildcards: prepared_data(wildcards) if explored_arms(wildcards) else [],
        models=of_explored_arms("model.safetensors"),
        records=of_explored_arms("bias.json"),
        curves=lambda wildcards: of_explored_arms("bias_curve.csv")(wildcards)[:1],
    output:
        report(
            "results/{experiment}/explore.html",
            caption="../report/explore.rst",
            **listed("a page to try the numbers on"),
        ),
    log:
        "results/logs/{experiment}/explore.log",
    benchmark:
        "results/benchmarks/{experiment}/explore.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("explore"),
        normalisation=normalisation,
        held_out=held_out,
        labels=labels,
        omitted=lambda wildcards: {arm: omitted(wildcards)[arm] for arm in explored_arms(wildcards)},
        sweep=explored_sweep,
    script:
        "../scripts/explore.py"
