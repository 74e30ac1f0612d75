"""The verdicts as a table for programs: conclusions first, then every published number."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from mythical_digit.claims.judging import Judged, Result
from mythical_digit.claims.published_claims import Conclusion, Number

COLUMNS = (
    *("kind", "id", "source", "says", "experiment", "model", "way", "quantity", "class", "other_than", "epoch"),
    *("minus_model", "minus_way", "unit", "published", "contrast", "side", "threshold", "n", "mean", "low", "high"),
    *("seeds_on_side", "p", "p_contrast", "verdict", "p_adjusted", "adjusted_verdict", "same_as", "note"),
)


def rows(results: Sequence[Result], judged: Sequence[Judged]) -> Iterator[tuple]:
    """The rows of the CSV table, conclusions first: in full precision, empty where nothing is defined."""
    for found in judged:
        about = found.about
        values = {"kind": "conclusion", "published": None, "verdict": found.finding, "seeds_on_side": None}
        values |= {key: getattr(found, key) for key in ("id", "source", "says", "experiment", "model", "n", "note")}
        if about is not None:
            values |= _of_operands(about) | {"published": about.published, "seeds_on_side": found.on_side}
            values |= {"side": about.side, "threshold": about.threshold}
            values |= {key: getattr(found, key) for key in ("mean", "low", "high")}
        yield _row(values)
    for result in results:
        number = result.number
        values = {"kind": "number", "published": number.printed, "adjusted_verdict": result.adjusted}
        values |= {key: getattr(number, key) for key in ("id", "source", "says", "same_as")} | _of_operands(number)
        keys = ("contrast", "n", "mean", "low", "high", "p", "p_contrast", "verdict", "p_adjusted", "note")
        yield _row(values | {key: getattr(result, key) for key in keys})


def _of_operands(claim: Number | Conclusion) -> dict[str, object]:
    operand, other = claim.operand, claim.minus
    values = {key: getattr(operand, key) for key in ("experiment", "model", "way", "quantity", "other_than", "epoch")}
    taken = {"minus_model": other.model, "minus_way": other.way} if other is not None else {}
    return values | taken | {"class": operand.label, "unit": claim.unit}


def _row(values: Mapping[str, object]) -> tuple:
    found = (values.get(column) for column in COLUMNS)
    return tuple(None if isinstance(value, float) and np.isnan(value) else value for value in found)
