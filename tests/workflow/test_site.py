"""The site in a browser: it opens from disk, complains of nothing, fits a phone, and its links can be clicked."""

import re
from itertools import pairwise

import pytest
from browser import visited
from project import ROOT

import build_site

pytestmark = pytest.mark.slow

CLICK = """
const links = [...window.document.querySelectorAll("a[href]")].filter((link) => link.href.endsWith(".html"));
const followed = [];
for (const place of links.keys()) {
    const frame = document.createElement("iframe");
    frame.src = window.location.href;
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener("load", resolve, {once: true}));
    const links = [...frame.contentDocument.querySelectorAll("a[href]")].filter((link) => link.href.endsWith(".html"));
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, {once: true}));
    const target = links[place].href;
    links[place].click();
    await loaded;
    followed.push([target, frame.contentWindow.location.href, frame.contentDocument.title]);
    frame.remove();
}
return followed;
"""
# Each text with the contrast of its colour with what is behind it, by the formula of WCAG 2, and what can be focused.
LOOK = """
const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (colour) => channels(colour).slice(0, 3).map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
        const colour = window.getComputedStyle(at).backgroundColor;
        if ((channels(colour)[3] ?? 1) === 1) return colour;
    }
    return "rgb(255, 255, 255)";
};
const faint = [];
for (const element of window.document.querySelectorAll("main *, header *, footer *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    if (!element.checkVisibility() || element.closest("svg, button")) continue;
    const [a, b] = [light(window.getComputedStyle(element).color), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push([element.tagName, element.textContent.slice(0, 40), contrast]);
}
const headings = [...window.document.querySelectorAll("h1, h2, h3")].map((heading) => Number(heading.tagName[1]));
return {faint, headings, first: window.document.querySelector("a[href], button, input")?.textContent};
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build_site.write(build_site.site(ROOT / "results/published", ROOT), folder)
    return folder


@pytest.fixture(scope="module")
def pages(site):
    """Every page but those that show code, of which one will do."""
    found = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    return [path for path in found if not path.startswith("code/") or path.endswith("build_site.py.html")]


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_every_page_opens_on_a_phone_and_on_a_desk_in_the_dark(site, pages, tmp_path, width, dark):
    seen = visited(site, pages, [width], tmp_path, LOOK, dark)
    assert [page["path"] for page in seen] == pages
    assert [page for page in seen if page["scroll"] > page["width"]] == []
    assert [page["load"] for page in seen if page["load"]] == []
    assert [(page["path"], page["result"]["faint"]) for page in seen if page["result"]["faint"]] == []
    for page in seen:
        headings = page["result"]["headings"]
        assert headings[:1] == [1], page["path"]
        assert all(after <= before + 1 for before, after in pairwise(headings)), page["path"]
        if not re.search("explore|draw", page["path"]):
            assert page["result"]["first"] == "Skip to the content"


def test_the_links_of_the_front_page_and_of_a_page_below_can_be_clicked(site, tmp_path):
    for page in visited(site, ["index.html", "notebook/index.html", "notebook/explore.html"], [390], tmp_path, CLICK):
        assert page["result"], page["path"]
        for target, arrived, title in page["result"]:
            assert arrived.partition("#")[0] == target.partition("#")[0]
            assert title
