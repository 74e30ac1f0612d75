"""A page as a browser shows it: what it makes of it, after its scripts ran, and what they complained about."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find(page: str) -> str:
    """The browser to open a page in. Skips the test where there is none."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if not browser:
        pytest.skip(f"NO BROWSER: {page} was not opened. Install one of {', '.join(NAMES)}")
    return browser


def shown(page: Path, folder: Path, fragment: str = "", script: str = "") -> str:
    """The document that the browser makes of a page, at a `fragment` of its address, after a `script` has run in it.

    `folder` is one that it may write into. Skips the test where there is no browser; fails it if a script complains.
    """
    browser = find(page.name)
    copy = folder / page.name
    copy.write_text(page.read_text(encoding="utf-8") + f"<script>{script}</script>", encoding="utf-8")
    options = ["--headless", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [browser, *options, "--dump-dom", f"{copy.as_uri()}#{fragment}"], capture_output=True, text=True, timeout=120
    )
    assert "CONSOLE" not in done.stderr, done.stderr
    return re.sub(r"<script.*?</script>", "", done.stdout, flags=re.DOTALL)


def texts(document: str) -> dict[str, str]:
    """The text of each cell and output that has a name, by its name."""
    return dict(re.findall(r'<(?:output|td) id="([\w-]+)">([^<]*)', document))
