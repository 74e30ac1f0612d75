"""The evidence: a verdict on each conclusion and number, with what it was measured on and by which code."""

from collections.abc import Iterable, Mapping, Sequence

from mythical_digit.claims.judging import digits
from mythical_digit.claims.published_claims import OF_HISTORY
from mythical_digit.claims.text import MEANINGS, NUMBER_RULES, RULES
from mythical_digit.claims.verdicts import Finding
from mythical_digit.pages.code import anchored
from mythical_digit.pages.markup import escape, link, number

PAGE = "evidence.html"
CLAIMS = "claims/claims.csv"
MEASURING = "scripts/mythical_digit/claims/measuring.py"
TEMPERATURES = "scripts/mythical_digit/claims/temperatures.py"
CLASSES = {Finding.HOLDS: "good", "reproduced": "good", Finding.FAILS: "bad", "contradicts itself": "bad"}
HEADS = ("Number", "Published", "Ours, one run (95 %)", "Verdict", "From")


def scoreboard(claims: Sequence[Mapping[str, str]], sources: Mapping[str, str], machines: str) -> str:
    """The body of evidence.html, from the rows of claims.csv.

    `sources` says what each source of a claim is, `machines` is HTML about who computed the same bytes.
    """
    conclusions = [row for row in claims if row["kind"] == "conclusion"]
    numbers = [row for row in claims if row["kind"] == "number"]
    families = list(dict.fromkeys(_family(row) for row in numbers))
    tables = [_table(family, [row for row in numbers if _family(row) == family]) for family in families]
    cited = "".join(f"<li><strong>{escape(name)}</strong>: {escape(text)}</li>" for name, text in sources.items())
    meanings = "".join(f"<dt>{verdict}</dt><dd>{escape(text)}</dd>" for verdict, text in MEANINGS.items())
    return f"""<h1>Evidence</h1>
<p>What others published on the unseen digit, next to what this pipeline measured. Each line leads to the files with
its numbers and to the code that made them. All verdicts are in {link(PAGE, CLAIMS, "claims.csv")}.</p>
<ul class="jump"><li><a href="#conclusions">Conclusions</a></li><li><a href="#numbers">Numbers</a></li>
<li><a href="#machines">Machines</a></li></ul>
<section id="conclusions" data-csv="{CLAIMS}">
<h2>Conclusions</h2>
<ul class="cards">{"".join(map(_conclusion, conclusions))}</ul>
<p class="small">{escape(RULES)}</p>
</section>
<section id="numbers">
<h2>Numbers</h2>
<ul class="small">{cited}</ul>
<dl class="meanings small">{meanings}</dl>
<p class="small">{escape(NUMBER_RULES.split(" One number in twenty")[0])}</p>
{"".join(tables)}
</section>
<section id="machines">
<h2>Machines</h2>
{machines}
</section>"""


def _family(row: Mapping[str, str]) -> str:
    """The table of a source that a number is in, or the source itself for single ones."""
    return row["id"].partition("/")[0] if "/" in row["id"] else row["source"]


def _conclusion(row: Mapping[str, str]) -> str:
    decimals = digits(row["unit"])
    ours = escape(row["note"])
    if row["mean"]:
        ends = f"{number(row['low'], decimals)} to {number(row['high'], decimals)}"
        ours = f"{number(row['mean'], decimals)} ({ends}) {escape(row['unit'])}"
    limit = f", holds if {row['side']} {number(row['threshold'])}" if row["threshold"] else ""
    published = f"<dt>{escape(row['source'])}</dt><dd>{escape(row['published'])}</dd>" if row["published"] else ""
    return f"""<li id="{escape(row["id"])}"><p>{_badge(row["verdict"])} {escape(row["says"])}</p>
<dl><dt>ours</dt><dd>{ours}{limit}</dd>{published}<dt>from</dt><dd class="links">{_sources(row)}</dd></dl></li>
"""


def _table(family: str, rows: Sequence[Mapping[str, str]]) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    lines = "".join(map(_line, rows))
    opened = "" if "-" in family else " open"  # the long tables of a source are folded
    return f"""<details{opened}><summary><h3>{escape(family)}: {len(rows)} numbers</h3></summary>
<table class="stacked" data-csv="{CLAIMS}"><thead><tr>{heads}</tr></thead><tbody>
{lines}</tbody></table></details>
"""


def _line(row: Mapping[str, str]) -> str:
    decimals = digits(row["unit"])
    ours = "one seed"
    if row["mean"] and row["low"]:
        ends = f"{number(row['low'], decimals)} to {number(row['high'], decimals)}"
        ours = f"{number(row['mean'], decimals)} ({ends})"
    cells = [
        f"{escape(row['published'])} {escape(row['unit'])}",
        ours,
        _badge(row["verdict"]),
        f'<span class="links">{_sources(row)}</span>',
    ]
    marked = "".join(f'<td data-head="{head}">{cell}</td>' for head, cell in zip(HEADS[1:], cells, strict=True))
    return f'<tr id="{escape(row["id"])}"><th scope="row">{escape(row["says"])}</th>{marked}</tr>\n'


def _badge(verdict: str) -> str:
    return f'<span class="badge {CLASSES.get(verdict, "open")}">{escape(verdict)}</span>'


def files(row: Mapping[str, str]) -> Iterable[str]:
    """The files of results/published/ that a claim's numbers are in."""
    if not row["quantity"]:
        return [f"{row['experiment']}/sweep.csv", CLAIMS]
    if row["quantity"] in OF_HISTORY:
        return [f"{row['experiment']}/histories.csv", CLAIMS]
    return [f"{row['experiment']}/{'bias' if row['way'] else 'metrics'}.csv", CLAIMS]


def measured_by(row: Mapping[str, str]) -> tuple[str, str]:
    """The file and the function that measured a claim."""
    if not row["quantity"]:
        return TEMPERATURES, ""
    if row["quantity"] in OF_HISTORY:
        return MEASURING, "_of_history"
    return MEASURING, "_measure" if row["quantity"] in ("shift", "average") else "_errors"


def _sources(row: Mapping[str, str]) -> str:
    links = [link(PAGE, path, path.rpartition("/")[2] if path == CLAIMS else path) for path in files(row)]
    path, function = measured_by(row)
    links.append(link(PAGE, anchored(path, function), path.rpartition("/")[2]))
    return ", ".join(links)
