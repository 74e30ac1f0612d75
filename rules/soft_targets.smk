# From the teachers' soft targets to what they say of a class that a student never sees.


rule draw_soft_targets:
    input:
        data=prepared_data,
        logits=for_each_model("logits.safetensors", lambda wildcards: [experiments.TEACHER]),
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
    params:
        code=code("draw_soft_targets"),
        origins=origins,
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        omitted=lambda wildcards: arm_of(wildcards)["omit"][0],
        temperature=lambda wildcards: experiments.distillation(experiment_of(wildcards), wildcards.arm)["temperature"],
        labels=labels,
        names=class_names,
        seed=lambda wildcards: seeds(wildcards)[0],
    script:
        "../scripts/draw_soft_targets.py"


rule soft_target_mass:
    input:
        data=prepared_data,
        bias="results/{experiment}/bias.csv",
        logits=lambda wildcards: [
            teacher_logits_of(wildcards, arm, seed)
            for arm in arms_to_compare_by_mass(wildcards.experiment)
            for seed in seeds(wildcards)
        ],
    output:
        csv="results/{experiment}/soft_target_mass.csv",
        md="results/{experiment}/soft_target_mass.md",
        png="results/{experiment}/soft_target_mass.png",
        svg=report(
            "results/{experiment}/soft_target_mass.svg",
            caption="../report/soft_target_mass.rst",
            **listed("soft targets and the unseen class"),
        ),
        html=report(
            "results/{experiment}/soft_target_mass.html",
            caption="../report/soft_target_mass.rst",
            **listed("soft targets, table"),
        ),
    log:
        "results/logs/{experiment}/soft_target_mass.log",
    benchmark:
        "results/benchmarks/{experiment}/soft_target_mass.tsv"
    params:
        code=code("soft_target_mass"),
        origins=origins,
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        labels=labels,
        names=class_names,
        seeds=seeds,
        arms=omitted_and_temperature,
    script:
        "../scripts/soft_target_mass.py"
