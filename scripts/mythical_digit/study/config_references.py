"""Check what a schema of the config cannot say: names and numbers that must agree with other parts of it."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mythical_digit.study import dataset_mistakes, experiments, published_mistakes, variant_mistakes
from mythical_digit.study.config_schema import choices
from mythical_digit.study.dataset_mistakes import class_mistakes

HEADING = "Class"  # of the first column of a table that has a column for each model
LONGEST_NAME = 220  # characters of an arm: names of files, of at most 255, have some of their own
REPEATED = re.compile(r"(.+)\1{19}$")


def mistakes(config: Mapping, schema: Mapping, folder: Path) -> Iterator[str]:
    """Yield a message for each mistake in a config that fits its schema; file names are relative to `folder`."""
    for name, dataset in config["datasets"].items():
        yield from dataset_mistakes.size_mistakes(f"datasets.{name}", dataset)
        yield from dataset_mistakes.label_mistakes(f"datasets.{name}", dataset)
    for name, experiment in config["experiments"].items():
        yield from variant_mistakes.value_mistakes(name, experiment, schema)
    for number, name in enumerate(config["run"]):
        if name not in config["experiments"]:
            yield f"run[{number}]: there is no experiment {name!r}{choices(name, config['experiments'])}"
    for name, experiment in config["experiments"].items():
        if (dataset := experiment["dataset"]) not in config["datasets"]:
            where = f"experiments.{name}.dataset"
            yield f"{where}: there is no dataset {dataset!r}{choices(dataset, config['datasets'])}"
            continue
        yield from dataset_mistakes.use_mistakes(f"experiments.{name}", experiment, config["datasets"][dataset])
        yield from _teacher_mistakes(config, name)
        yield from variant_mistakes.mistakes(config, name)
        yield from _arm_mistakes(f"experiments.{name}", experiment, config["datasets"][dataset]["classes"])
        yield from _comparison_mistakes(config, name)
        yield from _recipes_mistakes(config, name)
        yield from _text_mistakes(f"experiments.{name}", experiment)
        yield from _published_mistakes(config, name, folder)


def _teacher_mistakes(config: Mapping, name: str) -> Iterator[str]:
    """Experiments whose teachers are asked for but cannot be used."""
    experiment = config["experiments"][name]
    places = {"teacher": experiment}
    places |= {f"arms.{arm}.teacher": block for arm, block in experiment["arms"].items()}
    places |= {f"steps.{step}.teacher": block for step, block in experiment.get("steps", {}).items()}
    owners = [other for other, block in config["experiments"].items() if isinstance(block["teacher"], Mapping)]
    for place, block in places.items():
        owner = block.get("teacher")
        if not isinstance(owner, str):
            continue
        where = f"experiments.{name}.{place}"
        if owner in owners:
            yield from data_mistakes(where, config, name, owner)
        else:
            yield f"{where}: there is no experiment {owner!r} with its own teacher{choices(owner, owners)}"


def data_mistakes(where: str, config: Mapping, name: str, other: str) -> Iterator[str]:
    """Images that two experiments do not share, though one uses what the other made."""
    for key in ("dataset", "held_out"):
        here, there = (config["experiments"][both].get(key) for both in (name, other))
        if here != there:
            yield f"{where}: `{key}` must be the same in both; it is {here!r} in {name!r}, {there!r} in {other!r}"


def _arm_mistakes(where: str, experiment: Mapping, classes: int) -> Iterator[str]:
    """Classes and arms that do not exist, and names that two models would share."""
    for arm, block in experiment["arms"].items():
        yield from class_mistakes(f"{where}.arms.{arm}.omit", block["omit"], classes)
        if len(block["omit"]) >= classes:
            yield f"{where}.arms.{arm}.omit: leaves no class to train on; keep at least one of the {classes}"
    for arm, block in experiment["bias"].items():
        if arm not in experiment["arms"]:
            yield f"{where}.bias: there is no arm {arm!r}{choices(arm, experiment['arms'])}"
        yield from class_mistakes(f"{where}.bias.{arm}.classes", block["classes"], classes)
        if len(block["classes"]) >= classes:
            yield f"{where}.bias.{arm}.classes: a shift of all {classes} classes changes nothing; leave one out"
    arms = experiments.expanded(experiment)
    yield from _name_mistakes(where, arms["arms"])
    labels = {model: experiments.label(arms, model) for model in experiments.models(arms)}
    for arm, block in experiment["arms"].items():
        if block["label"] == HEADING:
            yield f"{where}.arms.{arm}.label: {HEADING!r} is the heading of another column; choose another label"
    for model, label in labels.items():
        if list(labels.values()).count(label) > 1 and model != experiments.TEACHER:
            arm = experiments.arm_of(model)
            yield f"{where}.arms.{arm}.label: two models would be called {label!r}; choose another label"


def _name_mistakes(where: str, arms: Iterable[str]) -> Iterator[str]:
    """Arms that a sweep or steps make and whose names no file or Snakemake could take."""
    for arm in arms:
        place, made = (
            f"{where}.arms.{experiments.base(arm)}",
            f"an arm made of it would be called {arm[:60]}...",
        )
        if len(arm) > LONGEST_NAME:
            yield f"{place}: {made}, {len(arm)} characters; allowed: at most {LONGEST_NAME}; shorten names or lists"
        elif REPEATED.search(arm):
            yield f"{place}: {made}: its end repeats 20 times; Snakemake takes no such name; change a name or a list"


def _text_mistakes(where: str, experiment: Mapping) -> Iterator[str]:
    """Labels and notes that are no line of text, as a cell of a table or the title of a figure must be."""
    texts = {"note": experiment.get("note", "")}
    for kind in ("arms", "steps"):
        texts |= {f"{kind}.{name}.label": block["label"] for name, block in experiment.get(kind, {}).items()}
    for key in ("published_accuracy", "published_ranges", "recipes"):
        texts |= {f"{key}.{label}": label for label in experiment.get(key, {})}
    for key, text in texts.items():
        yield from text_mistakes(f"{where}.{key}", text)


def text_mistakes(where: str, text: str, allowed: str = "") -> Iterator[str]:
    """What a text has that no cell or title shows: signs that are not printed, but those `allowed`; blank ends."""
    if found := next((sign for sign in text if not sign.isprintable() and sign not in allowed), None):
        yield f"{where}: has {found!r}, such as a line feed or a tab; write it on one line"
    elif text != text.strip():
        yield f"{where}: {text!r} begins or ends with a space; remove it"


def _published_mistakes(config: Mapping, name: str, folder: Path) -> Iterator[str]:
    """Tables of published numbers that are not there, or not of this experiment's models."""
    experiment = config["experiments"][name]
    classes, arms = config["datasets"][experiment["dataset"]]["classes"], experiments.expanded(experiment)
    checks = {
        "published": lambda path: published_mistakes.table_mistakes(path, experiments.models(arms), classes),
        "published_history": lambda path: published_mistakes.history_mistakes(path, experiments.trained_models(arms)),
    }
    for key in filter(experiment.get, checks):
        where, file = f"experiments.{name}.{key}", experiment[key]
        if not os.path.isfile(folder / file):
            yield f"{where}: there is no file {file!r}; correct the path or remove the key"
            continue
        for mistake in checks[key](folder / file):
            yield f"{where}: {file}: {mistake}"


def _comparison_mistakes(config: Mapping, name: str) -> Iterator[str]:
    """Experiments that cannot be compared: one is missing, or they share no images, no seed or no model."""
    where, experiment = f"experiments.{name}.compared_with", config["experiments"][name]
    if "compared_with" not in experiment:
        return
    others = [other for other in config["experiments"] if other != name]
    other = experiment["compared_with"]
    if other not in others:
        yield f"{where}: there is no other experiment {other!r}{choices(other, others)}"
        return
    if "search" in config["experiments"][other]:
        yield f"{where}: {other!r} is a search, which trains no model of its own choice; compare other experiments"
        return
    yield from data_mistakes(where, config, name, other)
    here, there = (experiments.seeds(config, both) for both in (name, other))
    if not {*here} & {*there}:
        yield f"{where}: {name!r} has the seeds {here}, {other!r} has {there}; give them at least one in common"
    here, there = (experiments.models(experiments.expanded(config["experiments"][both])) for both in (name, other))
    if not {*here} & {*there}:
        yield f"{where}: {name!r} and {other!r} have no model of the same name; compare it with another experiment"


def _recipes_mistakes(config: Mapping, name: str) -> Iterator[str]:
    """Students for one table of recipes that are not there, or that do not miss the same classes of images."""
    trained = [each for each, block in config["experiments"].items() if "search" not in block]
    missed: dict[str, tuple] = {}  # the classes left out, and those whose bias is shifted
    for label, student in config["experiments"][name].get("recipes", {}).items():
        where, other = f"experiments.{name}.recipes.{label}", student.get("experiment", name)
        if other not in trained:
            yield f"{where}.experiment: there is no experiment {other!r} with students{choices(other, trained)}"
            return
        yield from data_mistakes(where, config, name, other)
        block, arm = experiments.expanded(config["experiments"][other]), student["arm"]
        if arm not in block["bias"]:
            yield f"{where}.arm: {other!r} has no arm {arm!r} with a bias{choices(arm, block['bias'])}"
            return
        missed[label] = block["arms"][arm]["omit"], block["bias"][arm]["classes"]
        (first, (omitted, shifted)), (omits, shifts) = next(iter(missed.items())), missed[label]
        if (omitted, shifted) != (omits, shifts):
            yield (
                f"{where}: omits the classes {omits} and shifts {shifts}, {first!r} omits {omitted} and shifts "
                f"{shifted}; make them the same, or remove the line"
            )
