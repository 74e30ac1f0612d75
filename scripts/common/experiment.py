"""What an experiment consists of: its models and seeds, and what each model is called."""

from collections.abc import Mapping

TEACHER = "teacher"
BIASED = "+bias"  # behind the name of an arm: the same network after the injection


def trained_models(experiment: Mapping) -> list[str]:
    """The teacher and the arms, in the order of the config."""
    return [TEACHER, *experiment["arms"]]


def models(experiment: Mapping) -> list[str]:
    """All models of an experiment: the teacher, the arms, the arms with an injected bias."""
    return [*trained_models(experiment), *(f"{arm}{BIASED}" for arm in experiment["bias"])]


def arm_of(model: str) -> str:
    """The arm that a student belongs to, with or without the injected bias."""
    return model.removesuffix(BIASED)


def label(experiment: Mapping, model: str) -> str:
    """The name of a model in tables and figures."""
    if model == TEACHER:
        return "Teacher"
    return experiment["arms"][arm_of(model)]["label"] + ("+B" if model.endswith(BIASED) else "")


def omitted(experiment: Mapping, model: str) -> list[int]:
    """The classes that were not in the training of a model."""
    return [] if model == TEACHER else experiment["arms"][arm_of(model)]["omit"]


def seeds(config: Mapping, name: str) -> list[int]:
    """The seeds of the experiment `name`: its own, or those of the whole config."""
    return config["experiments"][name].get("seeds", config["seeds"])
