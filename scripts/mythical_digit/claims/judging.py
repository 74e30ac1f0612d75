"""The verdict on each published number and statement, with the numbers that it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mythical_digit.claims.measuring import Measured, measure
from mythical_digit.claims.published_claims import Number, band, chosen
from mythical_digit.claims.verdicts import Outcome, Verdict, alike, best, outcome
from mythical_digit.tables.accuracies import Accuracies

WAYS = {
    "none": "bias as trained",
    "fixed": "fixed bias",
    "prior": "bias from how frequent the class is",
    "oracle": "bias chosen on the test images (oracle)",
}


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
