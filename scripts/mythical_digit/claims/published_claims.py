"""What was published, as reference/claims.yaml says it: read, and a record for each number and conclusion."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
from mythical_digit.study.config_schema import check_schema
from mythical_digit.tables import histories
from mythical_digit.tables.published import AVERAGE

OF_HISTORY = (*histories.COLUMNS, "overfitting")  # quantities of an epoch, or of all epochs together
UNITS = {  # of each quantity
    **dict.fromkeys(["accuracy", "average", "error_rate", "train_accuracy", "test_accuracy"], "%"),
    **dict.fromkeys(["shift", "train_loss", "train_cross_entropy", "test_cross_entropy", "overfitting"], "nats"),
    "errors": "errors",
}


@dataclass(frozen=True)
class Operand:
    """A quantity of a model of ours, which each seed has once.

    `label` is the class that it is of, `other_than` the class that it is not of; with neither it is of all test images.
    `way` is that of a shifted bias, or None for the model as it was evaluated. `epoch` counts from 1; None is the last.
    """

    experiment: str
    model: str
    quantity: str
    label: int | None = None
    other_than: int | None = None
    way: str | None = None
    epoch: int | None = None


@dataclass(frozen=True)
class Number:
    """A published number: `printed` as it was, the mean of so many `runs`, and what of ours it is compared with.

    Ours is the operand, or that minus another. `also` is another way to tell. `contrast` is what the number must be
    told apart from: a value as text, or the id of another number. `elsewhere` is what the same source prints for it in
    another place. `same_as` is the id of a number that says the same, so that this one does not count. Numbers of one
    `family` are judged together. `row` is its place in a published table; None if it is in none.
    """

    id: str
    says: str
    source: str
    printed: str
    operand: Operand
    contrast: str
    family: str
    minus: Operand | None = None
    also: str | None = None
    elsewhere: str | None = None
    same_as: str | None = None
    row: str | None = None
    runs: int = 1

    @property
    def value(self) -> float:
        """The number."""
        return float(self.printed)

    @property
    def unit(self) -> str:
        """The unit of the number; that of a difference of percentages is points."""
        return unit_of(self.operand, self.minus)

    @property
    def rounding(self) -> float:
        """Half of the last printed digit; a count is exact."""
        return rounding(self.printed, self.unit)


@dataclass(frozen=True)
class Conclusion:
    """A conclusion in words, and the quantity that decides on it: an operand, or that minus another.

    It holds where that lies on the `side` (above, below) of the `threshold`. `relative`: in percent of the operand.
    `one_run`: it is of every run, not of the mean.
    """

    id: str
    says: str
    source: str
    operand: Operand
    minus: Operand | None
    side: str
    threshold: float
    relative: bool = False
    one_run: bool = False
    published: str | None = None

    @property
    def unit(self) -> str:
        """The unit of the threshold."""
        return "%" if self.relative else unit_of(self.operand, self.minus)


def unit_of(operand: Operand, minus: Operand | None) -> str:
    """The unit of an operand, or of a difference of two."""
    unit = UNITS[operand.quantity]
    return "points" if minus is not None and unit == "%" else unit


def rounding(printed: str, unit: str) -> float:
    """Half of the last digit of a number; a count is exact."""
    return 0.0 if unit == "errors" else 0.5 * 10.0 ** -len(printed.partition(".")[2])


def read_claims(path: str | Path) -> dict:
    """Read the claims and check them against the JSON schema beside the file, as claims.schema.yaml.

    The files of tables, named from the folder of the claims, become paths from where the pipeline runs.

    Raises UserError for the first mistake.
    """
    try:
        claims, schema = (
            yaml.safe_load(file.read_text(encoding="utf-8"))
            for file in (Path(path), Path(path).with_suffix(".schema.yaml"))
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{path}: not readable as YAML ({' '.join(str(error).split())}); mend it") from error
    check_schema(claims, schema, str(path))
    for table in (*claims["tables"].values(), *claims["histories"].values()):
        table["file"] = str(Path(path).parent / table["file"])
    return claims


def files(claims: Mapping) -> list[str]:
    """The files that claims are read from, next to claims.yaml itself."""
    return [table["file"] for kind in ("tables", "histories") for table in claims[kind].values()]


def experiments_of(claims: Mapping) -> list[str]:
    """The experiments that claims are compared with, in the order of the file."""
    kinds = ("conclusions", "statements", "numbers", "tables", "histories")
    return list(dict.fromkeys(claim["experiment"] for kind in kinds for claim in claims[kind].values()))


def operands(claims: Mapping) -> list[Operand]:
    """What the single numbers and the conclusions are compared with."""
    singles = [claim for kind in ("numbers", "conclusions") for claim in claims[kind].values()]
    return [operand for claim in singles for operand in pair(claim) if operand is not None]


def experiments_with_shifts(claims: Mapping) -> list[str]:
    """The experiments whose shifted biases are needed."""
    return list(dict.fromkeys(operand.experiment for operand in operands(claims) if operand.way is not None))


def experiments_with_history(claims: Mapping) -> list[str]:
    """The experiments whose training histories are needed."""
    single = [operand.experiment for operand in operands(claims) if operand.quantity in OF_HISTORY]
    return list(dict.fromkeys([*single, *(table["experiment"] for table in claims["histories"].values())]))


def pair(claim: Mapping) -> tuple[Operand, Operand | None]:
    """What a number or a conclusion of the file is compared with: an operand, and what is taken from it, if any.

    What is taken from it differs in what the file says; another model is taken as it was evaluated, unless told a way.
    """
    names = {"class": "label"}
    keys = ("experiment", "model", "quantity", "class", "other_than", "way", "epoch")
    operand = Operand(**{names.get(key, key): claim[key] for key in keys if key in claim})
    if "minus" not in claim:
        return operand, None
    changes = ({"way": None} if "model" in claim["minus"] else {}) | claim["minus"]
    return operand, replace(operand, **changes)


def numbers(claims: Mapping, labels: Mapping[str, Mapping[str, str]]) -> list[Number]:
    """Each number that was published; `labels` are the models' names by experiment."""
    found = [_number(name, claim) for name, claim in claims["numbers"].items()]
    for name, table in claims["tables"].items():
        found += _cells(name, table, labels[table["experiment"]])
    for name, table in claims["histories"].items():
        found += _epochs(name, table, labels[table["experiment"]])
    return found


def conclusions(claims: Mapping) -> list[Conclusion]:
    """Each conclusion that a threshold decides on."""
    kept = ("says", "source", "side", "threshold", "relative", "one_run", "published")
    found = []
    for name, claim in claims["conclusions"].items():
        operand, minus = pair(claim)
        values = {key: claim[key] for key in kept if key in claim}
        found.append(Conclusion(id=name, operand=operand, minus=minus, **values))
    return found


def _number(name: str, claim: Mapping) -> Number:
    operand, minus = pair(claim)
    kept = {key: claim[key] for key in ("says", "source", "also", "elsewhere", "same_as", "runs") if key in claim}
    kept |= {
        "printed": claim["value"],
        "contrast": str(claim["contrast"]),
        "family": f"{claim['source']}, single numbers",
    }
    return Number(id=name, operand=operand, minus=minus, **kept)


def _cells(name: str, table: Mapping, labels: Mapping[str, str]) -> Iterator[Number]:
    repeats = table.get("repeats", {})
    for row in _lines(table):
        label = None if row["class"] == AVERAGE else int(row["class"])
        for model, title in labels.items():
            if row.get(model):
                original = repeats.get(model)
                repeated = original is not None and row[original] == row[model]
                yield Number(
                    id=f"{name}/{model}/{row['class']}",
                    says=f"{title}, {'mean of the classes' if label is None else f'class {label}'}",
                    source=table["source"],
                    printed=row[model],
                    operand=Operand(table["experiment"], model, "average" if label is None else "accuracy", label),
                    contrast=f"{name}/{table['contrasts'][model]}/{row['class']}",
                    family=name,
                    same_as=f"{name}/{original}/{row['class']}" if repeated else None,
                    row=row["class"],
                )


def _epochs(name: str, table: Mapping, labels: Mapping[str, str]) -> Iterator[Number]:
    for row in _lines(table):
        for column in table["columns"]:
            cell = f"{row['model']}/{row['epoch']}/{column}"
            yield Number(
                id=f"{name}/{cell}",
                says=f"{labels[row['model']]}, epoch {row['epoch']}, {column.replace('_', ' ')}",
                source=table["source"],
                printed=row[column],
                operand=Operand(table["experiment"], row["model"], column, epoch=int(row["epoch"])),
                contrast=f"{name}/{table['contrasts'][row['model']]}/{row['epoch']}/{column}",
                family=name,
                same_as=table.get("same_as", {}).get(cell),
                row=row["epoch"],
            )


def _lines(table: Mapping) -> list[dict[str, str]]:
    return read_csv(table["file"])
