"""Check the keys of an experiment that make variants of its arms: every class, steps, a sweep, a search, a crossing."""

import itertools
import math
from collections.abc import Iterator, Mapping

from mythical_digit.study import config_schema, experiments
from mythical_digit.study.config_schema import choices
from mythical_digit.study.dataset_mistakes import class_mistakes


def mistakes(config: Mapping, name: str) -> Iterator[str]:
    """Yield a message for each mistake in these keys of the experiment `name`, whose data set there is."""
    where, experiment = f"experiments.{name}", config["experiments"][name]
    yield from _kind_mistakes(where, experiment)
    yield from _search_mistakes(config, name)
    yield from _every_class_mistakes(where, experiment, config["datasets"][experiment["dataset"]])


def value_mistakes(name: str, experiment: Mapping, schema: Mapping) -> Iterator[str]:
    """Parameters and values of a sweep or a search that the schema would not allow in a recipe or a distillation."""
    for (place, key), values in experiments.values_tried(experiment).items():
        part, _, parameter = key.partition(".")
        parameters = schema["$defs"][{"student": "recipe"}.get(part, part)]["properties"]
        if parameter not in parameters:
            where = f"experiments.{name}.{place}.{key}"
            yield f"{where}: {part} has no {parameter!r}{choices(parameter, parameters)}"
            continue
        rule = {"$defs": schema["$defs"], "items": parameters[parameter]}
        yield from config_schema.mistakes(values, rule, ("experiments", name, *place.split("."), key))


def _search_mistakes(config: Mapping, name: str) -> Iterator[str]:
    """A search without images to choose on, or whose rungs are not a halving of what there is."""
    experiment, where = config["experiments"][name], f"experiments.{name}"
    if "search" not in experiment:
        return
    if "held_out" not in experiment:
        yield f"{where}: a search chooses among recipes, which no test image may do; add `held_out`"
    for arm in experiment["arms"]:
        if arm not in experiment["bias"]:
            yield f"{where}.bias: the arm {arm!r} is missing; a search scores every arm with the bias shifted"
    rungs, values = experiment["search"]["rungs"], experiment["search"]["values"]
    combinations = math.prod(map(len, values.values()))
    students = len(experiments.scoring_students(experiment, experiments.seeds(config, name)))
    for key, most, words in (
        ("recipes", combinations, f"the values have {combinations} combinations"),
        ("students", students, f"the arms and seeds make {students} students of a recipe"),
    ):
        for number, rung in enumerate(rungs):
            if rung[key] > most:
                yield f"{where}.search.rungs[{number}].{key}: {rung[key]}, but {words}"
    for number, (before, rung) in enumerate(itertools.pairwise(rungs), start=1):
        if rung["recipes"] >= before["recipes"]:
            yield f"{where}.search.rungs[{number}].recipes: must be fewer than in the rung before, {before['recipes']}"
        if rung["students"] <= before["students"]:
            yield f"{where}.search.rungs[{number}].students: must be more than in the rung before, {before['students']}"


def _kind_mistakes(where: str, experiment: Mapping) -> Iterator[str]:
    """Keys that an ablation, a sweep or a crossing needs and lacks, or has without being one."""
    kinds = [key for key in ("every_class", "search", "steps", "sweep", "teacher_seeds") if key in experiment]
    for key in kinds[1:]:
        yield f"{where}.{key}: an experiment has `{kinds[0]}` or `{key}`, not both; make two experiments"
    for key in {"steps", "teacher_seeds"}.intersection(kinds):
        yield from _unshifted_mistakes(where, experiment, key)
    for key in {"search", "steps", "teacher_seeds"}.intersection(kinds):
        yield from _seen_mistakes(where, experiment, key)
    if "teacher_seeds" in kinds:
        yield from _crossing_mistakes(where, experiment)
    for key in ("compared_with", "published", "published_history"):
        if kinds and key in experiment:
            yield f"{where}.{key}: an experiment with a `{kinds[0]}` block makes nothing of it; remove the key"
    for key, needed in (("published_accuracy", "steps"), ("left_out", "steps"), ("published_ranges", "sweep")):
        if key in experiment and needed not in experiment:
            yield f"{where}.{key}: only an experiment with a `{needed}` block has this; add the block or remove the key"
    for words, ends in experiment.get("published_ranges", {}).items():
        if (end := ends.get("to", math.inf)) <= ends["from"]:
            yield f"{where}.published_ranges.{words}: `to` is {end}; it must be more than `from`, {ends['from']}"


def _every_class_mistakes(where: str, experiment: Mapping, dataset: Mapping) -> Iterator[str]:
    """Classes that do not exist, and arms and biases of its own, in an experiment whose `every_class` makes them."""
    if "every_class" in experiment:
        left_out = experiment["every_class"].get("classes", ())
        yield from class_mistakes(f"{where}.every_class.classes", left_out, dataset["classes"])
        made = experiments.left_out_in_turn({**experiment, "arms": {}, "bias": {}}, dataset)
        for key in ("arms", "bias"):
            if experiment[key] != made[key]:
                yield f"{where}.{key}: `every_class` makes these; remove the key, or make two experiments"


def _crossing_mistakes(where: str, experiment: Mapping) -> Iterator[str]:
    """A crossing of teachers with students that has not one distilled arm and two teachers or more."""
    arms = experiment["arms"]
    if len(arms) != 1 or not all(block["distilled"] for block in arms.values()):
        yield f"{where}.arms: with `teacher_seeds`, an experiment has one arm, and this is distilled"
    if len(experiment["teacher_seeds"]) < 2:
        yield f"{where}.teacher_seeds: to compare teachers, name at least two seeds"


def _seen_mistakes(where: str, experiment: Mapping, key: str) -> Iterator[str]:
    """Shifts of classes that an arm was trained on, where the block `key` makes tables of classes that it never saw."""
    for arm, block in experiment["bias"].items():
        omitted = experiment["arms"].get(arm, {}).get("omit", block["classes"])
        if not {*block["classes"]} <= {*omitted}:
            shifted = f"{where}.bias.{arm}.classes: {block['classes']}"
            yield f"{shifted}, but the arm omits {omitted}; with `{key}`, shift classes that it omits"


def _unshifted_mistakes(where: str, experiment: Mapping, key: str) -> Iterator[str]:
    """Arms without a bias, or with that of other classes, where the block `key` has a figure that compares them."""
    classes = {arm: block["classes"] for arm, block in experiment["bias"].items()}
    for arm in experiment["arms"]:
        if arm not in classes:
            yield f"{where}.bias: the arm {arm!r} is missing; with `{key}`, every arm needs a bias of the same classes"
    for arm, found in classes.items():
        first = next(iter(classes.values()))
        if found != first:
            yield f"{where}.bias.{arm}.classes: {found} differs from {first}; with `{key}`, shift the same in all arms"
