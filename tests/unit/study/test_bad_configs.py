"""Bad configs made from the schema: for each node of it, each way to break what it asks for.

Each ends in one message that names the key. A node that no config of this test reaches fails it, so that no key of the
schema can be left out.
"""

import copy
import datetime
import json
import re
from collections.abc import Iterator

import pytest
import yaml
from project import ROOT

from mythical_digit.errors import UserError
from mythical_digit.study import yaml_syntax
from mythical_digit.study.config import completed, validate

SCHEMA = yaml.safe_load((ROOT / "config.schema.yaml").read_text())
RECIPE = {
    "hidden": [30, 20],
    "dropout": 0.5,
    "input_dropout": 0.2,
    "epochs": 3,
    "batch_size": 100,
    "learning_rate": 0.001,
    "schedule": "one-cycle",
    "jitter": 1,
    "order": "shuffled",
    "max_norm": 15,
}
DISTILLATION = {"temperature": 4, "alpha": 0.9, "scale_by_t_squared": False}


def complete_config() -> dict:
    """The project's config, and in it an experiment with every key that an experiment may have."""
    config = completed(yaml.safe_load((ROOT / "config.yaml").read_text()))
    experiment = {
        "dataset": "mnist",
        "seeds": [0, 1],
        "held_out": 100,
        "teacher": RECIPE,
        "student": RECIPE,
        "distillation": DISTILLATION,
        "arms": {"kd": {"label": "KD", "distilled": True, "omit": [3], "teacher": "complete", "student": RECIPE}},
        "bias": {"kd": {"classes": [3], "value": 3.5}},
    }
    experiment["arms"]["kd"]["distillation"] = DISTILLATION
    step = {"label": "a step", "teacher": "complete", "student": RECIPE, "distillation": DISTILLATION}
    sweep = {"student.hidden": [[30], [20]]}
    recipes = {"Here": {"arm": "kd"}, "There": {"experiment": "swept", "arm": "kd~hidden=30"}}
    config["experiments"] |= {
        "complete": {**experiment, "steps": {"step": step}, "recipes": recipes},
        "swept": {**experiment, "arms": {"kd": {**experiment["arms"]["kd"], "teacher": "swept"}}, "sweep": sweep},
    }
    config["experiments"] |= {
        "in-turn": {
            **{key: experiment[key] for key in ("dataset", "teacher", "student", "distillation")},
            "every_class": {"label": "KD", "distilled": True, "bias": 3.5, "classes": [3, 5]},
        }
    }
    config = completed(config)
    config["datasets"]["mnist"]["sources"].append({"folder": "somewhere"})
    config["datasets"]["mnist"] |= {"first_label": 0, "transposed": False}
    return json.loads(json.dumps(config))  # in which no block stands twice as the same object


CONFIG = complete_config()
JUNK = [None, True, 7, -1.5, "text", ["list"], {"key": "value"}]
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


def is_of(value: object, kinds: str | list[str]) -> bool:
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return any(isinstance(value, TYPES[kind]) and (kind == "boolean" or value is not True) for kind in kinds)


def nodes(node: dict, value: object, path: tuple = ()) -> Iterator[tuple[dict, tuple]]:
    """Each node of the schema as it stands there, with each path of the config that it is about."""
    yield node, path
    if "$ref" in node:
        yield from nodes(SCHEMA["$defs"][node["$ref"].rpartition("/")[2]], value, path)
    for alternative in node.get("oneOf", ()):
        if set(alternative["required"]) <= set(value):
            yield from nodes(alternative, value, path)
    if isinstance(value, dict):
        for key, inner in value.items():
            below = node.get("properties", {}).get(key, node.get("additionalProperties"))
            if isinstance(below, dict):
                yield from nodes(below, inner, (*path, key))
    elif "items" in node:
        for number, inner in enumerate(value):
            yield from nodes(node["items"], inner, (*path, number))


def all_nodes(node: dict) -> Iterator[dict]:
    """Every node of the schema, reached or not."""
    yield node
    below = [*node.get("properties", {}).values(), *node.get("oneOf", ()), *node.get("$defs", {}).values()]
    for inner in (*below, node.get("additionalProperties"), node.get("items")):
        if isinstance(inner, dict):
            yield from all_nodes(inner)


def is_number(node: dict) -> bool:
    return node.get("type") in ("integer", "number")


def with_what_it_names(node: dict) -> list[dict]:
    """A node of the schema and the definition that it refers to, if it does."""
    return [node, *([SCHEMA["$defs"][node["$ref"].rpartition("/")[2]]] if "$ref" in node else [])]


def broken_names(rule: dict, name: str) -> Iterator[tuple[str, str]]:
    """Names that break a demand on the keys of a mapping that has the key `name`, and what the message must say."""
    if "pattern" in rule:
        yield from ((key, "does not have the form") for key in ("§", f"{name}\n"))
    if "maxLength" in rule:
        yield "ab" * (rule["maxLength"] // 2) + "c", f"allowed: at most {rule['maxLength']}"
    forbidden = rule.get("not", {})
    yield from ((key, f"{key!r} is taken") for key in forbidden.get("enum", ()))
    if "pattern" in forbidden:
        yield from ((key, "the same characters 20 times") for key in ("a" * 20, "9" * 20, "x" + "ab-c" * 20))


def breaches(node: dict, value: object) -> Iterator[tuple[str, object, str]]:
    """Values that break one demand of a node: which demand, the value, what the message must say beside the path."""
    if "type" in node:
        yield from (("type", junk, repr(junk)) for junk in JUNK if not is_of(junk, node["type"]))
    if is_number(node):
        whole = node["type"] == "integer"
        step = 1 if whole else 1e-12
        below = [node["minimum"] - step, -(10**400), *(() if whole else (-1e300, 1e-300))]
        above = [node["maximum"] + 1, 10**30, 10**400, *(() if whole else (1e300,))]
        yield from (("minimum", number, "at least") for number in below if number < node["minimum"])
        yield from (("maximum", number, "at most") for number in above)
    if "enum" in node:
        yield from (("enum", f"{word}x", f"did you mean {word!r}?") for word in node["enum"])
    if "pattern" in node:
        yield "pattern", "§", "'§' does not have the form"
        yield "pattern", f"{value}\n", "does not have the form"
    if "propertyNames" in node:
        for rule in with_what_it_names(node["propertyNames"]):
            for key, says in broken_names(rule, next(iter(value))):
                yield "propertyNames", {**value, key: next(iter(value.values()))}, says
    if node.get("additionalProperties") is False and isinstance(value, dict):
        yield "additionalProperties", {**value, "unknown": 1}, "unknown key 'unknown'"
    if isinstance(value, dict):
        for key in node.get("required", ()):
            yield "required", {name: inner for name, inner in value.items() if name != key}, repr(key)
    for demand, empty in (("minItems", []), ("minProperties", {}), ("minLength", "")):
        if demand in node:
            yield demand, empty, "is empty"
    if "maxItems" in node:
        yield "maxItems", value * node["maxItems"], f"allowed: at most {node['maxItems']}"
    if "maxLength" in node:
        yield "maxLength", "x" * (node["maxLength"] + 1), f"allowed: at most {node['maxLength']}"
    if node.get("uniqueItems"):
        yield "uniqueItems", [*value, value[-1]] if value else [0, 0], "is listed twice"
    if "oneOf" in node:
        yield "oneOf", {"unknown": 1}, "none of the keys"


def replaced(path: tuple, value: object, config: dict = CONFIG) -> object:
    """The config with another value at `path`."""
    if not path:
        return value
    config = copy.deepcopy(config)
    block = config
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    return config


def at(path: tuple) -> object:
    value = CONFIG
    for key in path:
        value = value[key]
    return value


def written(path: tuple) -> str:
    """The path as messages give it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "top level"


def message_of(config: object) -> str:
    with pytest.raises(UserError) as caught:
        validate(config, SCHEMA, ROOT)
    return str(caught.value)


# One place of the config for each node of the schema.
PLACES = {id(node): (node, path) for node, path in reversed(list(nodes(SCHEMA, CONFIG)))}
CASES = [
    pytest.param(path, value, says, id=f"{written(path)}-{demand}-{number}")
    for node, path in PLACES.values()
    for number, (demand, value, says) in enumerate(breaches(node, at(path)))
]


NUMBERS = [path for node, path in PLACES.values() if node.get("type") in ("integer", "number")]


def test_the_config_that_is_broken_below_is_valid_and_has_every_key():
    validate(CONFIG, SCHEMA, ROOT)
    names = [SCHEMA["$defs"]["name"], SCHEMA["$defs"]["name"]["not"]]  # of keys, which are broken as `propertyNames`
    assert [node for node in all_nodes(SCHEMA) if id(node) not in PLACES and node not in names] == []


def test_every_number_has_a_smallest_and_a_largest_value():
    """A number without one is somewhere too large for the library that takes it."""
    numbers = [node for node in all_nodes(SCHEMA) if is_number(node)]
    assert len(numbers) > 15
    assert [node for node in numbers if not {"minimum", "maximum"} <= {*node}] == []


def test_each_demand_of_the_schema_is_broken():
    demands = {demand for node, path in PLACES.values() for demand, _, _ in breaches(node, at(path))}
    structure = {"$schema", "$defs", "$ref", "description", "properties", "items", "not"}
    assert {key for node in all_nodes(SCHEMA) for key in node} - structure <= demands


def test_there_are_many():
    assert len(CASES) > 300


@pytest.mark.parametrize(("path", "value", "says"), CASES)
def test_a_breach_of_the_schema_is_named(path, value, says):
    message = message_of(replaced(path, value))
    assert "\n" not in message
    assert message.startswith(f"config.yaml: {written(path)}")
    assert says in message


@pytest.mark.parametrize("path", NUMBERS, ids=written)
@pytest.mark.parametrize("form", [str, float, "{:.9e}".format])
def test_the_hint_for_a_number_in_quotes_can_be_followed(path, form):
    text = str(form(at(path)))
    (hint,) = re.findall(r"; write (\S+) without quotes$", message_of(replaced(path, text)))
    config = replaced(path, yaml.safe_load(hint))
    validate(config, SCHEMA, ROOT)
    assert float(hint) == float(text)


# Two experiments are enough to follow hints in, and quick to check.
SMALL = CONFIG | {
    "run": ["complete"],
    "experiments": {key: CONFIG["experiments"][key] for key in ("complete", "swept")},
}


def forms(value: object) -> Iterator[str]:
    """Ways to write a value in a wrong type or a wrong form, as they stand in the file."""
    yield from ("null", "true", "No", "7", "010", "1:30", "-1.5", "text", "[list]", "{0: 1}", "2026-01-01", "[0")
    if isinstance(value, list):
        yield from (f"{item}" for item in value[:1] if not isinstance(item, dict))
    elif not isinstance(value, dict):
        yield from (f"'{value}'", f"{value}x", f"[{value}]")
    if isinstance(value, int | float):
        yield from (f"{float(value)}", f"{value:.9e}")


def read(text: str) -> object:
    """The value of a text on the command line, which stays one where YAML cannot read it or takes it for another."""
    if yaml_syntax.AMBIGUOUS.fullmatch(text):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def followed(message: str, text: str) -> Iterator[object]:
    """What a message says to write in the place of `text`."""
    if message.endswith("; put what you wrote in quotes"):
        yield text
    if message.endswith("is not text; put it in quotes"):
        yield {str(key): value for key, value in read(text).items()}
    for hint in re.findall(r"; write (.+?)(?: without quotes)?$", message):
        yield yaml.safe_load(hint)
    yield from re.findall(r"did you mean '(.+?)'\?", message)


def said_of(path, value):
    try:
        validate(replaced(path, value, SMALL), SCHEMA, ROOT)
    except UserError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "path", [path for _, path in {id(n): (n, p) for n, p in nodes(SCHEMA, SMALL)}.values() if path], ids=written
)
def test_every_hint_can_be_followed(path):
    """What is then said, if anything, is about another place."""
    for text in forms(at(path)):
        message = said_of(path, read(text))
        for hint in followed(message, text) if message.startswith(f"config.yaml: {written(path)}: ") else ():
            again = said_of(path, hint)
            assert f"{written(path)}: " not in again, (message, again)


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        (("experiments", "complete", "arms", "kd", "distilled"), "true", "write true without quotes"),
        (("experiments", "complete", "arms", "kd", "label"), 7, "put what you wrote in quotes"),
        (("experiments", "complete", "note"), datetime.date(2026, 1, 2), "put what you wrote in quotes"),
        (("experiments", "complete", "teacher", "hidden"), 300, "write [300]"),
        (("experiments", "complete", "teacher", "epochs"), "3", "write 3 without quotes"),
        (("experiments", "complete", "teacher", "epochs"), 3.0, "write 3"),
        (("seeds",), "[0, 1]", "write [0, 1] without quotes"),
    ],
)
def test_a_value_in_the_wrong_type_is_shown_in_the_right_one(path, value, hint):
    assert message_of(replaced(path, value)).endswith(f"; {hint}")


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "nan", "inf", "three", True, 2.5, [3]])
def test_no_number_is_suggested_that_would_be_refused(value):
    message = message_of(replaced(("experiments", "notebook", "student", "epochs"), value))
    assert message.endswith("is not a whole number")


def test_a_number_too_small_for_plain_digits_is_suggested_in_the_form_that_yaml_reads():
    path = ("experiments", "notebook", "student", "learning_rate")
    assert message_of(replaced(path, "1e-7")).endswith("; write 1.0e-07 without quotes")
