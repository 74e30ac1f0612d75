"""Is a config valid? One message for the first mistake: the key, what stands there, what is allowed, what was meant."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

import jsonschema
import yaml
from jsonschema.exceptions import ValidationError

from mythical_digit.errors import UserError
from mythical_digit.study import experiments


def validate(config: Mapping, schema: Mapping, folder: Path) -> None:
    """Check `config` against its JSON schema and for what a schema cannot say; file names are relative to `folder`.

    Raises UserError for the first mistake.
    """
    for message in chain(
        _schema_mistakes(config, schema), _sweep_mistakes(config, schema), _reference_mistakes(config, folder)
    ):
        raise UserError(f"config.yaml: {message}")


def check_schema(record: object, schema: Mapping, name: str) -> None:
    """Check what was read from the YAML file `name` against its JSON schema. Raises UserError for the first mistake."""
    for message in _schema_mistakes(record, schema):
        raise UserError(f"{name}: {message}")


def typed(value: object) -> object:
    """A value from the command line with the types that YAML would give it, at any depth.

    Snakemake reads the lists and mappings of `--config` as lists and mappings of text: `seeds=[0]` arrives as ["0"].
    """
    if isinstance(value, Mapping):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, str):
        with suppress(yaml.YAMLError):
            return yaml.safe_load(value)
    return value


def choices(found: object, allowed: Iterable) -> str:
    """The end of a message on a name that is not allowed: the one that was meant, if one is near, and all that are."""
    names = [str(name) for name in allowed]
    near = get_close_matches(str(found), names, n=1)
    return (f"; did you mean {near[0]!r}?" if near else ";") + f" allowed: {', '.join(names)}"


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_checker: object, value: object) -> bool:
    return _is_integer(_checker, value) or (isinstance(value, float) and math.isfinite(value))


_BASE = jsonschema.Draft202012Validator
# JSON schema calls 1.0 an integer and lets NaN pass any bound.
_TYPES = _BASE.TYPE_CHECKER.redefine_many({"integer": _is_integer, "number": _is_number})
_Validator = jsonschema.validators.extend(_BASE, type_checker=_TYPES)

# An unknown key is often a misspelt one: name it before the missing key that it should have been.
_FIRST = ("additionalProperties", "propertyNames")


def _schema_mistakes(config: Mapping, schema: Mapping) -> Iterator[str]:
    for path, key in _keys(config):
        if not isinstance(key, str):
            yield f"{_join(path)}: the key {key!r} is not text; put it in quotes"
            return
    errors = _Validator(schema).iter_errors(config)
    # In the order of the file: a mistake in a block that others repeat is named where it stands.
    for error in sorted(errors, key=lambda e: (e.validator not in _FIRST, _place(config, e.absolute_path))):
        yield _message(_of_chosen_alternative(error))


def _keys(value: object, path: tuple = ()) -> Iterator[tuple[tuple, object]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(value, Mapping):
            yield path, key
        yield from _keys(item, (*path, key))


def _place(config: object, path: Iterable) -> list[int]:
    """Where a path leads, as numbers of keys and items in their order."""
    numbers = []
    for part in path:
        numbers.append(list(config).index(part) if isinstance(config, Mapping) else part)
        config = config[part]
    return numbers


def _of_chosen_alternative(error: ValidationError) -> ValidationError:
    """Of an item that fits no alternative of a `oneOf`: what is wrong with it as the one that it seems meant to be."""
    if error.validator != "oneOf" or not isinstance(error.instance, Mapping):
        return error
    for number, alternative in enumerate(error.validator_value):
        if alternative["required"][0] in error.instance:
            mistakes = [e for e in error.context if e.schema_path[0] == number]
            return min(mistakes, key=lambda e: e.validator not in _FIRST)
    return error


def _message(error: ValidationError) -> str:
    where, value, rule = _join(error.absolute_path), error.instance, error.validator_value
    match error.validator:
        case "additionalProperties":
            unknown = next(key for key in value if key not in error.schema["properties"])
            return f"{where}: unknown key {unknown!r}{choices(unknown, error.schema['properties'])}"
        case "required":
            missing = next(key for key in rule if key not in value)
            return f"{where}: the key {missing!r} is missing"
        case "oneOf":
            kinds = ", ".join(repr(alternative["required"][0]) for alternative in rule)
            return f"{where}: {_shown(value)} is none of the kinds {kinds}"
        case "type":
            kinds = [rule] if isinstance(rule, str) else rule
            allowed = " or ".join(_TYPE_NAMES[kind] for kind in kinds)
            return f"{where}: {_shown(value)} is not {allowed}{_number_hint(value, kinds[0])}"
        case "enum":
            return f"{where}: {_shown(value)} is not allowed{choices(value, rule)}"
        case "not":
            return f"{where}: the name {value!r} is taken by the pipeline; choose another"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum":
            return f"{where}: {_shown(value)} is out of range; allowed: {_range(error.schema)}"
        case "minItems" | "minProperties" | "minLength":
            return f"{where}: is empty; give at least one"
        case "uniqueItems":
            twice = next(item for number, item in enumerate(value) if item in value[:number])
            return f"{where}: {_shown(twice)} stands there twice"
        case "pattern":
            return f"{where}: {_shown(value)} does not have the form {rule}{_described(error.schema)}"
    return f"{where}: {error.message}"


_SIGNS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}

_TYPE_NAMES = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a finite number",
    "boolean": "true or false",
}


def _join(path: Iterable) -> str:
    """The path of a key as `experiments.notebook.arms`, of an item as `seeds[2]`, of the whole as `top level`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "top level"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _described(schema: Mapping) -> str:
    return f" ({schema['description'].rstrip('.')})" if "description" in schema else ""


def _number_hint(value: object, rule: str) -> str:
    """YAML reads 1e-3 as text; only 1.0e-3 is a number."""
    if rule not in ("integer", "number") or not isinstance(value, str):
        return ""
    with suppress(ValueError):
        return f"; write {float(value)!r} without quotes"
    return ""


def _range(schema: Mapping) -> str:
    return ", ".join(f"{sign} {schema[key]}" for key, sign in _SIGNS.items() if key in schema)


def _sweep_mistakes(config: Mapping, schema: Mapping) -> Iterator[str]:
    """Parameters and values of a sweep that the schema would not allow in their own place."""
    for name, experiment in config["experiments"].items():
        for key, values in experiment.get("sweep", {}).items():
            where = f"experiments.{name}.sweep.{key}"
            part, _, parameter = key.partition(".")
            parameters = schema["$defs"][{"student": "recipe"}.get(part, part)]["properties"]
            if parameter not in parameters:
                yield f"{where}: {part} has no {parameter!r}{choices(parameter, parameters)}"
                continue
            rule = {"$defs": schema["$defs"], "items": parameters[parameter]}
            for error in _Validator(rule).iter_errors(values):
                yield f"{where}{_message(error).removeprefix('top level')}"


def _reference_mistakes(config: Mapping, folder: Path) -> Iterator[str]:
    """Names and numbers that must agree with what stands elsewhere in the config."""
    for number, name in enumerate(config["run"]):
        if name not in config["experiments"]:
            yield f"run[{number}]: there is no experiment {name!r}{choices(name, config['experiments'])}"
    for name, experiment in config["experiments"].items():
        where = f"experiments.{name}"
        if experiment["dataset"] not in config["datasets"]:
            dataset = experiment["dataset"]
            yield f"{where}.dataset: there is no dataset {dataset!r}{choices(dataset, config['datasets'])}"
            continue
        if "steps" in experiment and "sweep" in experiment:
            yield f"{where}.sweep: an experiment has `steps` or a `sweep`, not both; make two experiments"
        yield from _teacher_mistakes(config, name)
        if "steps" in experiment:
            yield from _unshifted_mistakes(where, experiment)
        for key, beside in (("published_accuracy", "steps"), ("published_ranges", "sweep")):
            if key in experiment and beside not in experiment:
                yield f"{where}.{key}: is drawn in the figure of a `{beside}` block, and there is none; remove it"
        for words, ends in experiment.get("published_ranges", {}).items():
            if (end := ends.get("to", math.inf)) <= ends["from"]:
                yield f"{where}.published_ranges.{words}: {end} is not beyond {ends['from']}; let `to` exceed it"
        classes = config["datasets"][experiment["dataset"]]["classes"]
        for arm, block in experiment["arms"].items():
            yield from _class_mistakes(f"{where}.arms.{arm}.omit", block["omit"], classes)
            if len(block["omit"]) >= classes:
                yield f"{where}.arms.{arm}.omit: leaves no class to train on; keep at least one of the {classes}"
        for arm, block in experiment["bias"].items():
            if arm not in experiment["arms"]:
                yield f"{where}.bias: there is no arm {arm!r}{choices(arm, experiment['arms'])}"
            yield from _class_mistakes(f"{where}.bias.{arm}.classes", block["classes"], classes)
        arms = experiments.expanded(experiment)
        labels = {model: experiments.label(arms, model) for model in experiments.models(arms)}
        for model, label in labels.items():
            if list(labels.values()).count(label) > 1 and model != experiments.TEACHER:
                arm = experiments.arm_of(model)
                yield f"{where}.arms.{arm}.label: {label!r} would name two models; choose another"
        if "compared_with" in experiment:
            yield from _comparison_mistakes(config, name)
        if "published" in experiment and not (folder / experiment["published"]).is_file():
            yield f"{where}.published: there is no file {experiment['published']!r}; correct the path or remove the key"


def _comparison_mistakes(config: Mapping, name: str) -> Iterator[str]:
    """Experiments that cannot be compared: by name, by what their numbers are of, or for want of a common seed."""
    where, experiment = f"experiments.{name}.compared_with", config["experiments"][name]
    others = [other for other in config["experiments"] if other != name]
    other = experiment["compared_with"]
    if other not in others:
        yield f"{where}: there is no other experiment {other!r}{choices(other, others)}"
        return
    for key in ("dataset", "held_out"):
        if experiment.get(key) != (found := config["experiments"][other].get(key)):
            yield f"{where}: {other!r} has the {key} {found!r}, not {experiment.get(key)!r}; they must be the same"
    seeds = [experiments.seeds(config, both) for both in (name, other)]
    if not {*seeds[0]} & {*seeds[1]}:
        yield f"{where}: {name!r} has the seeds {seeds[0]}, {other!r} has {seeds[1]}; give them one in common"
    models = [experiments.models(experiments.expanded(config["experiments"][both])) for both in (name, other)]
    if not {*models[0]} & {*models[1]}:
        yield f"{where}: {name!r} and {other!r} have no model of the same name; compare it with another"


def _unshifted_mistakes(where: str, experiment: Mapping) -> Iterator[str]:
    """Arms of an ablation whose biases are not shifted, or not those of the same classes: its figure compares them."""
    classes = {arm: block["classes"] for arm, block in experiment["bias"].items()}
    for arm in experiment["arms"]:
        if arm not in classes:
            yield f"{where}.bias: the arm {arm!r} is missing; with `steps`, every arm has a bias, of the same classes"
    for arm, found in classes.items():
        first = next(iter(classes.values()))
        if found != first:
            yield f"{where}.bias.{arm}.classes: {found} are not {first}; with `steps`, all arms shift the same classes"


def _teacher_mistakes(config: Mapping, name: str) -> Iterator[str]:
    """Names of experiments whose teachers cannot be used."""
    experiment = config["experiments"][name]
    places = {"teacher": experiment}
    places |= {f"arms.{arm}.teacher": block for arm, block in experiment["arms"].items()}
    places |= {f"steps.{step}.teacher": block for step, block in experiment.get("steps", {}).items()}
    having = [other for other, block in config["experiments"].items() if isinstance(block["teacher"], Mapping)]
    for place, block in places.items():
        owner = block.get("teacher")
        if not isinstance(owner, str):
            continue
        where = f"experiments.{name}.{place}"
        if owner not in having:
            yield f"{where}: there is no experiment {owner!r} with a teacher of its own{choices(owner, having)}"
            continue
        for key in ("dataset", "held_out"):
            other = config["experiments"][owner].get(key)
            if other != experiment.get(key):
                yield f"{where}: {owner!r} has the {key} {other!r}, not {experiment.get(key)!r}; they must be the same"


def _class_mistakes(where: str, numbers: Iterable[int], classes: int) -> Iterator[str]:
    for number in numbers:
        if number >= classes:
            yield f"{where}: there is no class {number}; allowed: 0 to {classes - 1}"
