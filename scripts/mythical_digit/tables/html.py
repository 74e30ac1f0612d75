"""Web pages made from the Markdown of the tables; each is one file that loads no other."""

import html
import re

STYLE = """
body { font: 13px/1.45 system-ui, sans-serif; color: #222; margin: 1.5em; }
p, ul { max-width: 48em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { border-bottom: 2px solid #404040; }
th, td { padding: 0.25em 0.45em; text-align: left; vertical-align: top; }
td { border-bottom: 1px solid #ebebeb; }
.right { text-align: right; }
td.right { white-space: nowrap; }
tbody tr:hover { background: #f5f5f5; }
"""


def page(title: str, markdown: str) -> str:
    """Write Markdown as an HTML page: headings, paragraphs, lists, bold words and pipe tables, nothing more."""
    head = f'<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n<style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{blocks(markdown)}\n</body>\n</html>\n'


def blocks(markdown: str) -> str:
    """Write Markdown as what is inside of an HTML page."""
    return "\n".join(map(_block, markdown.strip().split("\n\n")))


def _block(text: str) -> str:
    lines = text.split("\n")
    if heading := re.fullmatch(r"(#+) (.*)", text):
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    if all(line.startswith("- ") for line in lines):
        return "<ul>\n" + "\n".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "\n</ul>"
    if all(line.startswith("|") for line in lines):
        return _table(lines)
    return f"<p>{_inline(text)}</p>"


def _table(lines: list[str]) -> str:
    head, rule, *body = ([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines)
    ends = [' class="right"' if cell.endswith(":") else "" for cell in rule]

    def row(cells: list[str], tag: str) -> str:
        marked = zip(cells, ends, strict=True)
        return "<tr>" + "".join(f"<{tag}{end}>{_inline(cell)}</{tag}>" for cell, end in marked) + "</tr>"

    rows = "\n".join(row(cells, "td") for cells in body)
    return f"<table>\n<thead>\n{row(head, 'th')}\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text.replace(r"\|", "|"), quote=False))
