"""Makes results/site/: pages to open from disk or to put on the web, from results/published/ alone.

Nothing is trained and nothing computed again: tables become HTML, figures WebP, verdicts a scoreboard. build_site.css,
next to this script, is the style of all its pages.
"""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

import yaml
from PIL import Image

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
from mythical_digit.pages import captions, code, front, gallery, scoreboard
from mythical_digit.pages.makers import Maker, made_by, makers
from mythical_digit.pages.markup import frame
from mythical_digit.pages.published import ORIGINS, VARIATIONS, Folder, folders, recipe
from mythical_digit.records.attestation import read_attestations, table
from mythical_digit.records.manifests import MANIFEST, check_folder, read_manifest
from mythical_digit.tables.html import blocks
from mythical_digit.workflow.job_log import logged

COPIED = (".csv", ".json", ".md", ".tex", ".html", ".gif", ".apng")
SHOWN = ("scripts/**/*.py", "rules/*.smk", "benchmarks/*.py", "Snakefile", "config.yaml", "reference/*.yaml")
JUDGED_EPOCHS = ("notebook", "twenty-seeds")
COLOURS = 32  # of a picture: figures need no more
NO_MACHINE = "<p>No machine was added so far. To be the first, run <code>snakemake --cores 4 verify</code>.</p>"


def is_shown(path: str) -> bool:
    """Whether a published file, by its path, is part of the site, which must stay small.

    Checksums are for `verify`. Of the VARIATIONS, what shows the results of all models together is enough: no page to
    explore, no confusions, and nothing in folders, where the figures of single models are. Epochs are shown as numbers
    where they are compared with published ones.
    """
    folder, _, name = path.partition("/")
    large = "/" in name or PurePath(name).stem in ("explore", "confusion")
    unjudged = name == "histories.csv" and folder not in JUDGED_EPOCHS
    return name != MANIFEST and not unjudged and not (folder in VARIATIONS and large)


def machines(attested: list[dict]) -> str:
    """The table of machines, which can be moved sideways where it is wider than the screen."""
    return f'<div class="table">{blocks(table(attested))}</div>'


def site(published: Path, project: Path) -> dict[str, bytes]:
    """All files of the site, by path, from the folder results/published/ and the project with its code and captions.

    Raises UserError if something that the site needs was not published, or a file is not what its manifest says.
    """
    for path in sorted(published.glob("*/")):
        check_folder(path)
    paths = [path.relative_to(published).as_posix() for path in sorted(published.rglob("*")) if path.is_file()]
    paths = [path for path in paths if is_shown(path)]
    found = folders(paths)
    files = {"site.css": Path(__file__).with_suffix(".css").read_bytes()}
    for path in (path for path in paths if "/" in path):
        if path.endswith(".png"):
            files[path.removesuffix("png") + "webp"] = webp(published / path)
        elif path.endswith(".html"):
            files[path] = with_way_back((published / path).read_text(encoding="utf-8"), path).encode()
        elif path.endswith(COPIED):
            files[path] = (published / path).read_bytes()
    sources = {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for pattern in SHOWN
        for path in sorted(project.glob(pattern))
    }
    claims = needed(published, scoreboard.CLAIMS)
    tables = {name: needed(published, f"{name}/table.csv") for name in front.TABLES}
    shift = next((row for row in needed(published, front.SHIFTS) if row["way"] == "fixed"), None)
    if shift is None:
        raise UserError(f"{published / front.SHIFTS}: no row of the way `fixed`, whose shift the site begins with")
    if f"{front.FIGURE}.webp" not in files:
        raise UserError(
            f"{published / front.FIGURE}.png: not there, and the site begins with it; make it with `publish`"
        )
    attested = read_attestations(project / "reference/attestations")
    cited = yaml.safe_load((project / "reference/claims.yaml").read_text(encoding="utf-8"))["sources"]
    rules = makers(text for path, text in sources.items() if path.startswith("rules/"))

    there = {*files, *map(code.page_of, sources), "index.html", scoreboard.PAGE, gallery.PAGE}
    there |= set(map(gallery.page_of_folder, found))
    there = dict.fromkeys(there)
    pages = {
        "index.html": ("Mythical Digit", front.front(tables, shift["shift"], claims, there)),
        scoreboard.PAGE: (
            "Evidence",
            scoreboard.scoreboard(claims, cited, machines(attested) if attested else NO_MACHINE),
        ),
        gallery.PAGE: ("Figures and tables", gallery.listing(found, there)),
    }
    for folder in found:
        pages[gallery.page_of_folder(folder)] = (
            folder.title,
            about(folder, published / folder.name, project, rules, there),
        )
    for path, text in sources.items():
        pages[code.page_of(path)] = (path, code.listing(path, text))
    return files | {page: frame(page, title, body, there).encode() for page, (title, body) in pages.items()}


def needed(published: Path, name: str) -> list[dict[str, str]]:
    """The rows of a published table. Raises UserError if it is not there."""
    if not (published / name).exists():
        raise UserError(f"{published / name}: not there, and the site shows its numbers; make it with `publish`")
    return read_csv(published / name)


def about(folder: Folder, path: Path, project: Path, rules: Iterable[Maker], there: Mapping[str, object]) -> str:
    """The body of the page about a folder of results/published/; `project` has the config and the captions."""
    given = yaml.safe_load((project / "config.yaml").read_text(encoding="utf-8")).get(folder.name, {})
    manifest = read_manifest(path / MANIFEST) if folder.name not in ORIGINS else None
    texts = {}
    for name in folder.figures:
        maker = made_by(f"{folder.name}/{name}.svg", rules)
        if maker and maker.caption:
            text = (project / "report" / maker.caption).read_text(encoding="utf-8")
            texts[name] = captions.caption(text, maker.wildcards, manifest, given)
    return gallery.gallery(
        folder,
        recipe(manifest) if manifest else "",
        {name: (path / name).read_text(encoding="utf-8") for name in folder.ending(".md")},
        texts,
        lambda file: made_by(f"{folder.name}/{file}", rules),
        there,
    )


def webp(path: Path) -> bytes:
    """A picture once more, in COLOURS colours and without loss: a fourth of the bytes of its PNG."""
    few = Image.open(path).convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    content = io.BytesIO()
    few.convert("RGB").save(content, "WEBP", lossless=True, method=3, quality=30)
    return content.getvalue()


def with_way_back(page: str, path: str) -> str:
    """A page that a run made, with a link to the site's front page on top."""
    up = "../" * path.count("/")
    return page.replace(
        "<body>", f'<body>\n<a class="back" style="color: inherit" href="{up}index.html">Mythical Digit</a>', 1
    )


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below a folder, which Snakemake removes where this fails.

    Raises UserError if one cannot be written.
    """
    try:
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror}); fix this and run again") from error


if __name__ == "__main__":
    with logged(snakemake.log[0]) as log:
        made = site(Path(snakemake.params.published), Path(snakemake.params.project))
        write(made, Path(snakemake.output[0]))
        log.info("%s files, %.1f MB", len(made), sum(map(len, made.values())) / 1e6)
