"""Does everything that reference/claims.yaml names exist in the config, and do its parts fit together?"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from mythical_digit.claims.published_claims import OF_HISTORY, Operand, numbers, pair
from mythical_digit.claims.statement_students import band, chosen, students
from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
from mythical_digit.study import experiments
from mythical_digit.study.config_schema import choices
from mythical_digit.tables.published import AVERAGE

KINDS = ("conclusions", "statements", "numbers", "tables", "histories")
WITH_WAY = ("accuracy", "errors", "error_rate", "shift")


def check_references(claims: Mapping, config: Mapping, path: str) -> None:
    """Check what the claims of the file `path` name against the config.

    Raises UserError for the first mistake: the entry, what was found, what is allowed.
    """
    for message in _mistakes(claims, config):
        raise UserError(f"{path}: {message}")


def _mistakes(claims: Mapping, config: Mapping) -> Iterator[str]:
    blocks = {name: experiments.expanded(block) for name, block in config["experiments"].items()}
    for kind in KINDS:
        for name, claim in claims[kind].items():
            where = f"{kind}.{name}"
            for key, allowed in (("source", claims["sources"]), ("experiment", blocks)):
                if claim[key] not in allowed:
                    yield f"{where}.{key}: there is no {key} {claim[key]!r}{choices(claim[key], allowed)}"
            block = blocks[claim["experiment"]]
            classes = range(config["datasets"][block["dataset"]]["classes"])
            if kind == "tables":
                yield from _table_mistakes(where, claim, block, classes)
            elif kind == "histories":
                yield from _history_mistakes(where, claim, block)
            elif kind == "statements":
                yield from _statement_mistakes(where, claim, config["experiments"][claim["experiment"]], block)
            else:
                for operand, place in zip(pair(claim), (where, f"{where}.minus"), strict=True):
                    if operand is not None:
                        yield from _operand_mistakes(place, operand, block, classes)
    yield from _link_mistakes(claims, blocks)


def _link_mistakes(claims: Mapping, blocks: Mapping) -> Iterator[str]:
    """Has each entry a name of its own? Do the contrasts and the originals of repeated numbers exist?"""
    names: dict[str, str] = {}
    for kind in ("conclusions", "statements", "numbers"):
        for name in claims[kind]:
            if name in names:
                yield f"{kind}.{name}: the name is that of {names[name]}.{name} too; rename one of them"
            names[name] = kind
    labels = {name: {model: model for model in experiments.models(block)} for name, block in blocks.items()}
    found = {number.id: number for number in numbers(claims, labels)}
    for number in found.values():
        place = f"numbers.{number.id}" if number.row is None else f"cell {number.id}"
        for key, name in (("contrast", number.contrast), ("same_as", number.same_as)):
            if name is not None and name not in found and not (key == "contrast" and _is_number(name)):
                among = [other for other in found if ("/" in other) == ("/" in name)]
                yield f"{place}.{key}: there is no number {name!r}{choices(name, among[:40])}"
        other = found.get(number.contrast)
        if other is not None and other.unit != number.unit:
            yield f"{place}.contrast: {other.id!r} is in {other.unit}, not {number.unit}; name one in {number.unit}"


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _operand_mistakes(where: str, operand: Operand, block: Mapping, classes: range) -> Iterator[str]:
    models = list(block["bias"]) if operand.way else experiments.models(block)
    if operand.quantity in OF_HISTORY:
        models = experiments.trained_models(block)
    kind = "arm with a bias" if operand.way else "model"
    if operand.model not in models:
        model = operand.model
        yield f"{where}.model: {operand.experiment!r} has no {kind} {model!r}{choices(model, models)}"
    if operand.quantity in OF_HISTORY:
        if operand.label is not None or operand.other_than is not None or operand.way is not None:
            yield f"{where}: {operand.quantity!r} is of a whole epoch; leave out class, other_than and way"
        return
    if operand.epoch is not None:
        yield f"{where}.epoch: {operand.quantity!r} is not of an epoch; allowed with an epoch: {', '.join(OF_HISTORY)}"
    named = operand.label if operand.label is not None else operand.other_than
    key = "class" if operand.label is not None else "other_than"
    if operand.way:
        shifted = block["bias"][operand.model]["classes"]
        if named is not None and shifted != [named]:
            yield f"{where}.{key}: bias.csv has the shifted classes {shifted} together; leave out the {key}"
        if operand.quantity not in WITH_WAY:
            yield (f"{where}.quantity: bias.csv has no {operand.quantity!r}; allowed with a way: {', '.join(WITH_WAY)}")
    elif operand.quantity == "shift":
        yield f"{where}.quantity: a shift is chosen in some way; add the key way"
    elif (named or 0) not in classes:
        yield f"{where}.{key}: there is no class {named}; allowed: 0 to {classes[-1]}"
    if operand.quantity in ("average", "shift") and named is not None:
        yield f"{where}.{key}: {operand.quantity!r} is over all classes; leave out the {key}"


def _table_mistakes(where: str, table: Mapping, block: Mapping, classes: range) -> Iterator[str]:
    path, models, rows = table["file"], experiments.models(block), [*map(str, classes), AVERAGE]
    yield from _file_mistakes(where, path)
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
    columns = [column for column in read_csv(path)[0] if column != "class"]
    for key in ("contrasts", "repeats"):
        for model in (name for entry in table.get(key, {}).items() for name in entry):
            if model not in columns:
                yield f"{where}.{key}: {path} has no column {model!r}{choices(model, columns)}"
    yield from (
        f"{where}.contrasts: none for the column {column!r}; add one"
        for column in columns
        if column not in table["contrasts"]
    )


def _history_mistakes(where: str, table: Mapping, block: Mapping) -> Iterator[str]:
    path, trained = table["file"], experiments.trained_models(block)
    yield from _file_mistakes(where, path)
    for line in read_csv(path):
        missing = [column for column in ("model", "epoch", *table["columns"]) if not line.get(column)]
        if missing:
            yield f"{where}.columns: {path} lacks {missing[0]!r} in a row; its header: {', '.join(line)}"
        model, epoch = line["model"], line["epoch"]
        if model not in trained:
            end = choices(model, trained)
            yield f"{where}.file: {path} has the model {model!r}, which {table['experiment']!r} does not train{end}"
        if not epoch.isdecimal() or epoch == "0":
            yield f"{where}.file: {path} has the epoch {epoch!r}; epochs are 1, 2, 3, ..."
        for column in table["columns"]:
            if not _is_number(line[column]):
                yield f"{where}.file: {path} has {line[column]!r} for {model}, epoch {epoch}; write a number"
        if model not in table["contrasts"]:
            yield f"{where}.contrasts: none for the model {model!r}; add one"


def _file_mistakes(where: str, path: str) -> Iterator[str]:
    if not Path(path).is_file():
        yield f"{where}.file: there is no file {path!r}; correct the path"
    if not read_csv(path):
        yield f"{where}.file: {path} has no rows; it must have a header and a row"


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
