"""A page as a browser shows it: what it makes of it, after its scripts ran, and what they complained about."""

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find(page: str) -> str:
    """The browser to open a page in. Skips the test where there is none."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if not browser:
        pytest.skip(f"NO BROWSER: {page} was not opened. Install one of {', '.join(NAMES)}")
    return browser


def shown(page: Path, folder: Path, fragment: str = "", script: str = "", more: Sequence[str] = ()) -> str:
    """The document that the browser makes of a page, at a `fragment` of its address, after a `script` has run in it.

    `folder` is one that it may write into; `more` are options of the browser. Skips the test where there is no browser;
    fails it if a script complains.
    """
    browser = find(page.name)
    copy = folder / page.name
    copy.write_text(page.read_text(encoding="utf-8") + f"<script>{script}</script>", encoding="utf-8")
    options = ["--headless", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", *more]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [browser, *options, "--dump-dom", f"{copy.as_uri()}#{fragment}"], capture_output=True, text=True, timeout=120
    )
    assert "CONSOLE" not in done.stderr, done.stderr
    return re.sub(r"<script.*?</script>", "", done.stdout, flags=re.DOTALL)


def visited(
    site: Path, paths: list[str], widths: list[int], folder: Path, script: str = "", dark: bool = False
) -> list[dict]:
    """What a browser shows of the pages of a site, each at each width in pixels, opened from disk.

    Of each: `path`, `width`, `title`, the width of its content (`scroll`), the pictures that it could not `load`, and
    what a `script`, the body of an async function of its window, returned (`result`). `folder` is one to write into.
    Skips the test where there is no browser; fails it if a page complains.
    """
    browser = find("the site")
    pages = [[(site / path).as_uri(), path, width] for path in paths for width in widths]
    driver = (Path(__file__).parent / "visit.js").read_text(encoding="utf-8")
    wrapper = folder / "visit.html"
    given = f"const pages = {json.dumps(pages)}; const act = async (window) => {{{script}}};"
    wrapper.write_text(f"<body><script>{given}\n{driver}</script>", encoding="utf-8")
    options = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--allow-file-access-from-files"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=1000000000", "--enable-logging=stderr"]
    options += ["--hide-scrollbars"]  # as on a phone, where they take no room
    options += ["--blink-settings=preferredColorScheme=0"] if dark else []
    options += [f"--user-data-dir={folder / 'profile'}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    done = subprocess.run(
        [browser, *options, "--dump-dom", wrapper.as_uri()], capture_output=True, text=True, timeout=400
    )
    assert "CONSOLE" not in done.stderr, done.stderr
    seen = re.search(r"<pre>(.*)</pre>", done.stdout, re.DOTALL)
    assert seen, done.stderr[-2000:]
    return json.loads(html.unescape(seen[1]))


def texts(document: str) -> dict[str, str]:
    """The text of each cell and output that has a name, by its name."""
    found = re.findall(r'<(?:output|td) id="([\w-]+)">([^<]*)', document)
    return {name: html.unescape(text) for name, text in found}


def answered(page: Path, folder: Path, script: str) -> object:
    """What the body of an asynchronous function returns in a page.

    It has ten minutes by the page's clock, which runs ahead while nothing happens.
    """
    script = f"""(async () => {{ {script} }})().then(
        (found) => document.body.append(Object.assign(document.createElement("output"), {{
            id: "answered", textContent: JSON.stringify(found) }})),
        (error) => console.error(error.stack));"""
    more = ["--window-size=1280,800", "--hide-scrollbars", "--virtual-time-budget=600000"]
    document = shown(page, folder, script=script, more=more)
    return json.loads(html.unescape(re.search(r'<output id="answered">(.*?)</output>', document, re.DOTALL)[1]))
