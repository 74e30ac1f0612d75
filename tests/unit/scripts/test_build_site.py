"""The site: links that lead somewhere, numbers that are in the files it names, everything that was published."""

import csv
import html
import os
import re
import shutil
from html.parser import HTMLParser

import pytest
from project import ROOT

import build_site
from mythical_digit.errors import UserError
from mythical_digit.files.checksums import sha256
from mythical_digit.files.records import read_json, write_json
from mythical_digit.pages import front, markup
from mythical_digit.pages.published import TITLES, folders

PUBLISHED = ROOT / "results/published"
CLAIMS = list(csv.DictReader((PUBLISHED / "claims/claims.csv").open(encoding="utf-8", newline="")))


@pytest.fixture(scope="module")
def files():
    return build_site.site(PUBLISHED, ROOT)


@pytest.fixture(scope="module")
def pages(files):
    return {path: content.decode() for path, content in files.items() if path.endswith(".html")}


class Page(HTMLParser):
    """The links and the names of places of a page, and the text and numbers of what names a CSV file."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places, self.values, self.texts = [], set(), [], []
        self.named, self.inside = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.links += [found[key] for key in ("href", "src") if key in found]
        self.places.add(found.get("id"))
        if tag in ("section", "table"):
            self.named.append(found.get("data-csv"))
        if tag == "data":
            self.inside = found["value"]

    def handle_endtag(self, tag):
        if tag in ("section", "table"):
            self.named.pop()
        if tag == "data":
            self.inside = None

    def handle_data(self, text):
        names = next((names.split() for names in reversed(self.named) if names), [])
        if self.inside is not None:
            self.values.append((names, self.inside, text))
        elif names and text.strip():
            self.texts.append((names, " ".join(text.split())))


def test_every_link_leads_to_a_file_and_a_place_on_it(files, pages):
    parsed = {path: Page(text) for path, text in pages.items() if not (PUBLISHED / path).exists()}
    broken, counted = [], 0
    for path, page in parsed.items():
        for link in page.links:
            if link.startswith("data:"):
                continue
            counted += 1
            target, _, place = link.partition("#")
            there = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            if there not in files or (place and place not in parsed[there].places):
                broken.append(f"{path}: {link}")
    assert broken == []
    assert counted > 1000


def test_it_needs_no_network(pages):
    loading = r"""<(?:img|script|iframe|link)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//|@import|url\("""
    assert [path for path, text in pages.items() if "code/" not in path and re.search(loading, text)] == []


def test_it_is_small_and_the_same_each_time(files):
    assert sum(map(len, files.values())) < 10e6
    again = build_site.site(PUBLISHED, ROOT)
    assert list(again) == list(files)
    assert [path for path in files if again[path] != files[path]] == []


def cells(names):
    return {
        cell
        for name in names
        for row in csv.reader((PUBLISHED / name).open(encoding="utf-8", newline=""))
        for cell in row
    }


def test_every_number_is_in_the_files_that_its_section_names(pages):
    """A number that is not a cell of these files is in a cell with words, or counts rows."""
    wrong, counted = [], 0
    for path in ("index.html", "evidence.html"):
        page = Page(pages[path])
        for names, value, text in page.values:
            counted += 1
            shown = text.replace("−", "-")
            decimals = len(shown.partition(".")[2])
            if value not in cells(names) or abs(float(value) - float(shown)) > 0.5 * 10**-decimals + 1e-12:
                wrong.append(f"{path}: {value} as {text}")
        for names, text in page.texts:
            known = " ".join(cells(names))
            words = re.sub(r"95 %|class(es)? \d|\d+ numbers", "", text)
            wrong += [f"{path}: {found}" for found in re.findall(r"\d+\.\d+", words) if found not in known]
    assert wrong == []
    assert counted > 600


def test_the_front_page_counts_the_verdicts(pages):
    text = " ".join(re.sub("<.*?>", "", pages["index.html"]).split())
    conclusions = [row["verdict"] for row in CLAIMS if row["kind"] == "conclusion"]
    numbers = [row["verdict"] for row in CLAIMS if row["kind"] == "number" and not row["same_as"]]
    assert f"Of {len(conclusions)} conclusions, {conclusions.count('holds')} hold" in text
    assert f"{len(numbers)} published numbers, {numbers.count('reproduced')} are reproduced" in text
    assert f"{numbers.count('compatible')} are compatible" in text
    assert f"{sum(verdict.startswith('differs') for verdict in numbers)} differ" in text


def test_every_conclusion_and_number_leads_to_its_files_and_its_code(pages):
    for row in CLAIMS:
        block = re.search(
            rf'id="{re.escape(html.escape(row["id"]))}">.*?(?=<li id=|<tr id=|</ul>|</tbody>)',
            pages["evidence.html"],
            re.S,
        )
        assert block, row["id"]
        assert html.escape(row["says"]) in block[0]
        assert 'href="claims/claims.csv"' in block[0]
        assert 'href="code/scripts/mythical_digit/claims/' in block[0]


def test_all_that_is_published_is_on_it(files, pages):
    tracked = [path.relative_to(PUBLISHED).as_posix() for path in PUBLISHED.rglob("*") if path.is_file()]
    for folder in folders(tracked):
        page = pages[f"{folder.name}/index.html"]
        assert html.escape(folder.title) in page
        shown = [name for name in folder.figures if build_site.is_shown(f"{folder.name}/{name}.png")]
        for name in shown:
            assert files[f"{folder.name}/{name}.webp"]
            assert f'src="{name}.webp"' in page
        for name in folder.files:
            linked = name.rpartition(".")[0] in shown or f'href="{name}"' in page
            assert linked == build_site.is_shown(f"{folder.name}/{name}"), name
        figures = re.findall(r"<figure>.*?</figure>", page, re.S)
        captioned = [figure for figure in figures if "<figcaption><p>" in figure and "made by" in figure]
        assert folder.name == "scale" or len(captioned) == len(shown)
        assert "{{" not in page
        assert "{%" not in page


def test_what_is_left_out_are_checksums_and_pages_that_look_like_the_studys():
    assert build_site.is_shown("notebook/explore.html")
    assert build_site.is_shown("shuffled/table.csv")
    assert not build_site.is_shown("shuffled/explore.html")
    assert not build_site.is_shown("orders/learning_curves/file.png")
    assert not build_site.is_shown("orders/confusion.png")
    assert not build_site.is_shown("orders/histories.csv")
    assert not build_site.is_shown("paper/histories.csv")
    assert build_site.is_shown("notebook/histories.csv")
    assert not build_site.is_shown("orders/learning_curves/comparison.png")
    assert build_site.is_shown("notebook/learning_curves/kd.png")
    assert not build_site.is_shown("claims/manifest.json")


def test_every_published_folder_has_a_title():
    assert {path.name for path in PUBLISHED.iterdir() if path.is_dir()} <= {*TITLES}


def test_the_pages_that_a_run_makes_have_a_way_back(pages):
    made = [path.relative_to(PUBLISHED).as_posix() for path in PUBLISHED.rglob("*.html")]
    assert "notebook/explore.html" in made
    for path in filter(build_site.is_shown, made):
        assert pages[path].count('href="../index.html"') == 1
        assert 'href="../index.html"' not in (PUBLISHED / path).read_text(encoding="utf-8")


def test_a_page_to_draw_on_has_its_door_once_it_is_published(files, pages):
    assert "draw/draw.html" in files or "draw.html" not in pages["index.html"]
    cells = {
        "class": "3",
        "n": "4",
        **dict.fromkeys(["norm-no3+bias", "kd-no3", "kd-no3+bias", "distilled-no3+bias"], "1.5"),
    }
    row = cells | {f"{name}_halfwidth": "0.5" for name in cells}
    tables = {name: [row] for name in front.TABLES}
    page = front.front(tables, "3.5", CLAIMS, {"draw/draw.html"})
    assert '<a href="draw/draw.html">' in page
    assert page.count("</a> (4 seeds)") == len(front.TABLES)
    assert '<a href="draw/draw.html">' in markup.frame("evidence.html", "", "", {"draw/draw.html"})


def replaced(old, new):
    return lambda content: content.replace(old, new)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("twenty-seeds/table.csv", replaced(b"44.2", b"94.2")),
        ("twenty-seeds/table.md", lambda content: content.decode().replace("−", "-").encode("latin-1")),
        ("twenty-seeds/bias.csv", replaced(b"fixed", b"other")),
        ("twenty-seeds/manifest.json", lambda _: b"{}"),
        ("claims/claims.csv", replaced(b",holds,", b",maybe,")),
        ("claims/claims.csv", replaced(b"verdict", b"say")),
        ("claims/claims.csv", lambda content: content.splitlines(keepends=True)[0]),
        ("claims/claims.csv", lambda _: b""),
        ("hero/hero.png", lambda content: content[:1000]),
        ("hero/hero.png", lambda _: b"no picture"),
        ("speed/speed.csv", None),
        ("draw/manifest.json", None),
    ],
)
def test_a_damaged_file_is_named_before_any_page_is_made(tmp_path, name, change):
    folder = name.partition("/")[0]
    shutil.copytree(PUBLISHED / folder, tmp_path / folder)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    if change:
        assert change(content) != content
        (tmp_path / name).write_bytes(change(content))
    with pytest.raises(UserError) as caught:
        build_site.site(tmp_path, ROOT)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert "from git" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_anything_published_the_first_thing_missing_is_named(tmp_path):
    with pytest.raises(UserError, match=r"claims/claims\.csv: not there, and the site shows its numbers"):
        build_site.site(tmp_path / "nothing", ROOT)


def test_a_published_bias_without_the_fixed_shift_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(build_site, "webp", lambda _: b"")
    published = shutil.copytree(PUBLISHED, tmp_path / "published")
    path = published / "twenty-seeds/bias.csv"
    path.write_bytes(path.read_bytes().replace(b",fixed,", b",held out,"))
    manifest = read_json(published / "twenty-seeds/manifest.json")
    manifest["files"]["twenty-seeds/bias.csv"] = sha256(path)
    write_json(published / "twenty-seeds/manifest.json", manifest)
    with pytest.raises(UserError, match=r"twenty-seeds/bias\.csv: no row of the way `fixed`"):
        build_site.site(published, ROOT)


@pytest.mark.parametrize(("mean", "halfwidth"), [("1.5", ""), ("diverged", "0.5"), ("nan", "0.5")])
def test_a_front_page_without_its_numbers_is_refused(mean, halfwidth):
    row = {"class": "3", "n": "4", "norm-no3+bias": mean, "norm-no3+bias_halfwidth": halfwidth}
    with pytest.raises(UserError, match=r"twenty-seeds/table\.csv: no mean and interval of norm-no3\+bias and class 3"):
        front.front({name: [row] for name in front.TABLES}, "3.5", CLAIMS, {})
    with pytest.raises(UserError, match=r"twenty-seeds/table\.csv: no row of class 3"):
        front.front({name: [{"class": "2", "n": "4"}] for name in front.TABLES}, "3.5", CLAIMS, {})
