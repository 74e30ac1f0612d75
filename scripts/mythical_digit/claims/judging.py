"""The verdict on each published number, and the finding on each conclusion, with the numbers behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mythical_digit.claims.intervals import ALPHA, Outcomes, holm, of_the_mean
from mythical_digit.claims.measuring import Measurements, measure
from mythical_digit.claims.published_claims import Conclusion, Number, rounding
from mythical_digit.claims.temperatures import judge_statement
from mythical_digit.claims.verdicts import Finding, Verdict, find, judge
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES
from mythical_digit.tables.markdown import minus
from mythical_digit.tables.published import AVERAGE, contradictions, read_published


@dataclass(frozen=True)
class Result:
    """A published number with what was measured, and its verdict; `contrast` is the value to be told apart.

    One run of ours, or the mean of as many as the number has, lies from `low` to `high`. The p-values are of the number
    and of its contrast; `p_adjusted` and `adjusted` allow for how many numbers its family has (NaN and None for a
    number that does not count).
    """

    number: Number
    contrast: float
    n: int
    mean: float
    low: float
    high: float
    p: float
    p_contrast: float
    verdict: Verdict
    note: str = ""
    p_adjusted: float = np.nan
    adjusted: Verdict | None = None

    @property
    def counts(self) -> bool:
        """Does it count, or does another number say the same?"""
        return self.number.same_as is None


@dataclass(frozen=True)
class Judged:
    """A conclusion with its finding, and why: the effect from `low` to `high`, or, of temperatures, a note alone."""

    id: str
    source: str
    says: str
    experiment: str
    model: str
    n: int
    finding: Finding
    note: str = ""
    mean: float = np.nan
    low: float = np.nan
    high: float = np.nan
    about: Conclusion | None = None
    on_side: int = 0  # the seeds that lie on the claimed side


def contradicted_averages(
    tables: Mapping[str, Mapping], labels: Mapping[str, Mapping[str, str]], ours: Measurements
) -> dict[tuple[str, str], float]:
    """The averages that the columns of their own tables contradict: (table, model) -> the mean of the column."""
    wrong = {}
    for name, table in tables.items():
        rows = [*map(str, ours.accuracies[table["experiment"]].classes), AVERAGE]
        published = read_published(table["file"], list(labels[table["experiment"]]), rows)
        wrong |= {(name, model): mean for model, (_, mean) in contradictions(published).items()}
    return wrong


def judge_numbers(
    claimed: Sequence[Number], ours: Measurements, wrong: Mapping[tuple[str, str], float]
) -> list[Result]:
    """The verdict on each number; `wrong` has the averages that their tables contradict, as above."""
    by_id = {number.id: number for number in claimed}
    results = [_judge_number(number, by_id, ours, wrong) for number in claimed]
    for family in dict.fromkeys(number.family for number in claimed):
        places = [
            place
            for place, result in enumerate(results)
            if result.number.family == family and result.counts and result.verdict != Verdict.CONTRADICTS_ITSELF
        ]
        adjusted = holm(np.array([results[place].p for place in places]))
        contrasts = holm(np.array([results[place].p_contrast for place in places]))
        for place, p, p_contrast in zip(places, adjusted, contrasts, strict=True):
            result = results[place]
            verdict = judge(p, p_contrast, result.mean, result.number.value)
            if result.p <= ALPHA and verdict is Verdict.REPRODUCED:  # to be one of many does not make it reproduced
                verdict = Verdict.COMPATIBLE
            results[place] = replace(result, p_adjusted=float(p), adjusted=verdict)
    return results


def own_mean(number: Number, wrong: Mapping[tuple[str, str], float]) -> float | None:
    """The mean of a published average's own column, if that contradicts it."""
    return wrong.get((number.family, number.operand.model)) if number.operand.quantity == "average" else None


def _contrast(number: Number, by_id: Mapping[str, Number], wrong: Mapping) -> tuple[float, float]:
    """The value that a number must be told apart from, and half of its last digit."""
    other = by_id.get(number.contrast)
    if other is None:
        return float(number.contrast), 0.0
    corrected = own_mean(other, wrong)
    return other.value if corrected is None else corrected, other.rounding


def _judge_number(number: Number, by_id: Mapping[str, Number], ours: Measurements, wrong: Mapping) -> Result:
    contrast, slack = _contrast(number, by_id, wrong)
    measured = replace(measure(number.operand, ours, number.minus), runs=number.runs)
    mean, (low, high) = float(measured.values.mean()), measured.interval()
    p = measured.p_value(number.value - number.rounding, number.value + number.rounding)
    p_contrast = measured.p_value(contrast - slack, contrast + slack)
    verdict = judge(p, p_contrast, mean, number.value)
    notes = list(_notes(number, ours))

    def judged(printed: float, half: float) -> Verdict:
        return judge(measured.p_value(printed - half, printed + half), p_contrast, mean, printed)

    if number.elsewhere is not None:
        other = judged(float(number.elsewhere), rounding(number.elsewhere, number.unit))
        notes.append(f"the same source says {number.elsewhere} elsewhere: {other}; {number.printed}: {verdict}")
    column = own_mean(number, wrong)
    if column is not None:
        notes.append(f"mean of its own column: {column:.2f}, {judged(column, number.rounding)}")
    if column is not None or number.elsewhere is not None:
        verdict = Verdict.CONTRADICTS_ITSELF
    return Result(
        number,
        contrast,
        int(np.isfinite(measured.values).sum()),
        mean,
        low,
        high,
        p,
        p_contrast,
        verdict,
        "; ".join(notes),
    )


def _notes(number: Number, ours: Measurements) -> Iterator[str]:
    """Of how many runs it is the mean, how the shift was chosen, and what another way gives."""
    if number.runs > 1:
        yield f"mean of {number.runs} runs, compared with that of as many of ours"
    operand = number.operand
    for way in filter(None, (operand.way, number.also)):
        shift = ours.shifts[operand.experiment][operand.model, way]["shift"]
        text = f"{SHIFT_CHOICES[way].label}, {span(shift.min(), shift.max(), 2)}"
        if way == number.also:
            other = measure(replace(operand, way=way), ours)
            ends = "" if len(shift) == 1 else f" ({span(*other.interval(), digits(number.unit))})"
            text += minus(f": {other.values.mean():.{digits(number.unit)}f}{ends}")
        yield text


def judge_conclusion(conclusion: Conclusion, ours: Measurements) -> Judged:
    """The finding on a conclusion, from the interval of the mean over the seeds, or of one run."""
    measured = measure(conclusion.operand, ours, conclusion.minus, relative=conclusion.relative)
    low, high = _ends(measured, one_run=conclusion.one_run)
    above = conclusion.side == "above"
    on_side = measured.values > conclusion.threshold if above else measured.values < conclusion.threshold
    return Judged(
        id=conclusion.id,
        source=conclusion.source,
        says=conclusion.says,
        experiment=conclusion.operand.experiment,
        model=conclusion.operand.model,
        n=len(measured.values),
        finding=find(low, high, conclusion.side, conclusion.threshold),
        mean=float(measured.values.mean()),
        low=low,
        high=high,
        about=conclusion,
        on_side=int(on_side.sum()),
    )


def _ends(measured: Outcomes, *, one_run: bool) -> tuple[float, float]:
    return measured.interval() if one_run else of_the_mean(measured)


def judge_temperatures(name: str, statement: Mapping, candidates: Mapping, ours: Measurements) -> Judged:
    """The finding on a statement about temperatures, from the errors of the students that it is about."""
    accuracies = ours.accuracies[statement["experiment"]]
    finding, note = judge_statement(statement, candidates, accuracies.errors)
    where = (statement["experiment"], statement["arm"])
    return Judged(name, statement["source"], statement["says"], *where, len(accuracies.seeds), finding, note)


def digits(unit: str) -> int:
    """Decimals in which our values are shown."""
    return {"%": 2, "points": 2, "nats": 3}.get(unit, 1)


def span(low: float, high: float, decimals: int) -> str:
    """Write a range; one value, if its ends look the same."""
    ends = [f"{end:.{decimals}f}".replace("-", "−") for end in (low, high)]
    return " to ".join(dict.fromkeys(ends))
