"""Check what was read from YAML against a JSON schema, with messages for people."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches

import jsonschema
import yaml
from jsonschema.exceptions import ValidationError

from mythical_digit.errors import UserError


def check_schema(record: object, schema: Mapping, name: str) -> None:
    """Check what was read from the YAML file `name` against its JSON schema. Raises UserError for the first mistake."""
    for message in mistakes(record, schema):
        raise UserError(f"{name}: {message}")


def mistakes(value: object, schema: Mapping, at: tuple = ()) -> Iterator[str]:
    """Yield a message for each place where `value`, found at the path `at`, does not fit its JSON schema."""
    others = [(path, key) for path, key in _keys(value) if not isinstance(key, str)]
    value = _with_text_keys(value) if others else value
    errors = list(_Validator(schema).iter_errors(value))
    wrong = [tuple(error.absolute_path) for error in errors]
    for path, key in others:
        if not any(path[: len(other)] == other for other in wrong):  # a name that is not allowed needs no quotes
            yield f"{_join((*at, *path))}: the key {key!r} is not text; put it in quotes"
            return
    # In the order of the file: a mistake in a block that others repeat is reported in the block itself.
    for error in sorted(errors, key=lambda e: (e.validator not in _FIRST, _place(value, e.absolute_path))):
        chosen = _of_chosen_alternative(error)
        yield f"{_join((*at, *chosen.absolute_path))}: {_message(chosen, schema.get('$defs', {}))}"


def choices(found: object, allowed: Iterable) -> str:
    """The end of a message on a name that is not allowed: the nearest one that is, if one is near, and all of them."""
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


def _pattern(validator: object, pattern: str, value: object, _schema: Mapping) -> Iterator[ValidationError]:
    """A `$` at the end of a pattern is the end of the text, as in JavaScript; Python's is also before a line feed."""
    if validator.is_type(value, "string") and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError("")


_Validator = jsonschema.validators.extend(_BASE, {"pattern": _pattern}, type_checker=_TYPES)

# An unknown key is often a misspelt one: report it before the missing key that it should have been.
_FIRST = ("additionalProperties", "propertyNames")


def _keys(value: object, path: tuple = ()) -> Iterator[tuple[tuple, object]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(value, Mapping):
            yield path, key
        yield from _keys(item, (*path, key))


def _with_text_keys(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value


def _place(value: object, path: Iterable) -> list[int]:
    """Where a path leads: the number of each of its keys and items in their order, which sorts like the file."""
    numbers = []
    for part in path:
        numbers.append(list(value).index(part) if isinstance(value, Mapping) else part)
        value = value[part]
    return numbers


def _of_chosen_alternative(error: ValidationError) -> ValidationError:
    """For an item that fits no alternative of a `oneOf`: its first mistake as the alternative that it resembles."""
    if error.validator != "oneOf" or not isinstance(error.instance, Mapping):
        return error
    for number, alternative in enumerate(error.validator_value):
        if alternative["required"][0] in error.instance:
            below = [e for e in error.context if e.schema_path[0] == number]
            return min(below, key=lambda e: e.validator not in _FIRST)
    return error


def _message(error: ValidationError, definitions: Mapping) -> str:
    value, rule = error.instance, error.validator_value
    match error.validator:
        case "additionalProperties":
            unknown = next(key for key in value if key not in error.schema["properties"])
            return f"unknown key {unknown!r}{choices(unknown, error.schema['properties'])}"
        case "required":
            return f"the key {next(key for key in rule if key not in value)!r} is missing"
        case "oneOf":
            kinds = ", ".join(repr(alternative["required"][0]) for alternative in rule)
            return f"{_shown(value)} has none of the keys {kinds}; give one"
        case "type":
            kinds = [rule] if isinstance(rule, str) else rule
            return (
                f"{_shown(value)} is not {' or '.join(_TYPE_NAMES[kind] for kind in kinds)}{_hint(error, definitions)}"
            )
        case "enum":
            return f"{_shown(value)} is not allowed{choices(value, rule)}"
        case "not" if "pattern" in rule:
            return f"the name {_shown(value)} ends with the same characters 20 times over; choose another"
        case "not":
            return f"the name {value!r} is taken by the pipeline; choose another"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum":
            return f"{_shown(value)} is out of range; allowed: {_range(error.schema)}{_described(error.schema)}"
        case "minItems" | "minProperties" | "minLength":
            return "is empty; give at least one"
        case "maxItems":
            return f"has {len(value)} items; allowed: at most {rule}"
        case "maxLength":
            return f"{_shown(value)} has {len(value)} characters; allowed: at most {rule}"
        case "uniqueItems":
            repeated = next(item for number, item in enumerate(value) if item in value[:number])
            return f"{_shown(repeated)} is listed twice; remove one"
        case "pattern":
            return f"{_shown(value)} does not have the form {rule}{_described(error.schema)}"
    return error.message


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
    """The path of a key as `experiments.notebook.arms`, of an item as `seeds[2]`, of everything as `top level`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "top level"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _described(schema: Mapping) -> str:
    return f" ({schema['description'].rstrip('.')})" if "description" in schema else ""


def _hint(error: ValidationError, definitions: Mapping) -> str:
    """How to write a value of another type so that the schema allows it: only what it allows is suggested."""
    value, allowed = error.instance, _Validator({**error.schema, "$defs": definitions})
    if isinstance(value, str):
        for written in _meant(value):
            if not isinstance(written, str) and allowed.is_valid(written):
                return f"; write {_as_yaml(written)} without quotes"
        if error.schema["type"] in ("object", "array"):
            return _not_yaml(value)
    elif isinstance(value, float) and value.is_integer() and allowed.is_valid(int(value)):
        return f"; write {int(value)}"
    if isinstance(value, Mapping | list) or value is None:
        return ""
    if not isinstance(value, str) and "minLength" in error.schema and allowed.is_valid(_as_yaml(value)):
        return "; put what you wrote in quotes"  # No and 010 are no longer what was written
    if allowed.is_valid([value]):
        return f"; write {_as_yaml([value])}"
    return ""


def _not_yaml(text: str) -> str:
    """Why a text that should be a list or a mapping is none: Snakemake hands on what it cannot read of `--config`."""
    try:
        yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark.index
        colon = "; if it belongs to a text, put that in quotes" if text[place : place + 1] == ":" else ""
        return f"; not valid YAML (character {place + 1}): {error.problem}{colon}"
    except (yaml.YAMLError, ValueError):
        pass
    return ""


def _meant(text: str) -> Iterator[object]:
    """What a text in quotes may have been meant as: a number such as 1e-3 (to YAML, only 1.0e-3 is one), or true."""
    with suppress(ValueError, OverflowError):
        number = float(text)
        whole = number.is_integer() and abs(number) < 2**53  # beyond, a float may be another number
        yield int(number) if whole else number
    with suppress(yaml.YAMLError, ValueError):
        yield yaml.safe_load(text)


def _as_yaml(value: object) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=math.inf).removesuffix("...\n").strip()


def _range(schema: Mapping) -> str:
    return ", ".join(f"{sign} {schema[key]}" for key, sign in _SIGNS.items() if key in schema)
