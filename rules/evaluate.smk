# From the weights to one table of accuracies per class, and from the trainings to one of their epochs; on one thread, as
# in shift.smk.


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
    script:
        "../scripts/evaluate.py"


rule summarize:
    input:
        metrics=for_each_seed("metrics.json", models),
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


rule summarize_histories:
    input:
        histories=for_each_seed("history.csv", trained_labels),
        models=for_each_seed("model.safetensors", trained_labels),
    output:
        "results/{experiment}/histories.csv",
    log:
        "results/logs/{experiment}/summarize_histories.log",
    benchmark:
        "results/benchmarks/{experiment}/summarize_histories.tsv"
    params:
        code=code("summarize_histories"),
        origins=origins,
        note=note,
        seeds=seeds,
        models=lambda wildcards: list(trained_labels(wildcards)),
    script:
        "../scripts/summarize_histories.py"
