# The figure that leads the README, from the experiments that `hero` in config.yaml names, and its moving picture.


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
    params:
        edited=lambda wildcards: edited(f"hero/{wildcards.file}"),
