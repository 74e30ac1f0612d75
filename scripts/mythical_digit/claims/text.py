"""The verdicts as Markdown for readers: conclusions, counts, then numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from mythical_digit.claims.judging import Judged, Result, digits, span
from mythical_digit.claims.published_claims import Number
from mythical_digit.claims.verdicts import Finding, Verdict
from mythical_digit.tables.markdown import minus, pipe_table
from mythical_digit.tables.published import AVERAGE

MARKS = {
    Verdict.REPRODUCED: "✓",
    Verdict.COMPATIBLE: "≈",
    Verdict.HIGHER: "▲",
    Verdict.LOWER: "▼",
    Verdict.CONTRADICTS_ITSELF: "✗",
    Verdict.UNDECIDED: "?",
}
MEANINGS = {
    Verdict.REPRODUCED: "inside the interval of one run of ours, which excludes the number's contrast",
    Verdict.COMPATIBLE: "inside, but so is the contrast: too imprecise to say",
    Verdict.HIGHER: "outside; ours is higher",
    Verdict.LOWER: "outside; ours is lower",
    Verdict.CONTRADICTS_ITSELF: "the source says something else in another place",
    Verdict.UNDECIDED: "one seed has no interval, or none trained so long",
}
RULES = (
    "A conclusion holds if the whole 95 % interval of the mean over our seeds lies on the claimed side of the "
    "threshold. It does not hold if the whole interval lies on the other side. Else the seeds do not decide. "
    "Differences are taken within a seed. Temperatures: the mean range within a seed must stay below the margin; a "
    "band is best if both sides of it have surely more errors."
)
NUMBER_RULES = (
    "A published number is the outcome of one run, so it is compared with the 95 % prediction interval of one run of "
    "ours; a mean of several runs, with that of the mean of as many. Its contrast is the value that it must be told "
    "apart from, such as the same number of another arm. Percentages may be off by half of their last digit; counts "
    "are exact. One number in twenty that is true lies outside by chance: in brackets, the verdicts after Holm's "
    "adjustment for how many numbers the column has. What repeats another number does not count."
)


def markdown(
    results: Sequence[Result],
    judged: Sequence[Judged],
    claims: Mapping,
    labels: Mapping[str, Mapping[str, str]],
    wrong: Mapping[tuple[str, str], float],
) -> str:
    """Write it for a reader; `wrong` has the averages that their tables contradict."""
    single = [result for result in results if result.number.row is None]
    blocks = ["## Conclusions", tally(judged), conclusion_table(judged), RULES]
    blocks += ["## How many numbers", counts(results), NUMBER_RULES]
    blocks += ["\n".join(f"- {name}: {text}." for name, text in claims["sources"].items())]
    blocks += ["## Where sources disagree", side_by_side(single), *flips(results, wrong)]
    blocks += ["## Numbers", number_table(single, labels)]
    for kind in ("tables", "histories"):
        for name, table in claims[kind].items():
            cells = [result for result in results if result.number.family == name]
            blocks += [f"## {name}: {claims['sources'][table['source']]}", legend(cells)]
            blocks += [table["note"]] if "note" in table else []
            blocks += [grid(cells, labels[table["experiment"]], "Epoch" if kind == "histories" else "Class")]
            told = [f"- {words(result)}" for result in cells if result.counts and notable(result)]
            blocks += ["\n".join(told)] if told and kind == "tables" else []
    return "\n\n".join(blocks) + "\n"


def tally(judged: Sequence[Judged]) -> str:
    """How many conclusions hold."""
    found = Counter(item.finding for item in judged)
    told = [f"**{found[Finding.HOLDS]}** hold", f"**{found[Finding.FAILS]}** do not"]
    return f"Of {len(judged)} conclusions, {', '.join(told)}; the seeds leave **{found[Finding.UNDECIDED]}** undecided."


def conclusion_table(judged: Sequence[Judged]) -> str:
    """The conclusions, a line each."""
    lines = []
    for found in judged:
        about = found.about
        published = "" if about is None else about.published or ""
        limit = "" if about is None else in_unit(f"{about.side} {minus(f'{about.threshold:g}')}", about.unit)
        seeds = f"{found.on_side} of {found.n}" if about is not None else str(found.n)
        lines.append([found.says, f"**{found.finding}**", effect(found), limit, seeds, published, found.source])
    heads = ["Conclusion", "Verdict", "Ours (95 % interval)", "Holds if", "Seeds on that side", "Published", "Source"]
    return pipe_table(heads, lines, [False] * len(heads))


def effect(found: Judged) -> str:
    """What was measured of a conclusion, with its interval; of temperatures, the note."""
    if found.about is None:
        return found.note
    decimals = digits(found.about.unit)
    value = minus(f"{found.mean:.{decimals}f}")
    return in_unit(value + ("" if found.n == 1 else f" ({span(found.low, found.high, decimals)})"), found.about.unit)


def in_unit(text: str, unit: str) -> str:
    """Put the unit behind a value."""
    return f"{text} {unit}"


def counts(results: Sequence[Result]) -> str:
    """How many numbers of each family came to each verdict, in brackets after the adjustment."""
    kept = [result for result in results if result.counts]
    families = list(dict.fromkeys(result.number.family for result in kept))
    raw = Counter((result.number.family, result.verdict) for result in kept)
    adjusted = Counter((result.number.family, result.adjusted or result.verdict) for result in kept)
    lines = []
    for verdict in MARKS:
        cells = [f"{raw[family, verdict]} ({adjusted[family, verdict]})" for family in families]
        lines.append([f"{MARKS[verdict]} {verdict}", *cells, MEANINGS[verdict]])
    totals = [str(sum(result.number.family == family for result in kept)) for family in families]
    right = [False, *[True] * len(families), False]
    return pipe_table(["Verdict", *families, "Meaning"], [*lines, ["Numbers", *totals, ""]], right)


def side_by_side(results: Sequence[Result]) -> str:
    """What several sources say of the same, next to ours; a shifted bias is the same however the shift was chosen."""

    def subject(result: Result) -> tuple:
        operand = result.number.operand
        shifted = operand.way not in (None, "none")
        return operand.experiment, operand.model, operand.label, shifted, operand.quantity == "shift"

    lines = []
    groups: dict[tuple, list[Result]] = {}
    for result in results:
        if result.number.minus is None and result.counts:
            groups.setdefault(subject(result), []).append(result)
    for found in groups.values():
        if len({result.number.source for result in found}) > 1:
            for result in found:
                number = result.number
                said = printed(number) + ("" if number.elsewhere is None else f" and {number.elsewhere}")
                lines.append([found[0].number.says, number.source, said, ours(result), mark(result)])
    right = [False, False, True, False, False]
    return pipe_table(["Of", "Source", "Published", "Ours (one run)", "Verdict"], lines, right)


def flips(results: Sequence[Result], wrong: Mapping[tuple[str, str], float]) -> list[str]:
    """Rankings of two models that turn around once the averages are those of their own columns."""
    by_id = {result.number.id: result.number for result in results}
    found = []
    for number in by_id.values():
        other = by_id.get(number.contrast)
        keys = [(item.family, item.operand.model) for item in (number, other) if item is not None]
        if number.operand.quantity == "average" and other is not None and any(key in wrong for key in keys):
            here, there = (wrong.get(key, item.value) for key, item in zip(keys, (number, other), strict=True))
            if (number.value - other.value) * (here - there) < 0:
                first, second = (item.says.partition(",")[0] for item in (number, other))
                order = ("above", "below") if number.value > other.value else ("below", "above")
                found.append(
                    f"A ranking of the {number.source} flips once its averages are those of its own columns: as "
                    f"printed, {first} ({number.printed}) lies {order[0]} {second} ({other.printed}); corrected, "
                    f"{first} ({here:.2f}) lies {order[1]} {second} ({there:.2f})."
                )
    return found


def number_table(results: Sequence[Result], labels: Mapping[str, Mapping[str, str]]) -> str:
    """The single numbers, one line each."""
    lines = []
    for result in results:
        number = result.number
        against = f"{number.operand.experiment}, {labels[number.operand.experiment][number.operand.model]}"
        note = [result.note] * bool(result.note) + [f"repeats {number.same_as}"] * (not result.counts)
        values = [printed(number), ours(result), minus(f"{result.contrast:g}"), str(result.n)]
        verdicts = [mark(result), "" if result.adjusted in (None, result.verdict) else str(result.adjusted)]
        lines.append([number.says, number.source, *values, *verdicts, "; ".join([against, *note])])
    heads = ["Number", "Source", "Published", "Ours (one run)", "Contrast", "n", "Verdict", "Adjusted", "Compared with"]
    return pipe_table(heads, lines, [False, False, True, False, True, True, False, False, False])


def legend(results: Sequence[Result]) -> str:
    """What the marks of a grid mean, and on how many seeds they rest."""
    seeds = " or ".join(str(n) for n in sorted({result.n for result in results}))
    marks = ", ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items())
    return f"{marks}; in brackets: repeats another number. n = {seeds}."


def grid(results: Sequence[Result], labels: Mapping[str, str], head: str) -> str:
    """The cells of a table as marks: class or epoch by model, and by quantity where there are several."""
    several = head == "Epoch"

    def column(result: Result) -> str:
        operand = result.number.operand
        return labels[operand.model] + (f", {operand.quantity.replace('_', ' ')}" if several else "")

    marks = {}
    for result in results:
        shown = MARKS[result.verdict] if result.counts else f"({MARKS[result.verdict]})"
        marks[result.number.row, column(result)] = shown
    columns = dict.fromkeys(key for _, key in marks)
    lines = [
        [row.replace(AVERAGE, "Avg"), *(marks.get((row, key), "") for key in columns)]
        for row in dict.fromkeys(row for row, _ in marks)
    ]
    return pipe_table([head, *columns], lines, [True, *[False] * len(columns)])


def notable(result: Result) -> bool:
    """Is it worth a line: does it differ, or contradict itself?"""
    return result.verdict in (Verdict.HIGHER, Verdict.LOWER, Verdict.CONTRADICTS_ITSELF)


def mark(result: Result) -> str:
    """The verdict with its mark."""
    return f"{MARKS[result.verdict]} {result.verdict}"


def printed(number: Number) -> str:
    """The number as it was printed, with its unit, unless that is errors."""
    return minus(number.printed) + ("" if number.unit == "errors" else f" {number.unit}")


def ours(result: Result) -> str:
    """Our mean and, where there is one, the interval of one run."""
    decimals = digits(result.number.unit)
    if result.n == 0:
        return ""
    return minus(f"{result.mean:.{decimals}f}") + (
        "" if np.isnan(result.low) else f" ({span(result.low, result.high, decimals)})"
    )


def words(result: Result) -> str:
    """A cell in words."""
    adjusted = f" (adjusted: {result.adjusted})" if result.adjusted not in (None, result.verdict) else ""
    verdict = f"{result.verdict}{adjusted}" + (f"; {result.note}" if result.note else "")
    return f"{result.number.says}: {result.number.printed} published, {ours(result)} ours, {verdict}"
