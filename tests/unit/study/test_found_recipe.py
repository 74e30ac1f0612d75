"""The experiments that confirm a search train by the recipe that it found, and not with its seeds."""

import json
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent.parent
EXPERIMENTS = yaml.safe_load((ROOT / "config.yaml").read_text())["experiments"]


@pytest.mark.parametrize("name", ["found", "fashion-found"])
def test_the_recipe_is_the_one_that_was_found(name):
    found = json.loads((ROOT / "results/published/search/found.json").read_text())
    assert EXPERIMENTS[name]["student"] == found["student"]
    assert EXPERIMENTS[name]["distillation"] == found["distillation"]


def test_its_seeds_and_unseen_classes_had_no_part_in_the_search():
    search, found = EXPERIMENTS["search"], EXPERIMENTS["found"]
    assert not {*found["seeds"]} & {*search["seeds"]}
    left_out = {label for arm in search["arms"].values() for label in arm["omit"]}
    assert {*found["every_class"]["classes"]} == {*range(10)} - left_out
