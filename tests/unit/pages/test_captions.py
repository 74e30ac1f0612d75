"""Captions from their templates, with what a manifest says of the experiment."""

import pytest
from project import ROOT

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_json
from mythical_digit.pages.captions import caption

NOTEBOOK = read_json(ROOT / "results/published/notebook/manifest.json")


def test_a_caption_says_what_the_figure_is_of():
    text = (
        "*{{ snakemake.params.labels[snakemake.wildcards.arm] }}* of <{{ snakemake.wildcards.experiment }}>\n\n"
        "at\nT {{ snakemake.params.temperature }}, class {{ snakemake.params.omitted }}"
    )
    found = caption(text, {"experiment": "notebook", "arm": "kd-no3"}, NOTEBOOK, {})
    assert found == "<p><em>KD No3</em> of &lt;notebook&gt;</p>\n<p>at T 4, class 3</p>"


def test_a_figure_of_no_experiment_has_its_block_of_the_config():
    assert caption("class {{ snakemake.params.label }}", {}, None, {"class": 3}) == "<p>class 3</p>"


def test_what_a_caption_lacks_is_named():
    with pytest.raises(UserError, match="'dict object' has no attribute 'unheard'"):
        caption("{{ snakemake.params.unheard }}", {"experiment": "notebook"}, NOTEBOOK, {})
