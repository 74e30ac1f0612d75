"""`snakemake help` names what can be asked for and changed."""

import re
import shlex

import yaml
from project import ROOT

from help import examples, help_text
from mythical_digit.study.config import completed, over, typed, validate

SCHEMA = yaml.safe_load((ROOT / "config.schema.yaml").read_text())
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


def test_help_names_targets_knobs_and_three_commands():
    block = {"t": {"x": True}, "distillation": {"temperature": 4}}
    config = {"run": ["a"], "seeds": [0], "datasets": {"x": 1}, "experiments": {"a": block, "b": {"y": 1}}}
    said = help_text({"all": "All.", "b": "That."}, config)
    assert "  all  All.\n" in said
    assert "  seeds: [0]\n  experiments.a.t.x: true\n" in said
    assert "experiments.b" not in said
    assert said.count("\n  snakemake ") == 3


def test_each_example_can_be_followed_with_any_config():
    """Whatever `run` names first, and where there is no experiment `quick` or `notebook`."""
    renamed = yaml.safe_load(re.sub(r"\bnotebook\b", "mine", re.sub(r"\bquick\b", "look", yaml.safe_dump(CONFIG))))
    for config in (CONFIG, renamed):
        for first in config["experiments"]:
            check_examples({**config, "run": [first]})


def check_examples(config):
    found = [shlex.split(command) for command in examples(completed(config))]
    assert len(found) == 3
    for command in found:
        if "--config" in command:
            key, _, value = command[-1].partition("=")
            given = typed({key: yaml.load(value, yaml.BaseLoader)}, SCHEMA)
            validate(completed(over(config, given)), SCHEMA, ROOT)
        else:
            assert command[-1] in config["experiments"]
