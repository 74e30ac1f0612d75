# From the weights of several experiments to the page on which to draw a digit.


def drawn_dataset():
    """The data set of all recipes in `draw`; None if there are none."""
    return next((EXPERIMENTS[block["experiment"]]["dataset"] for block in config.get("draw", {}).values()), None)


def drawn_normalisation():
    dataset = config["datasets"].get(drawn_dataset(), {})
    return {key: dataset[key] for key in ("mean", "std") if key in dataset}


def drawn_recipes():
    """What the page `draw` shows of each recipe: its networks, each by role, the classes omitted, and their shift."""
    recipes = []
    for name, block in config.get("draw", {}).items():
        experiment = EXPERIMENTS[block["experiment"]]
        bias = experiment["bias"][block["distilled"]]
        recipes.append(
            {
                "name": name.capitalize(),
                "units": experiments.student(experiment, block["distilled"])["hidden"],
                "temperature": experiments.distillation(experiment, block["distilled"])["temperature"],
                "omitted": experiment["arms"][block["distilled"]]["omit"],
                "shifted": bias["classes"],
                "value": bias["value"],
                "networks": [
                    {"role": role, "label": experiments.label(experiment, model), "path": path}
                    for role, model, path in drawn_networks(block)
                ],
            }
        )
    return recipes


def drawn_networks(block):
    """Role, model and weights of the three networks of a recipe in `draw`, all of its experiment's first seed."""
    name = block["experiment"]
    seed = experiments.seeds(config, name)[0]
    owner = experiments.owner_of_teacher(name, EXPERIMENTS[name], EXPERIMENTS[name]["arms"][block["distilled"]])
    yield experiments.TEACHER, experiments.TEACHER, f"{folder_of(owner, seed)}/{experiments.TEACHER}/model.safetensors"
    for role in ("hard", "distilled"):
        yield role, block[role], f"{folder_of(name, seed)}/{block[role]}/model.safetensors"


def published_draw():
    """The copy of the page `draw` that git keeps, where `run` has all the experiments that it shows."""
    shown = {block["experiment"] for block in config.get("draw", {}).values()}
    return ["results/published/draw/draw.html"] if shown and shown <= {*config["run"]} else []


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
