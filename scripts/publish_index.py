"""Makes results/published/README.md: what each folder there is of, from which experiment, with links to its files."""

from collections.abc import Iterable

from mythical_digit.files.atomic import write_text
from mythical_digit.pages.published import Folder, folders
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.workflow.job_log import logged

INTRODUCTION = """# Published results

What git keeps of the results, one folder per experiment: tables, figures, pages and the numbers behind them. A folder's
`manifest.json` has the SHA-256 of every file; of an experiment, those of all files of its run, the config and the
packages. `snakemake --cores 4 verify` compares yours with them. The target `publish` writes this page and the folders;
`site` makes a website of them. `verify` and `site` refuse a file that is not the one of its manifest.
"""
ROWS = {
    "tables": (".md",),
    "figures": (".svg",),
    "pages": (".html",),
    "numbers": (".csv",),
    "other files": (),
}


def index(paths: Iterable[str]) -> str:
    """The page about the files at these paths, below its folder."""
    blocks = [INTRODUCTION.strip()]
    found = folders(paths)
    heads = ["Folder", "Holds", "From"]
    lines = [[f"[{each.name}](#{each.name})", each.title, each.origin] for each in found]
    blocks.append(pipe_table(heads, lines, [False] * len(heads)))
    for each in found:
        blocks += [f"## {each.name}", each.title if each.title.endswith("?") else f"{each.title}.", _links(each)]
    return "\n\n".join(blocks) + "\n"


def _links(folder: Folder) -> str:
    left = list(folder.files)
    lines = []
    for kind, suffixes in ROWS.items():
        chosen = [path for path in left if not suffixes or path.endswith(suffixes)]
        left = [path for path in left if path not in chosen]
        if chosen:
            lines.append(f"- {kind}: {', '.join(f'[{path}]({folder.name}/{path})' for path in chosen)}")
    return "\n".join(lines)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        write_text(snakemake.output[0], index(snakemake.params.files))
