# From the numbers of an experiment to its figures.


rule bar_plot:
    input:
        metrics="results/{experiment}/metrics.csv",
        published=published_table,
    output:
        png="results/{experiment}/bar_plot.png",
        svg=report(
            "results/{experiment}/bar_plot.svg", caption="../report/bar_plot.rst", **listed("accuracy per class")
        ),
    log:
        "results/logs/{experiment}/bar_plot.log",
    benchmark:
        "results/benchmarks/{experiment}/bar_plot.tsv"
    params:
        code=code("bar_plot"),
        note=note,
        labels=labels,
        names=class_names,
        omitted=omitted,
    script:
        "../scripts/bar_plot.py"


rule confusion:
    input:
        metrics=for_each_model("metrics.json", models),
    output:
        png="results/{experiment}/confusion.png",
        svg=report(
            "results/{experiment}/confusion.svg", caption="../report/confusion.rst", **listed("confusion matrices")
        ),
    log:
        "results/logs/{experiment}/confusion.log",
    benchmark:
        "results/benchmarks/{experiment}/confusion.tsv"
    params:
        code=code("confusion"),
        origins=origins,
        note=note,
        labels=labels,
        names=class_names,
        omitted=omitted,
        seeds=seeds,
    script:
        "../scripts/confusion.py"


rule bias_curve:
    input:
        bias="results/{experiment}/bias.csv",
        curves=for_each_model("bias_curve.csv", biased_arms),
        records=for_each_model("bias.json", biased_arms),
    output:
        png="results/{experiment}/bias_curve.png",
        svg=report(
            "results/{experiment}/bias_curve.svg",
            caption="../report/bias_curve.rst",
            **listed("accuracy along the shift"),
        ),
    log:
        "results/logs/{experiment}/bias_curve.log",
    benchmark:
        "results/benchmarks/{experiment}/bias_curve.tsv"
    params:
        code=code("bias_curve"),
        origins=origins,
        note=note,
        labels=labels,
        names=class_names,
        seeds=seeds,
        classes=shifted_classes,
        omitted=lambda wildcards: {arm: omitted(wildcards)[arm] for arm in biased_arms(wildcards)},
        n_classes=classes,
    script:
        "../scripts/bias_curve.py"


rule learning_curves:
    input:
        histories=for_each_model("history.csv", lambda wildcards: [wildcards.model]),
        models=for_each_model("model.safetensors", lambda wildcards: [wildcards.model]),
        published=published_history,
    output:
        png="results/{experiment}/learning_curves/{model}.png",
        svg=report(
            "results/{experiment}/learning_curves/{model}.svg",
            caption="../report/learning_curves.rst",
            **listed("learning curves"),
        ),
    log:
        "results/logs/{experiment}/learning_curves.{model}.log",
    benchmark:
        "results/benchmarks/{experiment}/learning_curves.{model}.tsv"
    wildcard_constraints:
        model=any_of([experiments.TEACHER, *ARMS]),
    params:
        code=code("learning_curves"),
        origins=origins,
        note=note,
        labels=labels,
    script:
        "../scripts/learning_curves.py"


rule compare_learning_curves:
    input:
        histories=for_each_model("history.csv", trained_labels),
        models=for_each_model("model.safetensors", trained_labels),
        published=published_history,
    output:
        png="results/{experiment}/learning_curves/comparison.png",
        svg=report(
            "results/{experiment}/learning_curves/comparison.svg",
            caption="../report/comparison.rst",
            **listed("learning curves together"),
        ),
    log:
        "results/logs/{experiment}/compare_learning_curves.log",
    benchmark:
        "results/benchmarks/{experiment}/compare_learning_curves.tsv"
    params:
        code=code("compare_learning_curves"),
        origins=origins,
        note=note,
        labels=trained_labels,
        seeds=seeds,
    script:
        "../scripts/compare_learning_curves.py"


rule unseen_digits:
    input:
        data=prepared_data,
        plain=at_first_seed("{arm}/model.safetensors"),
        biased=at_first_seed("{arm}+bias/model.safetensors"),
    output:
        png="results/{experiment}/unseen_digits/{arm}.png",
        svg=report(
            "results/{experiment}/unseen_digits/{arm}.svg",
            caption="../report/unseen_digits.rst",
            **listed("unseen digits", first_seed=True),
        ),
    log:
        "results/logs/{experiment}/unseen_digits.{arm}.log",
    benchmark:
        "results/benchmarks/{experiment}/unseen_digits.{arm}.tsv"
    wildcard_constraints:
        arm=any_of(BIASED_ARMS),
    params:
        code=code("unseen_digits"),
        origins=origins,
        note=note,
        normalisation=normalisation,
        held_out=held_out,
        omitted=lambda wildcards: arm_of(wildcards)["omit"],
        bias=bias_of,
        labels=labels,
        names=class_names,
        seed=lambda wildcards: seeds(wildcards)[0],
    script:
        "../scripts/unseen_digits.py"
