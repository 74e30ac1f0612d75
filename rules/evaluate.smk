# From the weights to one table of accuracies per class; on one thread, as in shift.smk.


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
    params:
        code=code("evaluate"),
        origins=origins,
        normalisation=normalisation,
        held_out=held_out,
        classes=classes,
    script:
        "../scripts/evaluate.py"


rule summarize:
    input:
        metrics=lambda wildcards: [
            f"{folder_of(wildcards.experiment, seed)}/{model}/metrics.json"
            for seed in seeds(wildcards)
            for model in models(wildcards)
        ],
    output:
        "results/{experiment}/metrics.csv",
    log:
        "results/logs/{experiment}/summarize.log",
    benchmark:
        "results/benchmarks/{experiment}/summarize.tsv"
    params:
        code=code("summarize"),
        origins=origins,
        note=note,
        seeds=seeds,
        models=models,
    script:
        "../scripts/summarize.py"
