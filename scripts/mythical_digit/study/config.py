"""The config as a whole: the types of what the command line gave, and every check before anything runs."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path

import yaml

from mythical_digit.errors import UserError
from mythical_digit.study import config_references, config_schema


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


def validate(config: Mapping, schema: Mapping, folder: Path) -> None:
    """Check `config` against its JSON schema, then what the schema cannot say; file names are relative to `folder`.

    Raises UserError for the first mistake: the key, what was found, what is allowed, what was probably meant.
    """
    for message in chain(config_schema.mistakes(config, schema), config_references.mistakes(config, schema, folder)):
        raise UserError(f"config.yaml: {message}")
