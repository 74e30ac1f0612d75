"""What the pages of the site share: their frame, links, and numbers that say which value they round."""

import html
import os
from collections.abc import Mapping

from mythical_digit.tables.markdown import minus

NAVIGATION = {
    "index.html": "Finding",
    "draw/draw.html": "Draw",
    "notebook/explore.html": "Explore",
    "evidence.html": "Evidence",
    "figures.html": "Figures",
}


def escape(text: object, quote: bool = True) -> str:
    """Text for HTML, inside an element or an attribute; without `quote`, inside an element only."""
    return html.escape(str(text), quote)


def link(page: str, target: str, text: str) -> str:
    """A link from a page to a file of the site, both named by their paths below its folder."""
    path, _, fragment = target.partition("#")
    relative = os.path.relpath(path, os.path.dirname(page)).replace(os.sep, "/")
    return f'<a href="{escape(relative + ("#" + fragment if fragment else ""))}">{text}</a>'


def number(value: str, decimals: int | None = None) -> str:
    """A number as it is in a CSV file, rounded to some decimals or in short; the element keeps the value."""
    text = f"{float(value):g}" if decimals is None else f"{float(value):.{decimals}f}"
    return f'<data value="{escape(value)}">{minus(text)}</data>'


def frame(page: str, title: str, body: str, there: Mapping[str, object]) -> str:
    """A whole page: `body` is its content; `there` has the paths of the files of the site, for the links on top."""
    entries = []
    for target, text in NAVIGATION.items():
        if target in there:
            current = ' aria-current="page"' if target == page else ""
            entries.append(f"<li>{link(page, target, text).replace('<a ', f'<a{current} ', 1)}</li>")
    style = os.path.relpath("site.css", os.path.dirname(page))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{style}">
<title>{escape(title)}</title>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><nav aria-label="Site"><ul>{"".join(entries)}</ul></nav></header>
<main id="content">
{body}
</main>
<footer><p>Made by <code>snakemake site</code> from <code>results/published/</code>; no network needed.</p></footer>
</body>
</html>
"""
