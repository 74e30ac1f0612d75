"""The config as a whole: the types of what the command line gave, and every check before anything runs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import yaml

from mythical_digit.errors import UserError
from mythical_digit.study import config_references, config_schema, experiments, page_references, yaml_syntax

USUAL = "config.yaml: "  # where a mistake is, unless `blamed` finds another source


def typed(value: object, schema: Mapping, node: Mapping | None = None) -> object:
    """A value from the command line with the types that YAML would give it, at any depth.

    Snakemake reads the lists and mappings of `--config` as lists and mappings of text: `seeds=[0]` arrives as ["0"].
    What the `schema` of the config wants as text stays as it is, whatever it looks like. `node` is the part of the
    schema that the value must fit: at first, all of it.
    """
    node = schema if node is None else node
    if "$ref" in node:
        node = {**schema["$defs"][node["$ref"].rpartition("/")[2]], **node}
    if isinstance(value, Mapping):
        known, others = node.get("properties", {}), node.get("additionalProperties")
        others = others if isinstance(others, Mapping) else {}
        for alternative in node.get("oneOf", ()):
            known = {**known, **alternative.get("properties", {})}
        return {key: typed(item, schema, known.get(key, others)) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item, schema, node.get("items", {})) for item in value]
    if isinstance(value, str) and "string" not in _types(node):
        return _read(value)
    return value


def _types(node: Mapping) -> list[str]:
    kinds = node.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def _read(text: str) -> object:
    """What YAML reads a text as that stands alone: a number, true, null, ... Any other text stays whole, with its #."""
    with suppress(yaml.YAMLError, ValueError):
        (token,) = [each for each in yaml.scan(text) if isinstance(each, yaml.ScalarToken)]
        if token.value == text and not yaml_syntax.AMBIGUOUS.fullmatch(text):
            return yaml.safe_load(text)
    return text


# What an experiment that continues another may have otherwise.
OWN = {"seeds", "continues", "about", "note", "published", "published_history", "compared_with"}


def completed(config: Mapping) -> dict:
    """The config in which each experiment that continues another has all other keys of it, and `every_class` its arms.

    So a knob that is turned in the one, by the command line too, is turned in both.

    Raises UserError if that experiment is missing, or the one that continues it says anything else of its own.
    """
    blocks = config.get("experiments")
    if not isinstance(blocks, Mapping):
        return dict(config)
    blocks = {name: _completed(name, block, blocks) for name, block in blocks.items()}
    return {**config, "experiments": {name: _with_arms(block, config) for name, block in blocks.items()}}


def _with_arms(block: object, config: Mapping) -> object:
    """An experiment with the arms of its `every_class`; without any where that is wrong, as the schema then says."""
    if not isinstance(block, Mapping) or "every_class" not in block:
        return block
    try:
        return experiments.left_out_in_turn(block, config["datasets"][block["dataset"]])
    except (AttributeError, LookupError, TypeError):
        return {"arms": {}, "bias": {}, **block}


def _completed(name: str, block: object, blocks: Mapping) -> object:
    if not isinstance(block, Mapping) or "continues" not in block:
        return block
    where, other = f"{USUAL}experiments.{name}.continues", block["continues"]
    others = [each for each in blocks if isinstance(blocks[each], Mapping) and "continues" not in blocks[each]]
    if other not in others:
        raise UserError(f"{where}: there is no experiment {other!r} to continue{config_schema.choices(other, others)}")
    theirs = {key: value for key, value in blocks[other].items() if key != "seeds"}
    for key in sorted(({*block} & {*theirs}) - OWN):
        if block[key] != theirs[key]:
            raise UserError(
                f"{where}: its {key!r} is not that of {other!r}, from which only seeds may differ; remove it"
            )
    if unknown := sorted({*block} - {*theirs} - OWN):
        raise UserError(f"{where}: {other!r} has no {unknown[0]!r}; remove it, or remove `continues`")
    return {**theirs, **block}


def validate(config: Mapping, schema: Mapping, folder: Path) -> None:
    """Check `config` against its JSON schema, then what the schema cannot say; file names are relative to `folder`.

    Raises UserError for the first mistake: the key, what was found, what is allowed, what was probably meant.
    """
    for message in _mistakes(config, schema, folder):
        raise UserError(f"{USUAL}{message}")


def blamed(error: UserError, parts: Sequence[tuple[str, Mapping]], schema: Mapping, folder: Path) -> str:
    """The message of `validate` or `completed` with the source of the mistake, which may not be config.yaml.

    `parts` are what the config was put together from, by the names of their sources, each over those before it. The
    source is that of the first part with which the mistake is there; `config` where that is so with none.
    """
    message, config = str(error).removeprefix(USUAL), {}
    for source, part in parts:
        config = over(config, part)
        try:
            found = _mistakes(completed(config), schema, folder)
            same = any(_place_and_fault(each) == _place_and_fault(message) for each in found)
        except UserError as other:
            same = _place_and_fault(str(other).removeprefix(USUAL)) == _place_and_fault(message)
        if same:
            return f"{source}: {message}"
    return f"config: {message}"


def _mistakes(config: Mapping, schema: Mapping, folder: Path) -> Iterator[str]:
    fits = True
    for message in config_schema.mistakes(config, schema):
        fits = False
        yield message
    if fits:
        yield from config_references.mistakes(config, schema, folder)
        yield from page_references.mistakes(config)


def _place_and_fault(message: str) -> str:
    """A message without what is allowed, which may be more once another part has been added."""
    return message.partition("; ")[0]


def over(config: Mapping, part: Mapping) -> dict:
    """The config with the values of `part` in the place of its own, at any depth."""
    both = {key: over(config[key], part[key]) for key in part if _nested(config.get(key)) and _nested(part[key])}
    return {**config, **part, **both}


def _nested(value: object) -> bool:
    return isinstance(value, Mapping)
