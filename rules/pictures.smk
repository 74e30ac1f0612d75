# What people would rather look at than read: digits, and what the networks take them for.


rule unseen_digits:
    input:
        data=prepared_data,
        plain=lambda wildcards: at_first_seed("{arm}/model.safetensors", wildcards),
        biased=lambda wildcards: at_first_seed("{arm}+bias/model.safetensors", wildcards),
    output:
        png="results/{experiment}/unseen_digits/{arm}.png",
        svg=report(
            "results/{experiment}/unseen_digits/{arm}.svg",
            caption="../report/unseen_digits.rst",
            **listed("digits never seen in training", first_seed=True),
        ),
    log:
        "results/logs/{experiment}/unseen_digits.{arm}.log",
    benchmark:
        "results/benchmarks/{experiment}/unseen_digits.{arm}.tsv"
    wildcard_constraints:
        arm=any_of(BIASED_ARMS),
    conda:
        "../envs/environment.yaml"
    params:
        code=code("unseen_digits"),
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        omitted=lambda wildcards: arm_of(wildcards)["omit"],
        bias=bias_of,
        labels=labels,
        seed=lambda wildcards: seeds(wildcards)[0],
    script:
        "../scripts/unseen_digits.py"


rule draw_soft_targets:
    input:
        data=prepared_data,
        logits=lambda wildcards: for_each_model(
            "results/{experiment}/seed-{seed}/{model}/logits.safetensors", wildcards, [experiments.TEACHER]
        ),
    output:
        png="results/{experiment}/soft_targets/{arm}.png",
        svg=report(
            "results/{experiment}/soft_targets/{arm}.svg",
            caption="../report/soft_targets.rst",
            **listed("what the soft targets say"),
        ),
    log:
        "results/logs/{experiment}/draw_soft_targets.{arm}.log",
    benchmark:
        "results/benchmarks/{experiment}/draw_soft_targets.{arm}.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("draw_soft_targets"),
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        omitted=lambda wildcards: arm_of(wildcards)["omit"][0],
        temperature=lambda wildcards: experiments.distillation(experiment_of(wildcards), wildcards.arm)["temperature"],
        labels=labels,
        seed=lambda wildcards: seeds(wildcards)[0],
    script:
        "../scripts/draw_soft_targets.py"


rule confusion:
    input:
        metrics=lambda wildcards: for_each_model(
            "results/{experiment}/seed-{seed}/{model}/metrics.json", wildcards, models(wildcards)
        ),
    output:
        png="results/{experiment}/confusion.png",
        svg=report(
            "results/{experiment}/confusion.svg", caption="../report/confusion.rst", **listed("confusion matrices")
        ),
    log:
        "results/logs/{experiment}/confusion.log",
    benchmark:
        "results/benchmarks/{experiment}/confusion.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("confusion"),
        note=note,
        labels=labels,
        omitted=omitted,
        seeds=seeds,
    script:
        "../scripts/confusion.py"
