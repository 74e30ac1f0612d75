"""A recipe has a default for each key that the config may leave out, and for no other."""

from dataclasses import MISSING, fields

import pytest
import yaml
from project import ROOT

from mythical_digit.study.config import completed
from mythical_digit.study.recipe import Recipe

CONFIG = completed(yaml.safe_load((ROOT / "config.yaml").read_text()))
DEFS = yaml.safe_load((ROOT / "config.schema.yaml").read_text())["$defs"]


def test_the_keys_without_a_default_are_those_that_the_schema_requires():
    required = {field.name for field in fields(Recipe) if field.default is MISSING}
    for role in ("teacher", "student"):
        assert {*DEFS["experiment"]["properties"][role]["required"]} == required


def test_every_key_that_the_schema_allows_has_a_field():
    assert {*DEFS["recipe"]["properties"]} <= {field.name for field in fields(Recipe)}


def test_each_default_is_what_leaves_the_plain_training_alone():
    plain = Recipe(hidden=[30], dropout=0.5, epochs=3, batch_size=100, learning_rate=0.001)
    assert (plain.input_dropout, plain.jitter, plain.max_norm) == (0, 0, None)
    assert (plain.schedule, plain.order) == ("constant", "shuffled")


def test_what_the_config_says_replaces_the_default():
    paper = Recipe(**CONFIG["experiments"]["paper"]["teacher"])
    assert (paper.input_dropout, paper.jitter, paper.max_norm, paper.schedule) == (0.2, 2, 1.5, "one-cycle")


def test_a_key_that_no_recipe_has_is_an_error():
    with pytest.raises(TypeError, match="width"):
        Recipe(**CONFIG["experiments"]["paper"]["teacher"], width=3)
