"""What was published, as reference/claims.yaml says it: read, checked, and a claim for each number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
from mythical_digit.study import experiments
from mythical_digit.study.config_schema import check_schema, choices
from mythical_digit.tables.published import AVERAGE

PLACES = {"value": "printed", "class": "label"}  # what keys of a number are called in Number


@dataclass(frozen=True)
class Number:
    """A published number: `printed` as it was, and what of ours it is compared with.

    `label` is a class, or None for all of them; `way` that of a shifted bias, or None for the model as it was
    evaluated; `also` another way to tell; `table` the table that the number is a cell of, if it is one.
    """

    id: str
    says: str
    source: str
    printed: str
    quantity: str
    unit: str
    better: str
    experiment: str
    model: str
    label: int | None = None
    way: str | None = None
    also: str | None = None
    table: str | None = None

    @property
    def value(self) -> float:
        """The number."""
        return float(self.printed)

    @property
    def rounding(self) -> float:
        """Half of the last printed digit; a count is exact."""
        return 0.5 * 10.0 ** -len(self.printed.partition(".")[2]) if self.unit == "%" else 0.0


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
    for table in claims["tables"].values():
        table["file"] = str(Path(path).parent / table["file"])
    return claims


def needed_experiments(claims: Mapping) -> list[str]:
    """The experiments that claims are compared with, in the order of the file."""
    parts = (claims["tables"], claims["numbers"], claims["statements"])
    return list(dict.fromkeys(claim["experiment"] for part in parts for claim in part.values()))


def needing_bias(claims: Mapping) -> list[str]:
    """Those whose shifted biases are needed too."""
    return list(dict.fromkeys(claim["experiment"] for claim in claims["numbers"].values() if "way" in claim))


def numbers(claims: Mapping, labels: Mapping[str, Mapping[str, str]]) -> list[Number]:
    """A claim for each number and for each cell of the tables; `labels` are the models' names by experiment."""
    return [
        *(_number(name, claim, claims["quantities"]) for name, claim in claims["numbers"].items()),
        *(
            cell
            for name, table in claims["tables"].items()
            for cell in _cells(name, table, claims["quantities"], labels[table["experiment"]])
        ),
    ]


def _number(name: str, claim: Mapping, quantities: Mapping[str, Mapping]) -> Number:
    renamed = {PLACES.get(key, key): value for key, value in claim.items()}
    return Number(id=name, **renamed, **quantities[claim["quantity"]])


def _cells(name: str, table: Mapping, quantities: Mapping[str, Mapping], labels: Mapping[str, str]) -> Iterator[Number]:
    for row in read_csv(table["file"]):
        average = row["class"] == AVERAGE
        quantity = "average" if average else "accuracy"
        for model, label in labels.items():
            if row.get(model):
                yield Number(
                    id=f"{name}/{model}/{row['class']}",
                    says=f"{label}, {'mean of the classes' if average else 'class ' + row['class']}",
                    source=table["source"],
                    printed=row[model],
                    quantity=quantity,
                    **quantities[quantity],
                    experiment=table["experiment"],
                    model=model,
                    label=None if average else int(row["class"]),
                    table=name,
                )


def students(experiment: Mapping, arm: str) -> dict[str, tuple[list[int], float]]:
    """Units per hidden layer, and temperature, of each student that an arm of an expanded experiment stands for."""
    return {
        name: (
            experiments.student(experiment, name)["hidden"],
            experiments.distillation(experiment, name)["temperature"],
        )
        for name in experiment["arms"]
        if experiments.base(name) == arm
    }


def within(value: float, limits: Mapping[str, float]) -> bool:
    """Does a value lie within the limits `min`, `above` and `max`, as far as they are given?"""
    return limits.get("min", value) <= value <= limits.get("max", value) and limits.get("above", float("-inf")) < value


def chosen(statement: Mapping, candidates: Mapping[str, tuple[list[int], float]]) -> dict[str, dict[float, str]]:
    """The students that a statement is about: by width (as 300x300), their names by temperature.

    With the rule `best`, those of the temperatures outside of its band too.
    """
    widths: dict[str, dict[float, str]] = {}
    for name, (units, temperature) in candidates.items():
        if all(within(layer, statement["units"]) for layer in units) and (
            statement["rule"] == "best" or within(temperature, statement["temperatures"])
        ):
            widths.setdefault("x".join(map(str, units)), {})[temperature] = name
    return widths


def band(statement: Mapping, temperatures: Mapping[float, object]) -> list[float]:
    """Those of the temperatures that a statement names."""
    return [temperature for temperature in temperatures if within(temperature, statement["temperatures"])]


def check_references(claims: Mapping, config: Mapping, path: str) -> None:
    """Check what the claims of the file `path` name against the config.

    Raises UserError for the first mistake: the entry, what stands there, what is allowed.
    """
    for message in _mistakes(claims, config):
        raise UserError(f"{path}: {message}")


def _mistakes(claims: Mapping, config: Mapping) -> Iterator[str]:
    blocks = {name: experiments.expanded(block) for name, block in config["experiments"].items()}
    for kind in ("tables", "numbers", "statements"):
        for name, claim in claims[kind].items():
            where = f"{kind}.{name}"
            for key, allowed in (("source", claims["sources"]), ("experiment", blocks)):
                if claim[key] not in allowed:
                    yield f"{where}.{key}: there is no {key} {claim[key]!r}{choices(claim[key], allowed)}"
            block = blocks[claim["experiment"]]
            classes = range(config["datasets"][block["dataset"]]["classes"])
            if kind == "tables":
                yield from _table_mistakes(where, claim, block, classes)
            elif kind == "numbers":
                yield from _number_mistakes(where, claim, block, classes)
            else:
                yield from _statement_mistakes(where, claim, config["experiments"][claim["experiment"]], block)


def _table_mistakes(where: str, table: Mapping, block: Mapping, classes: range) -> Iterator[str]:
    path, models, rows = table["file"], experiments.models(block), [*map(str, classes), AVERAGE]
    if not Path(path).is_file():
        yield f"{where}.file: there is no file {path!r}; correct the path"
    for line in read_csv(path):
        if line.get("class") not in rows:
            row = line.get("class")
            yield f"{where}.file: {path} has {row!r} in its column class; allowed: {', '.join(rows)}"
        for model, cell in line.items():
            if model not in ("class", *models):
                yield (
                    f"{where}.file: {path} has the column {model!r}, no model of {table['experiment']!r}"
                    f"{choices(model, models)}"
                )
            if model != "class" and cell and not cell.replace(".", "", 1).isdecimal():
                yield f"{where}.file: {path} has {cell!r} for {model}, class {line['class']}; write a number of percent"


def _number_mistakes(where: str, claim: Mapping, block: Mapping, classes: range) -> Iterator[str]:
    models = list(block["bias"]) if "way" in claim else experiments.models(block)
    kind = "arm with a bias" if "way" in claim else "model"
    if claim["model"] not in models:
        model = claim["model"]
        yield f"{where}.model: {claim['experiment']!r} has no {kind} {model!r}{choices(model, models)}"
    if "way" in claim:
        classes = block["bias"][claim["model"]]["classes"]
        if "class" in claim and classes != [claim["class"]]:
            yield f"{where}.class: bias.csv has the shifted classes {classes} together; leave out the class"
        if claim["quantity"] == "average":
            yield f"{where}.quantity: bias.csv has no 'average'; allowed with a way: accuracy, errors, error_rate"
    elif claim.get("class", 0) not in classes:
        yield f"{where}.class: there is no class {claim['class']}; allowed: 0 to {classes[-1]}"
    if claim["quantity"] == "average" and "class" in claim:
        yield f"{where}.class: an average is over all classes; leave out the class"


def _statement_mistakes(where: str, claim: Mapping, plain: Mapping, block: Mapping) -> Iterator[str]:
    distilled = [arm for arm, values in plain["arms"].items() if values["distilled"]]
    if claim["arm"] not in distilled:
        arm = claim["arm"]
        yield f"{where}.arm: {claim['experiment']!r} has no distilled arm {arm!r}{choices(arm, distilled)}"
    candidates = students(block, claim["arm"])
    widths = chosen(claim, candidates)
    have = ", ".join(
        f"{'x'.join(map(str, units))} at T = {temperature:g}" for units, temperature in candidates.values()
    )
    if claim["rule"] == "alike":
        if not widths or min(map(len, widths.values())) < 2:
            yield f"{where}: needs two temperatures in its range at each width; there are: {have}"
    elif len(widths) != 1:
        yield f"{where}.units: needs students of one width, not {', '.join(widths) or 'none'}; there are: {have}"
    else:
        (temperatures,) = widths.values()
        inside = band(claim, temperatures)
        if not inside or min(temperatures) >= min(inside) or max(temperatures) <= max(inside):
            yield f"{where}.temperatures: needs temperatures in it, below and above; there are: {have}"
