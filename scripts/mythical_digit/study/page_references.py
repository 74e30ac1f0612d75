"""Check what `draw` and `hero` name: networks that are there, and of which the page or the figure tells the truth."""

from collections.abc import Iterator, Mapping

from mythical_digit.study import experiments
from mythical_digit.study.config_references import data_mistakes, text_mistakes
from mythical_digit.study.config_schema import choices
from mythical_digit.study.dataset_mistakes import class_mistakes


def mistakes(config: Mapping) -> Iterator[str]:
    """Yield a message for each mistake in `draw` and `hero` of a config whose experiments are right."""
    if "hero" in config:
        yield from _hero_mistakes(config)
    for name in config.get("draw", {}):
        yield from _draw_mistakes(config, name)


def _draw_mistakes(config: Mapping, recipe: str) -> Iterator[str]:
    """Networks of the page `draw` that do not exist, or that its text would not fit."""
    block, others = config["draw"][recipe], config["experiments"]
    where, name = f"draw.{recipe}", block["experiment"]
    if name not in others:
        yield f"{where}.experiment: there is no experiment {name!r}{choices(name, others)}"
        return
    yield from data_mistakes(f"{where}.experiment", config, name, next(iter(config["draw"].values()))["experiment"])
    experiment = experiments.expanded(others[name])
    for role in ("hard", "distilled"):
        fitting = [arm for arm, each in experiment["arms"].items() if each["distilled"] == (role == "distilled")]
        fitting = [arm for arm in fitting if experiment["arms"][arm]["omit"]]
        if role == "distilled":
            fitting = [arm for arm in fitting if arm in experiment["bias"]]
        if (arm := block[role]) not in fitting:
            kind = "distilled arm with a bias" if role == "distilled" else "arm with hard labels alone"
            yield f"{where}.{role}: {name!r} has no {kind} that omits a class named {arm!r}{choices(arm, fitting)}"
            return
    hard, distilled = (experiment["arms"][block[role]]["omit"] for role in ("hard", "distilled"))
    if hard != distilled:
        yield f"{where}: {block['hard']!r} omits {hard}, {block['distilled']!r} {distilled}; choose two alike"


def _hero_mistakes(config: Mapping) -> Iterator[str]:
    """Models that `hero` names and that are not there, have other data or saw its class, and a class of no data."""
    hero, blocks = config["hero"], config["experiments"]
    named = {
        f"hero.bars[{number}]": (bar["experiment"], "model", bar["model"]) for number, bar in enumerate(hero["bars"])
    }
    named["hero.film"] = (hero["film"]["experiment"], "arm", hero["film"]["arm"])
    yield from text_mistakes("hero.title", hero["title"])
    for number, bar in enumerate(hero["bars"]):
        yield from text_mistakes(f"hero.bars[{number}].label", bar["label"], allowed="\n")
    first = None
    for where, (name, key, model) in named.items():
        if name not in blocks:
            yield f"{where}.experiment: there is no experiment {name!r}{choices(name, blocks)}"
            continue
        block = experiments.expanded(blocks[name])
        known = list(block["bias"]) if key == "arm" else experiments.models(block)
        if model not in known:
            kind = "arm with a bias" if key == "arm" else "model"
            yield f"{where}.{key}: {name!r} has no {kind} {model!r}{choices(model, known)}"
            continue
        first = first or name
        yield from data_mistakes(f"{where}.experiment", config, first, name)
        yield from class_mistakes("hero.class", [hero["class"]], config["datasets"][block["dataset"]]["classes"])
        unseen = [each for each in known if hero["class"] in experiments.omitted(block, each)]
        if model not in unseen:
            yield (
                f"{where}.{key}: {model!r} was trained on class {hero['class']}, which none may have seen (hero.class)"
                f"{choices(model, unseen) if unseen else '; name another class or experiment, or remove `hero`'}"
            )
        elif key == "arm" and hero["class"] not in (shifted := block["bias"][model]["classes"]):
            yield f"{where}.arm: the bias of {model!r} is of {shifted}, without {hero['class']} (hero.class); add it"
