"""Makes results/claims/claims.{csv,md,png,svg}: what was published against what was measured, and a verdict on each.

From reference/claims.yaml, and from metrics.csv and bias.csv of the experiments that it names. The verdicts' rules
stand in mythical_digit/claims/verdicts.py.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from mythical_digit.claims.published_claims import Number, band, chosen, numbers, read_claims
from mythical_digit.claims.verdicts import Outcome, Verdict, alike, best, outcome
from mythical_digit.errors import UserError
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, WIDTH, save
from mythical_digit.files.atomic import write_csv, write_text
from mythical_digit.tables.accuracies import Accuracies, class_sizes, read_accuracies
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.tables.published import AVERAGE, contradictions, read_published
from mythical_digit.tables.shift_effects import read_shifts
from mythical_digit.workflow.job_log import logged

MARKS = {
    Verdict.REPRODUCED: "✓",
    Verdict.EXCEEDED: "▲",
    Verdict.NOT_REPRODUCED: "▼",
    Verdict.CONTRADICTS_ITSELF: "✗",
    Verdict.UNDECIDED: "?",
}
MEANINGS = {
    Verdict.REPRODUCED: "lies where one run of ours would (95 % prediction interval); the statement holds by its rule",
    Verdict.EXCEEDED: "lies outside, and our mean is better",
    Verdict.NOT_REPRODUCED: "lies outside, and our mean is worse; the statement fails its rule",
    Verdict.CONTRADICTS_ITSELF: "a published average that does not follow from its own column",
    Verdict.UNDECIDED: "one seed has no interval, or the seeds do not decide",
}
WAYS = {
    "none": "bias as trained",
    "fixed": "fixed bias",
    "prior": "bias from how frequent the class is",
    "oracle": "bias chosen on the test images (oracle)",
}
SIZE = {"markersize": 4.5, "markeredgewidth": 0}
# Okabe & Ito's colours, as in plotting.PALETTE, and a marker each.
STYLES: dict[Verdict, dict] = {
    Verdict.REPRODUCED: {"color": "#0072B2", "marker": "o", **SIZE},
    Verdict.EXCEEDED: {"color": "#009E73", "marker": "^", **SIZE},
    Verdict.NOT_REPRODUCED: {"color": "#D55E00", "marker": "v", **SIZE},
    Verdict.CONTRADICTS_ITSELF: {"color": "#CC79A7", "marker": "X", **SIZE},
    Verdict.UNDECIDED: {"color": "#E69F00", "marker": "D", **SIZE},
}
OURS = {"color": "black", "marker": "|", "markersize": 6, "markeredgewidth": 1}
SMALLEST_ERROR = 0.05  # percent: where the scale of error rates ends, since the logarithm of no error is infinite
ERROR_TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]  # percent
DIFFERENCE_TICKS = [-100, -10, -1, 0, 1, 10, 100]  # points
TOLD = (Verdict.EXCEEDED, Verdict.NOT_REPRODUCED, Verdict.CONTRADICTS_ITSELF)  # what the cells of a table are told of
RULE = (
    "A number is reproduced if it lies in the 95 % prediction interval of one run of ours, mean ± t s √(1 + 1/n) over "
    "n seeds, but at least one test image wide to each side; percentages may be off by half of their last digit, "
    "counts are exact. So one number in twenty that is true lies outside by chance; and few seeds make a wide "
    "interval, in which much lies. Outside, it is exceeded if our mean is better, and not reproduced if it is worse."
)
INTERVAL = "In brackets: where one run of ours lies with 95 % probability."
ONE_SEED = "One seed has no interval and decides nothing."
STATEMENT_RULES = (
    "Errors on the test images, paired over the seeds. *Matters little*: the difference between the best and the worst "
    "temperature within a seed; its mean over the seeds must lie below the margin with its whole 95 % confidence "
    "interval (after ±) at each width; above it with the whole interval at one width is not reproduced, else the "
    "seeds do not decide. *Significantly better*: mean errors at the lower, and at the higher, temperatures minus "
    "those at the named ones; both must be above the margin in a one-sided paired t-test at 5 % (their lower bounds, "
    "in brackets), and the temperature with the fewest errors must be among the named ones; else it is not reproduced."
)
COLUMNS = (
    *("kind", "id", "source", "says", "experiment", "model", "way", "quantity", "class", "unit", "better"),
    *("published", "n", "mean", "low", "high", "verdict", "note"),
)


@dataclass(frozen=True)
class Measured:
    """The seeds' values of a number, (n_seeds,), what one image weighs in them, and the most that they can be."""

    values: np.ndarray
    one_image: float
    most: float


@dataclass(frozen=True)
class Result:
    """A published number with what was measured, its verdict, and what else is to be said.

    One run lies from `low` to `high`, and cannot exceed `most`.
    """

    number: Number
    ours: Outcome
    low: float
    high: float
    most: float
    verdict: Verdict
    note: str


@dataclass(frozen=True)
class Judged:
    """A statement of claims.yaml with its verdict, and why."""

    id: str
    statement: Mapping
    n: int
    verdict: Verdict
    note: str


def measure(
    number: Number, way: str | None, accuracies: Accuracies, sizes: Mapping[int, int], shifts: Mapping
) -> Measured:
    """What was measured of a number; `way` None: of the model as it was evaluated, from metrics.csv."""
    n = np.array([sizes[label] for label in accuracies.classes])
    if way is not None:
        found = shifts[number.model, way]
        part = "" if number.label is None else "class_"
        errors, images = found[f"{part}errors"], int(found[f"{part}n"][0])
    else:
        values = accuracies.values[number.model]
        if number.quantity == "average":
            return Measured(values.mean(axis=1), float((100 / n).mean() / len(n)), 100)
        per_class = np.rint(n * (100 - values) / 100)
        place = slice(None) if number.label is None else [accuracies.classes.index(number.label)]
        errors, images = per_class[:, place].sum(axis=1), int(n[place].sum())
    if number.quantity == "errors":
        return Measured(errors, 1, images)
    share = 100 * errors / images
    return Measured(100 - share if number.quantity == "accuracy" else share, 100 / images, 100)


def judge(number: Number, measured: Measured) -> tuple[Outcome, float, float, Verdict]:
    """The outcome, the ends of one run's interval as far as they are possible, and the verdict."""
    ours = outcome(measured.values, measured.one_image)
    low, high = max(0, ours.mean - ours.halfwidth), min(measured.most, ours.mean + ours.halfwidth)
    if ours.n == 1:
        low = high = np.nan
    return ours, low, high, ours.judge(number.value, number.rounding, number.better)


def judge_numbers(
    claimed: Sequence[Number],
    accuracies: Mapping[str, Accuracies],
    sizes: Mapping[str, Mapping[int, int]],
    shifts: Mapping[str, Mapping],
    wrong: Mapping[tuple[str, str], float],
) -> Iterator[Result]:
    """The verdict on each number; `wrong` has the averages that their tables contradict: (table, model) -> the mean."""
    for number in claimed:
        name = number.experiment
        sources = accuracies[name], sizes[name], shifts.get(name, {})
        measured = measure(number, number.way, *sources)
        ours, low, high, verdict = judge(number, measured)
        notes = []
        if number.way is not None:
            shift = sources[2][number.model, number.way]["shift"]
            notes.append(f"{WAYS[number.way]}, shift {span(shift.min(), shift.max(), 2)}")
        if number.also is not None:
            shift = sources[2][number.model, number.also]["shift"]
            other, *ends, other_verdict = judge(number, measure(number, number.also, *sources))
            interval = "" if other.n == 1 else f" ({span(*ends, digits(number))})"
            shown = f"{other.mean:.{digits(number)}f}{interval}, {other_verdict}"
            notes.append(f"{WAYS[number.also]}, shift {span(shift.min(), shift.max(), 2)}: {shown}")
        mean = wrong.get((number.table, number.model)) if number.quantity == "average" else None
        if mean is not None:
            notes.append(f"mean of its own column: {mean:.2f}, {ours.judge(mean, number.rounding, number.better)}")
            verdict = Verdict.CONTRADICTS_ITSELF
        yield Result(number, ours, low, high, measured.most, verdict, "; ".join(notes))


def judge_statement(
    name: str, statement: Mapping, candidates: Mapping[str, tuple[list[int], float]], accuracies: Accuracies, n: Mapping
) -> Judged:
    """The verdict on a statement, from the errors of the students that it is about; `n` are the classes' sizes."""
    images = np.array([n[label] for label in accuracies.classes])
    widths = [
        {
            temperature: np.rint(images * (100 - accuracies.values[model]) / 100).sum(axis=1)
            for temperature, model in sorted(models.items())
        }
        for models in chosen(statement, candidates).values()
    ]
    if statement["rule"] == "alike":
        verdict, note = alike(widths, statement["margin"])
    else:
        verdict, note = best(widths[0], band(statement, widths[0]), statement["margin"])
    return Judged(name, statement, len(accuracies.seeds), verdict, note)


def digits(number: Number) -> int:
    """Decimals in which our values of a number are shown."""
    return 2 if number.unit == "%" else 1


def span(low: float, high: float, decimals: int) -> str:
    """Write a range; one value, if its ends look the same."""
    ends = [f"{end:.{decimals}f}".replace("-", "−") for end in (low, high)]
    return " to ".join(dict.fromkeys(ends))


def rows(results: Sequence[Result], judged: Sequence[Judged]) -> Iterator[tuple]:
    """The rows of the CSV table: in full precision, empty where nothing is defined."""
    for result in results:
        number, ours = result.number, result.ours
        ends = (None, None) if ours.n == 1 else (result.low, result.high)
        yield (
            *("number", number.id, number.source, number.says, number.experiment, number.model, number.way),
            *(number.quantity, number.label, number.unit, number.better, number.printed),
            *(ours.n, ours.mean, *ends, result.verdict, result.note),
        )
    for found in judged:
        statement = found.statement
        yield (
            *("statement", found.id, statement["source"], statement["says"]),
            *(statement["experiment"], statement["arm"], *[None] * 6, found.n, *[None] * 3, found.verdict, found.note),
        )


def markdown(
    results: Sequence[Result],
    judged: Sequence[Judged],
    sources: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
    tables: Mapping[str, Mapping],
) -> str:
    """Write it for a reader: how many of each verdict, then the single numbers and the statements, then the tables."""
    single = [result for result in results if result.number.table is None]
    blocks = ["## Summary", summary(results, judged, sources), RULE]
    if single:
        blocks += ["## Numbers", interval_note(single), number_table(single, labels)]
    if judged:
        lines = [f"- {found.statement['says']}: **{found.verdict}**. {in_words(found)}." for found in judged]
        blocks += ["## Statements", STATEMENT_RULES, "\n".join(lines)]
    for name, table in tables.items():
        cells = [result for result in results if result.number.table == name]
        failed = [f"- {words(result)}" for result in cells if result.verdict in TOLD]
        legend = ", ".join(f"{MARKS[verdict]} {verdict}" for verdict in MARKS)
        note = f"{legend}. n = {cells[0].ours.n}. {interval_note(cells)}"
        blocks += [f"## Table: {sources[table['source']]}", note]
        blocks += [matrix(cells, labels[table["experiment"]]), *(["\n".join(failed)] if failed else [])]
    return "\n\n".join(blocks) + "\n"


def interval_note(results: Sequence[Result]) -> str:
    """What the brackets behind our means are, or why there are none."""
    counts = {result.ours.n for result in results}
    return " ".join([INTERVAL] * (counts != {1}) + [ONE_SEED] * (1 in counts))


def number_columns(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown whose columns that begin with a number are right-aligned."""
    return pipe_table(heads, lines, [cell[:1].isdigit() for cell in lines[0]])


def summary(results: Sequence[Result], judged: Sequence[Judged], sources: Mapping[str, str]) -> str:
    """How many of the claims of each source came to each verdict, and what the verdicts mean."""
    pairs = [(result.number.source, result.verdict) for result in results]
    pairs += [(found.statement["source"], found.verdict) for found in judged]
    counts = Counter(pairs)
    lines = [
        [f"{MARKS[verdict]} {verdict}", *(str(counts[source, verdict]) for source in sources), MEANINGS[verdict]]
        for verdict in MARKS
    ]
    totals = [str(sum(counts[source, verdict] for verdict in MARKS)) for source in sources]
    table = number_columns(["Verdict", *sources, "Meaning"], [*lines, ["Claims", *totals, ""]])
    return "\n\n".join([table, "\n".join(f"- {name}: {text}." for name, text in sources.items())])


def number_table(results: Sequence[Result], labels: Mapping[str, Mapping[str, str]]) -> str:
    """The single numbers, one line each."""
    lines = []
    for result in results:
        number = result.number
        model = labels[number.experiment][number.model]
        quantity = number.quantity.replace("_", " ") + ("" if number.label is None else f" on {number.label}")
        against = f"{number.experiment}, {model}" + (f"; {result.note}" if result.note else "")
        verdict = f"{MARKS[result.verdict]} {result.verdict}"
        lines.append([number.says, quantity, printed(number), ours_in_words(result), str(result.ours.n)])
        lines[-1] += [verdict, against]
    return number_columns(["Claim", "Quantity", "Published", "Ours", "n", "Verdict", "Compared with"], lines)


def matrix(results: Sequence[Result], labels: Mapping[str, str]) -> str:
    """The cells of a table as marks: class by model."""
    marks = {(row_of(result), result.number.model): MARKS[result.verdict] for result in results}
    rows = dict.fromkeys(row for row, _ in marks)
    models = [model for model in labels if any(model == found for _, found in marks)]
    lines = [[row.replace(AVERAGE, "Avg"), *(marks.get((row, model), "") for model in models)] for row in rows]
    return number_columns(["Class", *(labels[model] for model in models)], lines)


def row_of(result: Result) -> str:
    """The row that a cell stands in."""
    return AVERAGE if result.number.label is None else str(result.number.label)


def printed(number: Number) -> str:
    """The number as it was printed, with its unit, unless that is errors."""
    return number.printed + (f" {number.unit}" if number.unit == "%" else "")


def ours_in_words(result: Result) -> str:
    """Our mean and, where there is one, the interval of one run."""
    decimals = digits(result.number)
    interval = "" if result.ours.n == 1 else f" ({span(result.low, result.high, decimals)})"
    return f"{result.ours.mean:.{decimals}f}{interval}"


def words(result: Result) -> str:
    """A cell that does not hold, in words."""
    note = f"; {result.note}" if result.note else ""
    return (
        f"{result.number.says}: {result.number.printed} published, {ours_in_words(result)} ours, {result.verdict}{note}"
    )


def in_words(found: Judged) -> str:
    """Why a statement has its verdict."""
    seeds = "one seed" if found.n == 1 else f"n = {found.n} seeds"
    return f"{found.note[0].upper()}{found.note[1:]}; {seeds}"


def draw(results: Sequence[Result], labels: Mapping[str, Mapping[str, str]], tables: Mapping[str, Mapping]) -> Figure:
    """Draw the single numbers as error rates on one scale, and each table by model as differences from our means."""
    single = [result for result in results if result.number.table is None]
    heights = [0.8 + 0.17 * len(single)] * bool(single) + [2.7] * len(tables)
    figure = Figure(figsize=(WIDTH, 0.6 + sum(heights)))
    parts = list(np.atleast_1d(figure.subfigures(len(heights), 1, height_ratios=heights)))
    if single:
        draw_numbers(parts.pop(0), single)
    for part, (name, table) in zip(parts, tables.items(), strict=True):
        draw_table(part, [result for result in results if result.number.table == name], labels[table["experiment"]])
    shown = [verdict for verdict in MARKS if any(result.verdict == verdict for result in results)]
    handles = [Line2D([], [], **OURS, linewidth=1.2, label="Ours: mean, one run")]
    handles.append(Line2D([], [], linestyle="", label="Published:"))
    handles += [Line2D([], [], **STYLES[verdict], linestyle="", label=str(verdict)) for verdict in shown]
    spacing = {"columnspacing": 0.7, "handlelength": 1.2, "handletextpad": 0.3}
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=7, **spacing)
    counts = sorted({result.ours.n for result in results})
    seeds = f"n = {' or '.join(map(str, counts))} seeds; one run: its 95 % prediction interval"
    figure.supxlabel("One seed (n = 1), which has no interval" if counts == [1] else seeds, fontsize=6.5)
    return figure


def draw_numbers(figure: SubFigure, results: Sequence[Result]) -> None:
    """Draw each number as the error rate that it says, a row each, with what was printed and measured beside it."""
    axes, beside = figure.subplots(1, 2, sharey=True, width_ratios=[5, 3.3])
    beside.set_axis_off()

    def error_rate(result: Result, value: float) -> float:
        """Percent of the images that the number is of; no error at all is drawn at the end of the scale."""
        share = {"errors": 100 * value / result.most, "error_rate": value}.get(result.number.quantity, 100 - value)
        return max(share, SMALLEST_ERROR)

    for row, result in enumerate(results):
        ends = [error_rate(result, value) for value in (result.low, result.high)] if result.ours.n > 1 else [np.nan] * 2
        axes.plot(ends, [row, row], color=OURS["color"], linewidth=1.2, zorder=2)
        axes.plot(error_rate(result, result.ours.mean), row, **OURS, zorder=4)
        axes.plot(error_rate(result, result.number.value), row, **STYLES[result.verdict], zorder=3)
        words_beside(beside, row, printed(result.number), ours_in_words(result))
    words_beside(beside, -0.9, "Published", "Ours (one run)", fontweight="bold")
    sources = ", ".join(dict.fromkeys(result.number.source for result in results))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(ERROR_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axes.grid(axis="x", color=LIGHT_GREY, linewidth=0.6)
    axes.set(yticks=range(len(results)), yticklabels=[result.number.says for result in results])
    axes.set(
        ylim=(len(results) - 0.4, -1.5),
        xlabel=f"Single numbers ({sources}): error rate on the images concerned (%), log scale",
    )
    axes.tick_params(left=False)
    axes.spines["left"].set_visible(False)


def words_beside(axes: Axes, row: float, left: str, right: str, **style) -> None:
    """Write two columns of words into axes that have nothing else, the left one right-aligned."""
    axes.text(0.22, row, left, ha="right", va="center", in_layout=False, **style)
    axes.text(0.29, row, right, ha="left", va="center", in_layout=False, **style)


def draw_table(figure: SubFigure, results: Sequence[Result], labels: Mapping[str, str]) -> None:
    """Draw a panel per model: published minus our mean by class, in points, on the interval of one run around 0."""
    models = [model for model in labels if any(result.number.model == model for result in results)]
    rows = list(dict.fromkeys(row_of(result) for result in results))
    panels = figure.subplots(1, len(models), sharex=True, sharey=True, squeeze=False)[0]
    farthest = 1.0
    for axes, model in zip(panels, models, strict=True):
        axes.axvline(0, color=OURS["color"], linewidth=0.6, zorder=1)
        if AVERAGE in rows:
            axes.axhline(rows.index(AVERAGE) - 0.5, color=DARK_GREY, linewidth=0.4, zorder=0)
        for result in (result for result in results if result.number.model == model):
            row, mean = rows.index(row_of(result)), result.ours.mean
            difference = result.number.value - mean
            if result.ours.n > 1:
                axes.plot([result.low - mean, result.high - mean], [row, row], color=OURS["color"], linewidth=1.2)
            axes.plot(0, row, **OURS, zorder=4)
            axes.plot(difference, row, **STYLES[result.verdict], zorder=3, clip_on=False)
            farthest = max(farthest, abs(difference), *np.nan_to_num([mean - result.low, result.high - mean]))
        axes.set_title(labels[model], fontsize=7.5)
        axes.tick_params(left=False)
        axes.spines["left"].set_visible(False)
    axes.set_xscale("symlog", linthresh=1, linscale=2)
    axes.xaxis.set_major_locator(FixedLocator(DIFFERENCE_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    limit = 2.5 * farthest
    named = (0, max(tick for tick in DIFFERENCE_TICKS if tick < limit))  # there is no room for more
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda tick, _: f"{tick:g}".replace("-", "−") if abs(tick) in named else "")
    )
    axes.set(xlim=(-limit, limit), ylim=(len(rows) - 0.4, -0.6))
    axes.set(yticks=range(len(rows)), yticklabels=[row.replace(AVERAGE, "Avg") for row in rows])
    for axes in panels:
        axes.grid(axis="x", color=LIGHT_GREY, linewidth=0.6)
        axes.set_axisbelow(True)
    panels[0].set_ylabel("Class")
    words = "published minus our mean (percentage points), linear to the lines at ±1, logarithmic beyond"
    figure.supxlabel(f"Table ({results[0].number.source}): {words}", fontsize=7.5)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params = snakemake.params
        if params.mistake:
            raise UserError(params.mistake)
        claims = read_claims(snakemake.input.claims)
        measured = {Path(path).parent.name: path for path in snakemake.input.metrics}
        accuracies = {name: read_accuracies(path, params.labels[name]) for name, path in measured.items()}
        sizes = {name: class_sizes(path) for name, path in measured.items()}
        shifts = {Path(path).parent.name: read_shifts(path) for path in snakemake.input.shifts}
        wrong = {}
        for name, table in claims["tables"].items():
            rows_of_table = [*map(str, accuracies[table["experiment"]].classes), AVERAGE]
            published = read_published(table["file"], list(params.labels[table["experiment"]]), rows_of_table)
            wrong |= {(name, model): mean for model, (_, mean) in contradictions(published).items()}
        results = list(judge_numbers(numbers(claims, params.labels), accuracies, sizes, shifts, wrong))
        judged = [
            judge_statement(
                name, found, params.students[name], accuracies[found["experiment"]], sizes[found["experiment"]]
            )
            for name, found in claims["statements"].items()
        ]
        write_csv(snakemake.output.csv, COLUMNS, rows(results, judged))
        text = markdown(results, judged, claims["sources"], params.labels, claims["tables"])
        write_text(snakemake.output.md, text)
        write_text(snakemake.output.html, page("Verdicts on the published claims", text))
        save(draw(results, params.labels, claims["tables"]), [snakemake.output.png, snakemake.output.svg])
