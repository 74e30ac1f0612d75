# The figure that leads the README, from the experiments that `hero` in config.yaml names, and its moving picture.

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


rule hero:
    """The figure that leads the README, from the experiments that `hero` in config.yaml names."""
    input:
        data=data_of_hero,
        metrics=lambda _: expand("results/{name}/metrics.csv", name=models_of_hero()),
    output:
        png="results/hero/hero.png",
        svg=report(
            "results/hero/hero.svg",
            caption="../report/hero.rst",
            category="Claims",
            labels={"Shows": "the class that no student saw, by recipe"},
        ),
    log:
        "results/logs/hero/hero.log",
    benchmark:
        "results/benchmarks/hero/hero.tsv"
    params:
        code=code("hero"),
        mistake=NO_HERO,
        title=of_hero("title"),
        label=HERO and HERO["class"],
        bars=of_hero("bars"),
        models=lambda _: models_of_hero(),
        normalisation=normalisation_of_hero,
        held_out=lambda _: HERO and block_of_film().get("held_out", 0),
    script:
        "../scripts/hero.py"


rule film:
    """The moving picture: the bias of a class rises, and images of this class, never seen, are recognised."""
    input:
        data=data_of_hero,
        model=model_of_film,
    output:
        "results/hero/film.gif",
    log:
        "results/logs/hero/film.log",
    benchmark:
        "results/benchmarks/hero/film.tsv"
    params:
        code=code("film"),
        mistake=NO_HERO,
        label=HERO and HERO["class"],
        shift=lambda _: HERO and block_of_film()["bias"][HERO["film"]["arm"]]["value"],
        normalisation=normalisation_of_hero,
        held_out=lambda _: HERO and block_of_film().get("held_out", 0),
    script:
        "../scripts/film.py"


use rule publish_file as publish_hero with:
    input:
        "results/hero/{file}",
    output:
        "results/published/hero/{file}",
    log:
        "results/logs/hero/publish_hero.{file}.log",
    wildcard_constraints:
        file=r"(hero\.(png|svg)|film\.gif)",
