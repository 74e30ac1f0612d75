# How fast all this is on this machine. No part of a run; nothing else should run beside it.
BENCHMARKED = "notebook"  # the experiment by which the speed is measured


def benchmarked():
    return config["experiments"][BENCHMARKED]


def benchmarked_data():
    return config["datasets"][benchmarked()["dataset"]]


rule speed:
    """How fast the pipeline is on this machine, beside its matrix products and a usual loop; 20 minutes, alone."""
    input:
        unpack(lambda _: {name: path.format(**benchmarked()) for name, path in IDX_FILES.items()}),
        data=lambda _: f"results/data/{benchmarked()['dataset']}.safetensors",
        loop="benchmarks/conventional_loop.py",
        step="benchmarks/training_step.py",
    output:
        csv="results/speed/speed.csv",
        md="results/speed/speed.md",
    log:
        "results/logs/speed/speed.log",
    conda:
        "../envs/environment.yaml"
    threads: CORES
    params:
        code=code("speed"),
        turns=3,
        seeds=lambda _: experiments.seeds(config, BENCHMARKED),
        other_bias=lambda _: {
            BENCHMARKED: {"bias": {arm: {"value": -block["value"]} for arm, block in benchmarked()["bias"].items()}}
        },
        shape=lambda _: training_images(benchmarked_data()),
        settings=lambda _: {
            "recipes": {"teacher": benchmarked()["teacher"], "student": benchmarked()["student"]},
            "arms": benchmarked()["arms"],
            "distillation": benchmarked()["distillation"],
            "classes": benchmarked_data()["classes"],
            "normalisation": {key: benchmarked_data()[key] for key in ("mean", "std")},
            "compute": config["compute"],
        },
    script:
        "../scripts/speed.py"


rule scale:
    """What a grid of students costs beside their training, by their number; 20 minutes, alone."""
    input:
        data=lambda _: f"results/data/{benchmarked()['dataset']}.safetensors",
    output:
        csv="results/scale/scale.csv",
        md="results/scale/scale.md",
        png="results/scale/scale.png",
        svg="results/scale/scale.svg",
    log:
        "results/logs/scale/scale.log",
    conda:
        "../envs/environment.yaml"
    threads: CORES
    params:
        code=code("scale"),
        students=[10, 50, 200],
        planned=[100, 300, 1000],
    script:
        "../scripts/scale.py"


use rule publish_file as publish_speed with:
    input:
        "results/{kind}/{file}",
    output:
        "results/published/{kind}/{file}",
    log:
        "results/logs/{kind}/publish_speed.{file}.log",
    wildcard_constraints:
        kind="speed|scale",
        file=r"(speed|scale)\.\w+",
