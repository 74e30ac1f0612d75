"""Which students of a sweep a statement on the temperature is about."""

from collections.abc import Mapping

from mythical_digit.study import experiments


def students(experiment: Mapping, arm: str) -> dict[str, tuple[list[int], float]]:
    """Units per hidden layer, and temperature, of each student that an arm of an expanded experiment stands for."""
    return {
        name: (
            experiments.student(experiment, name)["hidden"],
            experiments.distillation(experiment, name)["temperature"],
        )
        for name in experiment["arms"]
        if experiments.base(name) == arm
    }


def within(value: float, limits: Mapping[str, float]) -> bool:
    """Does a value lie within the limits `min`, `above` and `max`, as far as they are given?"""
    return limits.get("min", value) <= value <= limits.get("max", value) and limits.get("above", float("-inf")) < value


def chosen(statement: Mapping, candidates: Mapping[str, tuple[list[int], float]]) -> dict[str, dict[float, str]]:
    """The students that a statement is about: by width (as 300x300), their names by temperature.

    With the rule `best`, those of the temperatures outside of its band too.
    """
    widths: dict[str, dict[float, str]] = {}
    for name, (units, temperature) in candidates.items():
        if all(within(layer, statement["units"]) for layer in units) and (
            statement["rule"] == "best" or within(temperature, statement["temperatures"])
        ):
            widths.setdefault("x".join(map(str, units)), {})[temperature] = name
    return widths


def band(statement: Mapping, temperatures: Mapping[float, object]) -> list[float]:
    """Those of the temperatures that a statement names."""
    return [temperature for temperature in temperatures if within(temperature, statement["temperatures"])]
