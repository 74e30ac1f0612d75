# What the first figure and its moving picture are made from, by `hero` in config.yaml.

HERO = config.get("hero")
NO_HERO = None if HERO else "config.yaml: the key 'hero' is missing; it says what to draw (docs/configuration.md)"


def of_hero(*keys):
    """A value of `hero` in config.yaml, nothing if that is missing: the job then says so and waits for no input."""
    value = HERO
    for key in keys:
        value = value and value[key]
    return value or []


def models_of_hero():
    """The models with a bar, by experiment."""
    bars = of_hero("bars")
    names = dict.fromkeys(bar["experiment"] for bar in bars)
    return {name: [bar["model"] for bar in bars if bar["experiment"] == name] for name in names}


def block_of_film():
    return HERO and EXPERIMENTS[HERO["film"]["experiment"]]


def data_of_hero(_):
    return f"results/data/{block_of_film()['dataset']}.safetensors" if HERO else []


def model_of_film(_):
    """The weights of the first seed, which stands for all where single images are shown."""
    if not HERO:
        return []
    name = HERO["film"]["experiment"]
    return f"{folder_of(name, experiments.seeds(config, name)[0])}/{HERO['film']['arm']}/model.safetensors"


def normalisation_of_hero(_):
    dataset = HERO and config["datasets"][block_of_film()["dataset"]]
    return dataset and {key: dataset[key] for key in ("mean", "std")}


def published_hero():
    """The copies that git keeps, where `run` has all the experiments that they need."""
    complete = HERO and {*models_of_hero(), HERO["film"]["experiment"]} <= {*config["run"]}
    return expand("results/published/hero/{file}", file=["hero.png", "hero.svg", "film.gif"]) if complete else []
