# From the weights of a student to shifts of its output bias. The last bits of NumPy's matrix products depend on the number
# of threads. Snakemake sets it to the job's: one, at any --cores.


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
        arm=any_of(BIASED_ARMS),
    params:
        code=code("inject_bias"),
        origins=origins,
        classes=lambda wildcards: bias_of(wildcards)["classes"],
        value=lambda wildcards: bias_of(wildcards)["value"],
    script:
        "../scripts/inject_bias.py"


# What each way to choose a shift does: as configured, from the training images, from the test images.
rule choose_bias:
    input:
        data=prepared_data,
        model="results/{experiment}/seed-{seed}/{arm}/model.safetensors",
    output:
        record="results/{experiment}/seed-{seed}/{arm}/bias.json",
        curve="results/{experiment}/seed-{seed}/{arm}/bias_curve.csv",
    log:
        "results/logs/{experiment}/seed-{seed}/choose_bias.{arm}.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/choose_bias.{arm}.tsv"
    wildcard_constraints:
        arm=any_of(BIASED_ARMS),
    resources:
        mem_mb=1000,
    params:
        code=code("choose_bias"),
        origins=origins,
        normalisation=normalisation,
        held_out=held_out,
        shifted=lambda wildcards: bias_of(wildcards)["classes"],
        value=lambda wildcards: bias_of(wildcards)["value"],
    script:
        "../scripts/choose_bias.py"


rule summarize_bias:
    input:
        records=for_each_model("bias.json", biased_arms),
    output:
        "results/{experiment}/bias.csv",
    log:
        "results/logs/{experiment}/summarize_bias.log",
    benchmark:
        "results/benchmarks/{experiment}/summarize_bias.tsv"
    params:
        code=code("summarize_bias"),
        origins=origins,
        note=note,
        seeds=seeds,
        arms=biased_arms,
    script:
        "../scripts/summarize_bias.py"
