"""`snakemake help` names what can be asked for and changed."""

from help import help_text


def test_help_names_targets_knobs_and_three_commands():
    config = {"run": ["a"], "seeds": [0], "datasets": {"x": 1}, "experiments": {"a": {"t": {"x": True}}, "b": {"y": 1}}}
    said = help_text({"all": "All.", "b": "That."}, config)
    assert "  all  All.\n" in said
    assert "  seeds: [0]\n  experiments.a.t.x: true\n" in said
    assert "experiments.b" not in said
    assert said.count("\n  snakemake ") == 3
