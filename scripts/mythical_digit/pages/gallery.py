"""A page for each folder of results/published/, with its tables, figures and captions, and a list of these pages."""

from collections.abc import Callable, Mapping, Sequence

from mythical_digit.pages.code import page_of
from mythical_digit.pages.makers import Made
from mythical_digit.pages.markup import escape, link
from mythical_digit.pages.published import Folder
from mythical_digit.tables.html import blocks

PAGE = "figures.html"


def listing(folders: Sequence[Folder], there: Mapping[str, object]) -> str:
    """The body of figures.html: every folder, with its first figure."""
    cards = []
    for folder in folders:
        thumbnail = ""
        if folder.figures:
            path = f"{folder.name}/{folder.figures[0]}.webp"
            thumbnail = f'<img src="{path}" alt="" loading="lazy">'
        counted = (
            [f"{len(folder.figures)} figures" if len(folder.figures) > 1 else "a figure"] if folder.figures else []
        )
        counted += ["tables"] if folder.ending(".md") else []
        words = f"<strong>{escape(folder.title)}</strong> <span>{', '.join(counted)}</span>"
        explore = f"{folder.name}/explore.html"
        more = f"<p>{link(PAGE, explore, 'Explore its numbers')}</p>" if explore in there else ""
        cards.append(f"<li>{link(PAGE, page_of_folder(folder), thumbnail + words)}{more}</li>")
    return f"""<h1>Figures and tables</h1>
<p>Every figure and table, an experiment a page, with what to see in it and the code that made it.</p>
<ul class="doors wide">{"".join(cards)}</ul>"""


def page_of_folder(folder: Folder) -> str:
    """The page of the site about a folder."""
    return f"{folder.name}/index.html"


def gallery(
    folder: Folder,
    recipe: str,
    tables: Mapping[str, str],
    captions: Mapping[str, str],
    made: Callable[[str], Made | None],
    there: Mapping[str, object],
) -> str:
    """The body of the page about a folder.

    `recipe` says what was trained; `tables` has its Markdown by file, `captions` HTML by figure; `made` tells who
    made a file of it; `there` has the paths of the files of the site.
    """
    page = page_of_folder(folder)

    def credit(file: str) -> str:
        maker = made(file)
        code = page_of(maker.script) if maker else ""
        return f"made by {link(page, code, maker.script.rpartition('/')[2])}" if maker and code in there else ""

    shown = [
        f"""<section class="table" id="{escape(name.removesuffix(".md"))}">
{blocks(deeper(text))}
<p class="small">{link(page, f"{folder.name}/{name}", escape(name))} {credit(name)}</p>
</section>"""
        for name, text in tables.items()
    ]
    figures = [
        f"""<h3 id="{escape(name)}">{words(name)}</h3>
<figure><a href="{escape(name)}.webp"><img src="{escape(name)}.webp"
alt="{words(name)}, as the text below says" loading="lazy"></a>
<figcaption>{captions.get(name, "")}<p class="small">{credit(f"{name}.svg")}</p></figcaption></figure>"""
        for name in folder.figures
    ]
    figures += [
        f"""<h3>{words(path.removesuffix(".gif"))}</h3>
<figure><img src="{escape(path)}" alt="{words(path.removesuffix(".gif"))}, a moving picture" loading="lazy">
<figcaption><p class="small">{credit(path)}</p></figcaption></figure>"""
        for path in folder.ending(".gif")
    ]
    files = [path for path in folder.files if f"{folder.name}/{path}" in there]
    links = ", ".join(link(page, f"{folder.name}/{path}", escape(path)) for path in files)
    explore = f"{folder.name}/explore.html"
    invitation = f"<p>{link(page, explore, 'Explore these numbers on a page')}</p>" if explore in there else ""
    return f"""<h1>{escape(folder.title)}</h1>
{f"<p>{escape(recipe)}.</p>" if recipe else ""}
{invitation}
{f"<h2>Figures</h2>{''.join(figures)}" if figures else ""}
{f"<h2>Tables</h2>{''.join(shown)}" if shown else ""}
<h2>Files</h2>
<p class="links">{links}</p>"""


def words(name: str) -> str:
    """A figure's name as words: `Soft targets: kd-no3`."""
    return escape(name.replace("_", " ").replace("/", ": ")).capitalize()


def deeper(markdown: str) -> str:
    """The same Markdown with its headings a level down."""
    return "\n".join("#" + line if line.startswith("#") else line for line in markdown.splitlines())
