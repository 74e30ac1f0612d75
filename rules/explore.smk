# A page to try the numbers on: shifts of a bias, or the students of a sweep.


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
