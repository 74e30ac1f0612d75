"""The README says what is so: its table is the published one, its links lead somewhere, no config key is left out."""

import re

import yaml
from project import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def table_rows(text):
    return [line for line in text.splitlines() if line.startswith("|")]


def test_the_table_is_the_published_one():
    published = (ROOT / "results/published/notebook/table.md").read_text(encoding="utf-8")
    measured = re.search(r"## Measured\n(.*?)\n## ", published, re.DOTALL)[1]
    shown = re.search(r"<!-- table:.*?-->\n(.*?)<!-- end of table -->", README, re.DOTALL)[1]
    assert table_rows(shown) == table_rows(measured)


def test_every_file_that_it_names_in_the_repository_is_there():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if not link.startswith("http")]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_config_key_is_explained():
    schema = yaml.safe_load((ROOT / "config.schema.yaml").read_text())
    named_by_people = {"name", "files", "sources"}

    def keys(block):
        for key, value in block.get("properties", {}).items():
            yield key
            yield from keys(value)
        for inner in (block.get("additionalProperties"), block.get("items")):
            if isinstance(inner, dict):
                yield from keys(inner)

    definitions = schema["$defs"]
    wanted = {*keys(schema), *(key for name in ("experiment", "recipe", "dataset") for key in keys(definitions[name]))}
    wanted = {key for key in wanted - named_by_people if not key.endswith("-ubyte")}
    assert {key for key in wanted if not re.search(rf"`[^`]*\b{re.escape(key)}\b[^`]*`", README)} == set()


def test_its_commands_are_two_and_can_be_pasted():
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    assert [block.count("\n") for block in blocks[:2]] == [1, 1]
    assert blocks[0].strip().endswith("snakemake --cores 4")
    assert "pytest" in blocks[1]
