"""The verdicts as a table for programs and as Markdown for readers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mythical_digit.claims.judging import Judged, Result, digits, span
from mythical_digit.claims.published_claims import Number
from mythical_digit.claims.verdicts import Verdict
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.tables.published import AVERAGE

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
