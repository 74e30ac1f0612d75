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


NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        ("unseen_digits", "Test images of {}, which"),
        ("soft_targets", "told about {}, although"),
        ("crossed", "on {}, which"),
    ],
)
def test_classes_are_called_by_their_names_where_they_have_some(figure, says):
    config = NOTEBOOK["config"]
    text = (ROOT / f"report/{figure}.rst").read_text(encoding="utf-8")
    more = {"teacher_seeds": [0, 1]} if figure == "crossed" else {}
    manifest = {"config": {**config, "experiment": {**config["experiment"], **more}}}
    if figure == "crossed":
        arms = {"kd-no3": config["experiment"]["arms"]["kd-no3"]}
        manifest["config"]["experiment"] |= {"arms": arms, "bias": {"kd-no3": {"classes": [3], "value": 3.5}}}
    wildcards = {"experiment": "notebook"} | ({} if figure == "crossed" else {"arm": "kd-no3"})
    assert says.format("class 3") in caption(text, wildcards, manifest, {})
    manifest["config"]["dataset"] = {**config["dataset"], "class_names": NAMES}
    assert says.format("Dress") in caption(text, wildcards, manifest, {})


def test_a_figure_of_no_experiment_has_its_block_of_the_config():
    assert caption("class {{ snakemake.params.label }}", {}, None, {"class": 3}) == "<p>class 3</p>"


def test_what_a_caption_lacks_is_named():
    with pytest.raises(UserError, match="'dict object' has no attribute 'unheard'"):
        caption("{{ snakemake.params.unheard }}", {"experiment": "notebook"}, NOTEBOOK, {})
