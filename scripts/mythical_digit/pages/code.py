"""The code as pages: line by line, with an anchor at each function and class."""

import re

from mythical_digit.pages.markup import escape

DEFINITION = re.compile(r"(?:def|class|rule) (\w+)")


def page_of(path: str) -> str:
    """The page of the site that shows a file of the project."""
    return f"code/{path}.html"


def anchored(path: str, name: str) -> str:
    """The place on that page where a function or class begins; its top without a name."""
    return page_of(path) + (f"#{name}" if name else "")


def listing(path: str, text: str) -> str:
    """The body of the page that shows a file of the project."""
    lines = []
    for line in text.splitlines():
        found, shown = DEFINITION.match(line), escape(line, quote=False)
        lines.append(f'<span id="{found[1]}">{shown}</span>' if found else shown)
    body = "\n".join(lines)
    return f'<h1 class="path">{escape(path)}</h1>\n<pre class="code" tabindex="0"><code>{body}\n</code></pre>'
