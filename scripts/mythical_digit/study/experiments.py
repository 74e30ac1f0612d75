"""The arms, models and seeds of an experiment: their names, labels and recipes."""

import functools
import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence

TEACHER = "teacher"
BIASED = "+bias"  # suffix of an arm's name: the same network with the bias injected
WAYS = ("upto", "alone")  # of making a step, besides leaving it out
MOST_CLASSES = 256  # that a byte can tell apart
VARIED = ("student", "distillation")  # blocks that an arm, a step or a sweep may change in part


def expanded(experiment: Mapping) -> dict:
    """Return the experiment with the arms that its `steps`, `sweep` or `search` makes, each with the bias of its base.

    `steps` adds to each arm a variant with all steps up to each one, a variant with each step alone and, with
    `left_out`, a variant with all steps but each one. `sweep` replaces each arm with a variant for each combination of
    the values, `search` with one for each recipe that it draws; `teacher_seeds` with one for each of these seeds of the
    teacher.
    """
    arms = {
        name: variant
        for arm, block in experiment["arms"].items()
        for name, variant in _variants(arm, block, experiment)
    }
    bias = {name: experiment["bias"][arm] for name in arms if (arm := base(name)) in experiment["bias"]}
    return {**experiment, "arms": arms, "bias": bias}


def left_out_in_turn(experiment: Mapping, dataset: Mapping) -> dict:
    """The experiment with the arms `no0`, `no1`, ... that its `every_class` makes, each with the bias of its class.

    Arms of its own stay, and classes that the data set does not have; `study.variant_mistakes` refuses them.
    """
    made, names = experiment["every_class"], dict(enumerate(dataset.get("class_names", ())))
    arms, bias = {}, {}
    for label in made.get("classes", range(min(dataset["classes"], MOST_CLASSES))):
        name = f"{made['label']} {f'no {names[label]}' if label in names else f'No{label}'}"
        arms[f"no{label}"] = {"label": name, "distilled": made["distilled"], "omit": [label]}
        bias[f"no{label}"] = {"classes": [label], "value": made["bias"]}
    own = {key: experiment.get(key) or {} for key in ("arms", "bias")}
    return {**experiment, "arms": {**arms, **own["arms"]}, "bias": {**bias, **own["bias"]}}


def base(arm: str) -> str:
    """The arm in the config from which an expanded arm is made."""
    return arm.partition("~")[0]


def swept(arm: str, values: Mapping[str, object]) -> str:
    """The name of the arm with these values by key, such as `distilled~temperature=4~hidden=300x300`."""
    return "~".join([arm, *(f"{key.partition('.')[2]}={text_of(value)}" for key, value in values.items())])


def taught_by(arm: str, seed: int) -> str:
    """The name of the arm that learns from the teacher of this seed."""
    return f"{arm}~teacher={seed}"


def combinations(experiment: Mapping) -> list[dict[str, object]]:
    """The combinations of values in an experiment's sweep, each value by its key, such as `student.hidden`."""
    sweep = experiment["sweep"]
    return [dict(zip(sweep, values, strict=True)) for values in itertools.product(*sweep.values())]


def values_tried(experiment: Mapping) -> dict[tuple[str, str], list]:
    """The values of each parameter that a sweep or a search tries, by place and key: ("sweep", "student.hidden")."""
    blocks = {"sweep": experiment.get("sweep"), "search.values": experiment.get("search", {}).get("values")}
    return {(place, key): values for place, block in blocks.items() for key, values in (block or {}).items()}


def drawn(experiment: Mapping) -> list[dict[str, object]]:
    """The recipes of an experiment's search: random combinations of its values, by key, no two of them the same.

    All combinations are equally likely. Only `Random.random` is used, whose numbers no version of Python changes.
    """
    search = experiment["search"]
    values, rng = search["values"], random.Random(search["random_seed"])
    combinations = math.prod(map(len, values.values()))
    found: dict[int, dict] = {}
    while len(found) < min(search["rungs"][0]["recipes"], combinations):
        rest = number = int(rng.random() * combinations)
        recipe = {}
        for key, allowed in values.items():
            rest, place = divmod(rest, len(allowed))
            recipe[key] = allowed[place]
        found.setdefault(number, recipe)
    return list(found.values())


def tried(arm: str, recipe: int) -> str:
    """The name of the arm whose student has the recipe of this number among those that a search draws."""
    return f"{arm}~r{recipe}"


def scoring_students(experiment: Mapping, seeds: Sequence[int]) -> list[tuple[str, int]]:
    """The students that score a recipe of a search, in the order in which they are trained: base arm and seed."""
    return [(arm, seed) for seed in seeds for arm in dict.fromkeys(map(base, experiment["arms"]))]


def nested(values: Mapping[str, object]) -> dict[str, dict]:
    """Values by key, such as `student.hidden`, as the blocks of an arm."""
    change: dict[str, dict] = {}
    for key, value in values.items():
        part, _, name = key.partition(".")
        change.setdefault(part, {})[name] = value
    return change


def text_of(value: object) -> str:
    """A value of a parameter in names and tables: layers such as 300x300."""
    return ("x".join(map(str, value)) or "none") if isinstance(value, list) else str(value)


def _variants(arm: str, block: Mapping, experiment: Mapping) -> Iterator[tuple[str, dict]]:
    if "sweep" in experiment:
        for values in combinations(experiment):
            label = ", ".join(f"{key.partition('.')[2]} {text_of(value)}" for key, value in values.items())
            yield swept(arm, values), _changed(block, {**nested(values), "label": f"{block['label']}, {label}"})
    elif "search" in experiment:
        for number, values in enumerate(drawn(experiment)):
            label = f"{block['label']}, recipe {number}"
            yield tried(arm, number), _changed(block, {**nested(values), "label": label})
    elif "teacher_seeds" in experiment:
        for seed in experiment["teacher_seeds"]:
            label = f"{block['label']}, teacher of seed {seed}"
            yield taught_by(arm, seed), {**block, "label": label, "teacher_seed": seed}
    elif "steps" in experiment:
        yield from _stepped(arm, block, experiment)[0].items()
    else:
        yield arm, block


def _stepped(arm: str, block: Mapping, experiment: Mapping) -> tuple[dict[str, dict], list[dict]]:
    """The arms that the steps of an experiment make of one, itself included, and its rows of `steps_of`.

    Arms of the same recipe are one: the first step alone is that after none, and the last left out is all before it.
    """
    steps, arms = experiment["steps"], {arm: block}

    def named(name: str, changes: Sequence[Mapping], label: str) -> str:
        variant = functools.reduce(_changed, changes, block)
        same = (other for other, known in arms.items() if {**known, "label": ""} == {**variant, "label": ""})
        name = next(same, name)
        arms.setdefault(name, {**variant, "label": f"{block['label']}, {label}"})
        return name

    rows = [{"label": block["label"], "start": arm, **dict.fromkeys(WAYS, arm)}]
    for number, (step, change) in enumerate(steps.items(), start=1):
        sofar = list(steps.values())[:number]
        after = named(f"{arm}~upto~{step}", sofar, ", ".join(each["label"] for each in sofar))
        single = named(f"{arm}~alone~{step}", [change], f"{change['label']} alone")
        rows.append({"label": change["label"], "start": arm, "upto": after, "alone": single})
    if experiment.get("left_out"):
        for row, step in zip(rows[1:], steps, strict=True):
            others = [change for name, change in steps.items() if name != step]
            row["without"] = named(f"{arm}~without~{step}", others, f"all but {row['label']}")
        rows = [{"without": rows[-1]["upto"], **row, "all": rows[-1]["upto"]} for row in rows]
    return arms, rows


def _changed(block: Mapping, change: Mapping) -> dict:
    parts = {part: {**block.get(part, {}), **change[part]} for part in VARIED if part in change}
    return {**block, **change, **parts}


def owner_of_teacher(name: str, experiment: Mapping, arm: Mapping | None = None) -> str:
    """The experiment that trains the teacher of the experiment `name`, or of one of its arms: itself or another."""
    teacher = (arm or {}).get("teacher", experiment["teacher"])
    return teacher if isinstance(teacher, str) else name


def recipe_of(name: str, experiment: Mapping, arm: str) -> dict[str, object]:
    """All that an arm's student follows from but the images: its recipe, its distillation and whose teachers it has."""
    taught = distillation(experiment, arm)
    teachers = {"teacher": owner_of_teacher(name, experiment, experiment["arms"][arm])} if taught else {}
    return {**student(experiment, arm), **(taught or {}), **teachers}


def student(experiment: Mapping, arm: str) -> dict:
    """The recipe of an arm's student, as `study.recipe.Recipe` takes it."""
    return {**experiment["student"], **experiment["arms"][arm].get("student", {})}


def distillation(experiment: Mapping, arm: str) -> dict | None:
    """Temperature, weight and scale of an arm's distillation; None if it is not distilled."""
    block = experiment["arms"][arm]
    return {**experiment["distillation"], **block.get("distillation", {})} if block["distilled"] else None


def trained_models(experiment: Mapping) -> list[str]:
    """The teacher, if the experiment has its own, and the arms, in the order of the config."""
    own = not isinstance(experiment["teacher"], str)
    return [*([TEACHER] if own else []), *experiment["arms"]]


def models(experiment: Mapping) -> list[str]:
    """All models of an experiment: the trained ones, then the arms with an injected bias."""
    return [*trained_models(experiment), *(f"{arm}{BIASED}" for arm in experiment["bias"])]


def arm_of(model: str) -> str:
    """The arm of a student, with or without the injected bias."""
    return model.removesuffix(BIASED)


def label(experiment: Mapping, model: str) -> str:
    """The name of a model in tables and figures."""
    if model == TEACHER:
        return "Teacher"
    return experiment["arms"][arm_of(model)]["label"] + ("+B" if model.endswith(BIASED) else "")


def omitted(experiment: Mapping, model: str) -> list[int]:
    """The classes left out of a model's training."""
    return [] if model == TEACHER else experiment["arms"][arm_of(model)]["omit"]


def seeds(config: Mapping, name: str) -> list[int]:
    """The seeds of the experiment `name`: its own, or those at the top of the config."""
    return config["experiments"][name].get("seeds", config["seeds"])


def compute(config: Mapping, name: str) -> dict[str, str]:
    """The `compute` block for the experiment `name`: that of the config, with the experiment's own precision if any."""
    own = {key: value for key, value in config["experiments"][name].items() if key == "precision"}
    return {**config["compute"], **own}


def steps_of(experiment: Mapping) -> list[dict]:
    """The rows of an ablation: for each arm of the config, the arm itself and then each step in turn.

    A row has a `label` and the names of arms: `start` (the arm itself), `upto` (with all steps up to this one), `alone`
    (with this one alone) and, if the experiment has `left_out`, `all` (with all steps) and `without` (with all but this
    one). In the row of the arm itself, `without` has all steps.
    """
    arms = {arm: block for arm, block in experiment["arms"].items() if arm == base(arm)}
    return [row for arm, block in arms.items() for row in _stepped(arm, block, experiment)[1]]


def swept_students(experiment: Mapping) -> list[dict]:
    """The students of a sweep: `model`, its `line` in the figure, and `x`, its value of the last parameter."""
    students, arms = [], list(dict.fromkeys(map(base, experiment["arms"])))
    for arm in arms:
        for values in combinations(experiment):
            *others, (_, x) = values.items()
            names = [arm] if len(arms) > 1 or not others else []
            names += [f"{key.partition('.')[2]} {text_of(value)}" for key, value in others]
            students.append({"model": swept(arm, values), "line": ", ".join(names), "x": text_of(x)})
    return students
