# From the weights to one table of class-wise accuracies.


rule inject_bias:
    input:
        ARM + "/model.safetensors",
    output:
        BIASED + "/model.safetensors",
    log:
        "results/logs/{experiment}/seed-{seed}/inject_bias.{arm}.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/inject_bias.{arm}.tsv"
    wildcard_constraints:
        arm="|".join(BIASED_ARMS) or "(?!)",
    params:
        code=code("inject_bias"),
        classes=lambda wildcards: setting("bias", wildcards.arm, "classes")(wildcards),
        value=lambda wildcards: setting("bias", wildcards.arm, "value")(wildcards),
    script:
        "../scripts/inject_bias.py"


rule evaluate:
    input:
        data=prepared_data,
        model=MODEL + "/model.safetensors",
    output:
        MODEL + "/metrics.json",
    log:
        "results/logs/{experiment}/seed-{seed}/evaluate.{model}.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/evaluate.{model}.tsv"
    threads: CORES_PER_PROCESSOR
    params:
        code=code("evaluate"),
        normalisation=normalisation,
        classes=classes,
    script:
        "../scripts/evaluate.py"


rule summarize:
    input:
        metrics=lambda wildcards: expand(
            MODEL + "/metrics.json",
            experiment=wildcards.experiment,
            seed=seeds(wildcards),
            model=models(wildcards),
        ),
    output:
        "results/{experiment}/metrics.csv",
    log:
        "results/logs/{experiment}/summarize.log",
    benchmark:
        "results/benchmarks/{experiment}/summarize.tsv"
    params:
        code=code("summarize"),
        seeds=seeds,
        models=models,
    script:
        "../scripts/summarize.py"
