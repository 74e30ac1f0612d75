"""The front page: the question, the finding in three numbers, one figure, three doors."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite

from mythical_digit.errors import UserError
from mythical_digit.pages.markup import escape, link, number

# The one figure of the page: its path below results/published/, without suffix, and what it shows.
FIGURE = "hero/hero"
FIGURE_TEXT = (
    "Share of the test images of a 3 that students recognise which never saw one: none with hard labels; a few with "
    "soft targets, and nearly half of them once the bias is raised; nearly all by the paper's recipe."
)
UNSEEN = "3"
TABLES = {
    "twenty-seeds": "the study's recipe",
    "paper": "the recipe of Hinton, Vinyals &amp; Dean",
}
SHIFTS = "twenty-seeds/bias.csv"  # where the raised bias is
DOORS = {
    "draw/draw.html": ("Draw", "Draw a 3 for networks that never saw one, and see what they answer."),
    "notebook/explore.html": ("Explore", "Raise one number, and watch unseen threes turn from wrong to right."),
    "evidence.html": ("Evidence", "Every published claim next to our numbers, with files and code."),
}


def front(
    tables: Mapping[str, Sequence[Mapping]], shift: str, claims: Sequence[Mapping], there: Mapping[str, object]
) -> str:
    """The body of index.html.

    `tables` has the rows of table.csv of `twenty-seeds` and `paper`, `shift` is that of the bias, `claims` has the
    rows of claims.csv, `there` the paths of the files of the site. Raises UserError where a number is missing.
    """
    tables_used = [
        f"{link('index.html', f'{name}/table.csv', words)} ({row_of(tables, name)['n']} seeds)"
        for name, words in TABLES.items()
    ]
    doors = [
        f"<li>{link('index.html', path, f'<strong>{name}</strong> <span>{words}</span>')}</li>"
        for path, (name, words) in DOORS.items()
        if path in there
    ]
    return f"""<h1>Can a network recognise a digit it has never seen?</h1>
<section data-csv="twenty-seeds/table.csv twenty-seeds/bias.csv paper/table.csv" aria-label="The finding">
<p class="lede"><strong>Yes, if another network teaches it.</strong> From labels, a student that never sees a 3 learns
next to nothing of it. A teacher also says how much each <em>other</em> digit looks like a 3. Raise one number in the
student, and it knows 3s.</p>
<p class="small bars-title">3s recognised, by students that never saw one</p>
<ul class="bars">
{bar("From labels alone", unseen(tables, "twenty-seeds", "norm-no3+bias"), "plain")}
{bar("From a teacher", unseen(tables, "twenty-seeds", "kd-no3+bias"))}
{bar("… by the best recipe", unseen(tables, "paper", "distilled-no3+bias"))}
</ul>
<p class="small">Test images of a 3, mean ± half of the 95 % confidence interval. The number is the output bias of the
3, raised by {number(shift)}; without that, the second bar would be
{percent(*unseen(tables, "twenty-seeds", "kd-no3"))}.
The first two are by {tables_used[0]}; the last by {tables_used[1]}.</p>
</section>
<nav aria-label="Where to go"><ul class="doors">{"".join(doors)}</ul></nav>
<figure class="picture"><a href="{FIGURE}.webp"><img src="{FIGURE}.webp" alt="{escape(FIGURE_TEXT)}"></a>
<figcaption>{escape(FIGURE_TEXT)}</figcaption></figure>
<section data-csv="claims/claims.csv" data-counts>
<h2>Does it hold?</h2>
{verdicts(claims)}
</section>"""


def unseen(tables: Mapping[str, Sequence[Mapping]], experiment: str, model: str) -> tuple[str, str]:
    """A model's accuracy on the unseen class, and half of its interval's width, as they are in table.csv."""
    try:
        row = row_of(tables, experiment)
        mean, halfwidth = row[model], row[f"{model}_halfwidth"]
        if isfinite(float(mean)) and isfinite(float(halfwidth)):
            return mean, halfwidth
    except (KeyError, ValueError):
        pass
    raise UserError(f"results/published/{experiment}/table.csv: no mean and interval of {model} and class {UNSEEN}")


def row_of(tables: Mapping[str, Sequence[Mapping]], experiment: str) -> Mapping:
    """The row of the unseen class in an experiment's table.csv. Raises UserError if there is none, or no `n` in it."""
    rows = [row for row in tables[experiment] if row.get("class") == UNSEEN and "n" in row]
    if not rows:
        raise UserError(
            f"results/published/{experiment}/table.csv: no row of class {UNSEEN} with its number of seeds, n"
        )
    return rows[0]


def percent(mean: str, halfwidth: str) -> str:
    """The two with their unit; a value without spread needs no decimals."""
    return f"{number(mean, 1)} ± {number(halfwidth, 1)} %" if float(halfwidth) else f"{number(mean, 0)} %"


def bar(words: str, value: tuple[str, str], kind: str = "unseen") -> str:
    """A line with a bar as long as the value, 0 to 100."""
    return (
        f'<li class="{kind}"><span class="words">{words}</span> <strong>{percent(*value)}</strong>'
        f'<i><b style="width: {float(value[0]):.1f}%"></b></i></li>'
    )


def verdicts(claims: Sequence[Mapping]) -> str:
    """How many conclusions and numbers hold."""
    found = Counter(row["verdict"] for row in claims if row["kind"] == "conclusion")
    numbers = Counter(row["verdict"].split(",")[0] for row in claims if row["kind"] == "number" and not row["same_as"])
    return f"""<p>What others reported was rerun with several seeds. Of {found.total()} conclusions,
{found["holds"]} hold, {found["does not hold"]} does not, and the seeds leave {found["undecided"]} open. Of
{numbers.total()} published numbers, {numbers["reproduced"]} are reproduced, {numbers["compatible"]} are compatible
but too imprecise to say, {numbers["differs"]} differ, and {numbers["contradicts itself"]} contradict themselves.
{link("index.html", "evidence.html", "See each verdict")} and
{link("index.html", "figures.html", "every figure")}.</p>"""
