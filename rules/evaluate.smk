# From the weights to one table of class-wise accuracies.


rule inject_bias:
    input:
        "results/{experiment}/seed-{seed}/{arm}/model.safetensors",
    output:
        "results/{experiment}/seed-{seed}/{arm}+bias/model.safetensors",
    log:
        "results/logs/{experiment}/seed-{seed}/inject_bias.{arm}.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/inject_bias.{arm}.tsv"
    wildcard_constraints:
        arm="|".join(BIASED_ARMS) or "(?!)",
    conda:
        "../envs/environment.yaml"
    params:
        code=code("inject_bias"),
        classes=lambda wildcards: bias_of(wildcards)["classes"],
        value=lambda wildcards: bias_of(wildcards)["value"],
    script:
        "../scripts/inject_bias.py"


rule evaluate:
    input:
        data=prepared_data,
        model="results/{experiment}/seed-{seed}/{model}/model.safetensors",
    output:
        "results/{experiment}/seed-{seed}/{model}/metrics.json",
    log:
        "results/logs/{experiment}/seed-{seed}/evaluate.{model}.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/evaluate.{model}.tsv"
    conda:
        "../envs/environment.yaml"
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
            "results/{experiment}/seed-{seed}/{model}/metrics.json",
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
    conda:
        "../envs/environment.yaml"
    params:
        code=code("summarize"),
        seeds=seeds,
        models=models,
    script:
        "../scripts/summarize.py"
