"""The index of results/published/ names every file there, and only these."""

import re

from project import ROOT

import publish_index

PUBLISHED = ROOT / "results/published"


def test_every_published_file_is_linked():
    files = {path.relative_to(PUBLISHED).as_posix() for path in PUBLISHED.rglob("*") if path.is_file()} - {"README.md"}
    text = (PUBLISHED / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([^)#]+)\)", text)) == files
    assert text == publish_index.index(files), "make it anew: snakemake --cores 1 results/published/README.md"


def test_it_says_what_each_folder_is_of_and_from_which_experiment():
    text = publish_index.index(["notebook/manifest.json", "notebook/a/b.svg", "speed/speed.csv", "unheard-of/x.md"])
    assert "| [notebook](#notebook) | The study, by its own recipe | the experiment `notebook` |" in text
    assert "| [speed](#speed) | How fast it is | `benchmarks/speed.py` |" in text
    assert "- figures: [a/b.svg](notebook/a/b.svg)" in text
    assert text.index("## speed") < text.index("## unheard-of")
