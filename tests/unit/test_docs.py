"""The pages say what is so: links lead somewhere, numbers are the published ones, no rule or key is left out."""

import csv
import re
import subprocess
from itertools import chain

import pytest
import yaml
from project import ROOT

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("reference/*.md")])
}
README, RESULTS = PAGES["README.md"], PAGES["docs/results.md"]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
RULES = [path.read_text(encoding="utf-8") for path in (ROOT / "rules").glob("*.smk")]
MEAN = re.compile(r"([−-]?[\d,]+(?:\.\d+)?) ± (\d+(?:\.\d+)?)")
MOST_WORDS = 900


def table_rows(text):
    return [line for line in text.splitlines() if line.startswith("|")]


def first_cells(page, heading=None):
    """The names in backquotes in the first cells of a page's tables; with a heading, of those of its section."""
    text = PAGES[page]
    if heading:
        text = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)[1]
    return {name for row in table_rows(text) for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def marked_table(page):
    """The table of a page that is marked as copied, and the published one."""
    path, shown = re.search(r"<!-- table: from (\S+) -->\n(.*?)<!-- end of table -->", page, re.DOTALL).groups()
    measured = re.search(r"## Measured\n(.*?)\n## ", (ROOT / path).read_text(encoding="utf-8"), re.DOTALL)[1]
    return table_rows(shown), table_rows(measured)


def test_the_table_of_results_is_the_published_one():
    shown, measured = marked_table(RESULTS)
    assert shown == measured


def test_the_readme_shows_the_unseen_class_the_average_and_the_errors_as_published():
    shown, measured = marked_table(README)
    assert shown == [row for row in measured if row.split("|")[1].strip() in ("Class", "---", "3", "Avg", "Errors")]


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def published_means():
    """Every mean with its half-width in the published tables; of an accuracy in percent, the error rate too."""
    for path in sorted((ROOT / "results/published").rglob("*.md")):
        for mean, halfwidth in MEAN.findall(path.read_text(encoding="utf-8")):
            yield number(mean), number(halfwidth)
            yield 100 - number(mean), number(halfwidth)


def rounds_to(value, shown):
    """Is `shown` the value, rounded to as many digits as it has?"""
    return abs(value - number(shown)) <= 0.5 * 10.0 ** -len(shown.partition(".")[2]) + 1e-9


@pytest.mark.parametrize("page", ["README.md", "docs/results.md", "docs/differences.md", "docs/speed.md"])
def test_every_mean_with_an_interval_was_published(page):
    published, shown = set(published_means()), MEAN.findall(PAGES[page])
    assert shown
    wrong = [
        f"{mean} ± {halfwidth}"
        for mean, halfwidth in shown
        if not any(rounds_to(m, mean) and rounds_to(h, halfwidth) for m, h in published)
    ]
    assert wrong == [], "these are not in any table of results/published/"


def test_the_number_of_verdicts_is_the_published_one():
    with (ROOT / "results/published/claims/claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = [row["verdict"] for row in rows if row["kind"] == "number" and not row["same_as"]]
    findings = [row["verdict"] for row in rows if row["kind"] == "conclusion"]
    differing = sum(verdict.startswith("differs") for verdict in numbers)
    for text in (README, RESULTS):
        assert f"Of {len(findings)} conclusions, {findings.count('holds')} hold" in text.replace("*", "")
        assert f"Of {len(numbers)} published numbers, {numbers.count('reproduced')} are reproduced" in text
        assert re.search(rf"{numbers.count('compatible')}\s(are\s)?compatible", text)
        assert re.search(rf"{differing} differ|Outside are {differing}", text)
        assert re.search(rf"{numbers.count('contradicts itself')} contradict", text)


def slug(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]) if not link.startswith("http")]
    broken = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists():
            broken.append(link)
        elif anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            broken += [] if anchor in map(slug, headings) else [link]
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_the_files_that_a_page_names_are_there(page):
    folders = "docs|envs|profiles|reference|report|results/published|rules|scripts|tests"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", PAGES[page])
    assert [path for path in named if "EXPERIMENT" not in path and not (ROOT / path).exists()] == []


def test_every_page_is_in_the_index():
    linked = {link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", PAGES["docs/README.md"])}
    pages = {page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")} - {"README.md"}
    assert pages - linked == set(), "add these pages to the table in docs/README.md"


def test_the_readme_is_short():
    words = [word for word in README.split() if re.search(r"\w", word)]
    assert len(words) <= MOST_WORDS, "move what need not be in the README to docs/"


def test_the_readme_has_a_map_of_all_folders():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    folders = {path.split("/")[0] for path in tracked if "/" in path and not path.startswith(".")}
    assert folders - set(re.findall(r"`(\w+)/`", README)) == set(), "add these folders to the map in the README"


def test_every_rule_is_listed():
    names = chain.from_iterable(
        re.findall(r"^(?:(?:rule|checkpoint) (\w+):|use rule \w+ as (\w+) with:)", text, re.MULTILINE) for text in RULES
    )
    rules = {"".join(pair) for pair in names}
    listed = first_cells("docs/files.md")
    assert rules - listed == set(), "add these rules to the table of their phase in docs/files.md"
    assert listed - rules - {"all", *CONFIG["experiments"]} == set(), "docs/files.md lists rules that are gone"


def test_every_target_is_listed():
    """A rule with a docstring is a target, and so is each experiment."""
    documented = chain.from_iterable(
        re.findall(r'^rule (\w+):\n    """', text, re.MULTILINE)
        for text in (*RULES, (ROOT / "Snakefile").read_text(encoding="utf-8"))
    )
    targets = {*documented, *CONFIG["experiments"]}
    listed = first_cells("docs/files.md", "Targets")
    assert targets - listed == set(), "add these targets to the table under 'Targets' in docs/files.md"
    assert listed - targets == set(), "docs/files.md lists targets that are gone"


def test_every_config_key_is_explained():
    schema = yaml.safe_load((ROOT / "config.schema.yaml").read_text(encoding="utf-8"))
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
    named = "\n".join(re.findall(r"`[^`]+`", PAGES["docs/configuration.md"]))
    missing = {key for key in wanted if not re.search(rf"\b{re.escape(key)}\b", named)}
    assert missing == set(), "explain these keys in docs/configuration.md"


def test_the_readmes_first_two_blocks_are_the_commands_that_ci_runs():
    """.ci/run takes them by their position among all fenced blocks."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)[:2]
    assert [kind for kind, _ in blocks] == ["sh", "sh"]
    assert [block.count("\n") for _, block in blocks] == [1, 1]
    assert blocks[0][1].strip().endswith("snakemake --cores 4")
    assert blocks[1][1].strip().endswith("pytest -n auto")
