"""The arms, models and seeds of an experiment: their names, labels and recipes."""

import itertools
from collections.abc import Iterator, Mapping

TEACHER = "teacher"
BIASED = "+bias"  # suffix of an arm's name: the same network with the bias injected
VARIED = ("student", "distillation")  # blocks that an arm, a step or a sweep may change in part


def expanded(experiment: Mapping) -> dict:
    """Return the experiment with the arms that its `steps` or `sweep` makes, each with the bias of its base arm.

    `steps` adds to each arm a variant with all steps up to each one, and a variant with each step alone. `sweep`
    replaces each arm with a variant for each combination of the values.
    """
    arms = {
        name: variant
        for arm, block in experiment["arms"].items()
        for name, variant in _variants(arm, block, experiment)
    }
    bias = {name: experiment["bias"][arm] for name in arms if (arm := base(name)) in experiment["bias"]}
    return {**experiment, "arms": arms, "bias": bias}


def base(arm: str) -> str:
    """The arm in the config from which an expanded arm is made."""
    return arm.partition("~")[0]


def upto(arm: str, step: str) -> str:
    """The name of the arm with all steps up to and including `step`."""
    return f"{arm}~upto~{step}"


def alone(arm: str, step: str) -> str:
    """The name of the arm with `step` alone."""
    return f"{arm}~alone~{step}"


def swept(arm: str, values: Mapping[str, object]) -> str:
    """The name of the arm with these values by key, such as `distilled~temperature=4~hidden=300x300`."""
    return "~".join([arm, *(f"{key.partition('.')[2]}={_text(value)}" for key, value in values.items())])


def combinations(experiment: Mapping) -> list[dict[str, object]]:
    """The combinations of values in an experiment's sweep, each value by its key, such as `student.hidden`."""
    sweep = experiment["sweep"]
    return [dict(zip(sweep, values, strict=True)) for values in itertools.product(*sweep.values())]


def _text(value: object) -> str:
    return "x".join(map(str, value)) if isinstance(value, list) else str(value)


def _variants(arm: str, block: Mapping, experiment: Mapping) -> Iterator[tuple[str, dict]]:
    if "sweep" in experiment:
        for values in combinations(experiment):
            change = {}
            for key, value in values.items():
                part, _, name = key.partition(".")
                change.setdefault(part, {})[name] = value
            label = ", ".join(f"{key.partition('.')[2]} {_text(value)}" for key, value in values.items())
            yield swept(arm, values), _changed(block, {**change, "label": f"{block['label']}, {label}"})
        return
    yield arm, block
    steps = experiment.get("steps", {})
    sofar = block
    for number, (name, step) in enumerate(steps.items()):
        sofar = _changed(sofar, {**step, "label": f"{sofar['label']}, {step['label']}"})
        yield upto(arm, name), sofar
        if number:
            yield alone(arm, name), _changed(block, {**step, "label": f"{block['label']}, {step['label']} alone"})


def _changed(block: Mapping, change: Mapping) -> dict:
    parts = {part: {**block.get(part, {}), **change[part]} for part in VARIED if part in change}
    return {**block, **change, **parts}


def owner_of_teacher(name: str, experiment: Mapping, arm: Mapping | None = None) -> str:
    """The experiment that trains the teacher of the experiment `name`, or of one of its arms: itself or another."""
    teacher = (arm or {}).get("teacher", experiment["teacher"])
    return teacher if isinstance(teacher, str) else name


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

    A row has a `label` and the names of three arms: `start` (the arm itself), `upto` (with all steps up to this one)
    and `alone` (with this one alone). For the first step the last two are the same; for the arm itself, all three.
    """
    rows = []
    for arm in dict.fromkeys(map(base, experiment["arms"])):
        rows.append({"label": experiment["arms"][arm]["label"], "start": arm, "upto": arm, "alone": arm})
        for number, (name, step) in enumerate(experiment["steps"].items()):
            after = upto(arm, name)
            single = alone(arm, name) if number else after
            rows.append({"label": step["label"], "start": arm, "upto": after, "alone": single})
    return rows


def swept_students(experiment: Mapping) -> list[dict]:
    """The students of a sweep: `model`, its `line` in the figure, and `x`, its value of the last parameter."""
    students = []
    for arm in dict.fromkeys(map(base, experiment["arms"])):
        for values in combinations(experiment):
            *others, (_, x) = values.items()
            line = ", ".join(f"{key.partition('.')[2]} {_text(value)}" for key, value in others)
            students.append({"model": swept(arm, values), "line": line or arm, "x": _text(x)})
    return students
