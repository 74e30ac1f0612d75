# From the weights of several experiments to the page on which to draw a digit.


rule draw:
    """A page on which to draw a digit and see what teacher and students make of it: results/draw/draw.html."""
    input:
        data=lambda _: f"results/data/{drawn_dataset()}.safetensors" if drawn_dataset() else [],
        models=lambda _: [network["path"] for recipe in drawn_recipes() for network in recipe["networks"]],
    output:
        "results/draw/draw.html",
    log:
        "results/logs/draw/draw.log",
    benchmark:
        "results/benchmarks/draw/draw.tsv"
    resources:
        mem_mb=1500,
    params:
        code=code("draw"),
        normalisation=lambda _: drawn_normalisation(),
        recipes=lambda _: drawn_recipes(),
    script:
        "../scripts/draw.py"


use rule publish_file as publish_draw with:
    input:
        "results/draw/{file}",
    output:
        "results/published/draw/{file}",
    log:
        "results/logs/draw/publish_draw.{file}.log",
    wildcard_constraints:
        file=r"draw\.html",
    params:
        edited=lambda wildcards: edited(f"draw/{wildcards.file}"),
