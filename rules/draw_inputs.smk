# What the rule `draw` reads, by what `draw` in config.yaml names.


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
