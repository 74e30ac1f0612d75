# From the prepared data to the weights of the teacher and of every arm's student.


# All distillation waits for the teachers, so they go first; training goes before short jobs.
rule train_teacher:
    input:
        data=prepared_data,
    output:
        model="results/{experiment}/seed-{seed}/teacher/model.safetensors",
        history="results/{experiment}/seed-{seed}/teacher/history.csv",
    log:
        "results/logs/{experiment}/seed-{seed}/train_teacher.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/train_teacher.tsv"
    priority: 3
    threads: processors_for(TEACHERS) * CORES_PER_PROCESSOR
    resources:
        mem_mb=2000,
        runtime=training_minutes(teachers_recipe),
        processors=processors_for(TEACHERS),
        gpu=GPUS,
    params:
        code=code("train_teacher"),
        origins=origins,
        compute=compute,
        normalisation=normalisation,
        classes=classes,
        held_out=held_out,
        recipe=teachers_recipe,
        seed=lambda wildcards: int(wildcards.seed),
    script:
        "../scripts/train_teacher.py"


rule soft_targets:
    input:
        data=prepared_data,
        model="results/{experiment}/seed-{seed}/teacher/model.safetensors",
    output:
        "results/{experiment}/seed-{seed}/teacher/logits.safetensors",
    log:
        "results/logs/{experiment}/seed-{seed}/soft_targets.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/soft_targets.tsv"
    priority: 2
    threads: CORES_PER_PROCESSOR
    resources:
        mem_mb=2000,
    params:
        code=code("soft_targets"),
        origins=origins,
        compute=compute,
        normalisation=normalisation,
    script:
        "../scripts/soft_targets.py"


rule train_student:
    input:
        data=prepared_data,
        teacher_logits=teacher_logits,
    output:
        model="results/{experiment}/seed-{seed}/{arm}/model.safetensors",
        history="results/{experiment}/seed-{seed}/{arm}/history.csv",
    log:
        "results/logs/{experiment}/seed-{seed}/train_student.{arm}.log",
    benchmark:
        "results/benchmarks/{experiment}/seed-{seed}/train_student.{arm}.tsv"
    priority: 1
    threads: processors_for(STUDENTS) * CORES_PER_PROCESSOR
    resources:
        mem_mb=2000,
        runtime=training_minutes(students_recipe),
        processors=processors_for(STUDENTS),
        gpu=GPUS,
    params:
        code=code("train_student"),
        origins=origins,
        compute=compute,
        normalisation=normalisation,
        classes=classes,
        held_out=held_out,
        recipe=students_recipe,
        seed=lambda wildcards: int(wildcards.seed),
        omit=lambda wildcards: arm_of(wildcards)["omit"],
        search=lambda wildcards: bool({"sweep", "search"} & experiment_of(wildcards).keys()),
        distillation=lambda wildcards: experiments.distillation(experiment_of(wildcards), wildcards.arm),
    script:
        "../scripts/train_student.py"
