# How fast all this is on this machine: `snakemake --cores 4 speed scale`. No part of a run: each takes a quarter of an
# hour or more, in which nothing else should run.
BENCHMARKED = config["experiments"]["notebook"]
BENCHMARK_DATA = config["datasets"][BENCHMARKED["dataset"]]


rule speed:
    input:
        **{name: path.format(dataset=BENCHMARKED["dataset"]) for name, path in IDX_FILES.items()},
        data=f"results/data/{BENCHMARKED['dataset']}.safetensors",
        loop="benchmarks/conventional_loop.py",
        step="benchmarks/training_step.py",
    output:
        csv="results/speed/speed.csv",
        md="results/speed/speed.md",
    log:
        "results/logs/speed/speed.log",
    conda:
        "../envs/environment.yaml"
    threads: workflow.cores
    params:
        code=code("speed"),
        turns=3,
        seeds=experiments.seeds(config, "notebook"),
        other_bias={
            "notebook": {"bias": {arm: {"value": -block["value"]} for arm, block in BENCHMARKED["bias"].items()}}
        },
        shape=training_images(BENCHMARK_DATA),
        settings={
            "recipes": {"teacher": BENCHMARKED["teacher"], "student": BENCHMARKED["student"]},
            "arms": BENCHMARKED["arms"],
            "distillation": BENCHMARKED["distillation"],
            "classes": BENCHMARK_DATA["classes"],
            "normalisation": {key: BENCHMARK_DATA[key] for key in ("mean", "std")},
            "compute": config["compute"],
        },
    script:
        "../scripts/speed.py"


rule scale:
    input:
        data=f"results/data/{BENCHMARKED['dataset']}.safetensors",
    output:
        csv="results/scale/scale.csv",
        md="results/scale/scale.md",
        png="results/scale/scale.png",
        svg="results/scale/scale.svg",
    log:
        "results/logs/scale/scale.log",
    conda:
        "../envs/environment.yaml"
    threads: workflow.cores
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
