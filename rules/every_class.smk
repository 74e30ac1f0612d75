# From the students that each never saw one class to how well every class is recognised, and what taught it.


rule every_class:
    input:
        data=prepared_data,
        bias="results/{experiment}/bias.csv",
        records=for_each_model("bias.json", biased_arms),
    output:
        csv="results/{experiment}/every_class.csv",
        md="results/{experiment}/every_class.md",
        png="results/{experiment}/every_class.png",
        svg=report(
            "results/{experiment}/every_class.svg",
            caption="../report/every_class.rst",
            **listed("every class left out in turn"),
        ),
        html=report(
            "results/{experiment}/every_class.html",
            caption="../report/every_class.rst",
            **listed("every class left out in turn, table"),
        ),
    log:
        "results/logs/{experiment}/every_class.log",
    benchmark:
        "results/benchmarks/{experiment}/every_class.tsv"
    params:
        code=code("every_class"),
        origins=origins,
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        names=class_names,
        seeds=seeds,
        classes=left_out_classes,
        value=lambda wildcards: experiment_of(wildcards)["every_class"]["bias"],
    script:
        "../scripts/every_class.py"


rule soft_target_map:
    input:
        data=prepared_data,
        bias="results/{experiment}/bias.csv",
        records=for_each_model("bias.json", biased_arms),
        logits=lambda wildcards: [
            teacher_logits_of(wildcards, next(iter(left_out_classes(wildcards))), seed) for seed in seeds(wildcards)
        ],
    output:
        csv="results/{experiment}/soft_target_map.csv",
        png="results/{experiment}/soft_target_map.png",
        svg=report(
            "results/{experiment}/soft_target_map.svg",
            caption="../report/soft_target_map.rst",
            **listed("whose images teach each class"),
        ),
    log:
        "results/logs/{experiment}/soft_target_map.log",
    benchmark:
        "results/benchmarks/{experiment}/soft_target_map.tsv"
    params:
        code=code("soft_target_map"),
        origins=origins,
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        names=class_names,
        seeds=seeds,
        classes=left_out_classes,
        temperature=lambda wildcards: experiment_of(wildcards)["distillation"]["temperature"],
    script:
        "../scripts/soft_target_map.py"


rule learned:
    input:
        data=prepared_data,
        teachers=lambda wildcards: [
            teacher_logits_of(wildcards, next(iter(left_out_classes(wildcards))), seed).replace("logits", "model")
            for seed in seeds(wildcards)
        ],
        students=for_each_model("model.safetensors", biased_arms),
        records=for_each_model("bias.json", biased_arms),
    output:
        csv="results/{experiment}/learned.csv",
        md="results/{experiment}/learned.md",
        png="results/{experiment}/learned.png",
        svg=report(
            "results/{experiment}/learned.svg",
            caption="../report/learned.rst",
            **listed("what the students learn"),
        ),
        html=report(
            "results/{experiment}/learned.html",
            caption="../report/learned.rst",
            **listed("what the students learn, table"),
        ),
    log:
        "results/logs/{experiment}/learned.log",
    benchmark:
        "results/benchmarks/{experiment}/learned.tsv"
    params:
        code=code("learned"),
        origins=origins,
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        names=class_names,
        seeds=seeds,
        classes=left_out_classes,
    script:
        "../scripts/learned.py"
