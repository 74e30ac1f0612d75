"""What a file follows from: its origin, which it carries, and which every job that reads it checks.

The origin of a file has a record for the file and for each that it was made from, by its name below results/:

    params    all that the config says about how it was made: recipe, seed, classes, numerics, ...
    inputs    the names of the files that it was made from
    code      a fingerprint of the script that made it
    packages  the versions of torch and NumPy
    device    of a trained model: cpu or cuda, where it was computed
    files     SHA-256 of the CSV tables that were made with it: these carry no origin of their own

A file of tensors has its origin in the header, a record (JSON) under the key `origin`. Snakemake's own notes are in
.snakemake and may be lost, or ignored (`--rerun-triggers mtime`); then files of an earlier config look up to date.
"""

import hashlib
import json
import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mythical_digit.errors import UserError
from mythical_digit.files import tensors
from mythical_digit.files.checksums import sha256
from mythical_digit.files.records import read_json

# The files that have one, whatever folder the workflow runs in: the prepared data and all that is of one model.
PLACE = re.compile(
    r"(?:^|/)results/(?P<name>data/(?P<dataset>[^/]+)\.safetensors"
    r"|(?P<experiment>[^/]+)/seed-(?P<seed>\d+)/(?P<model>[^/]+)/(?P<file>[^/]+\.(?:safetensors|json|csv)))$"
)
CARRIERS = {"history.csv": "model.safetensors", "bias_curve.csv": "bias.json"}  # of tables that go with a file
NOT_PARAMS = ("code", "origins")
SHOWN = 10  # files in a message

Origin = dict[str, dict[str, Any]]


def of_rule(params: Mapping[str, object], inputs: Iterable[str | Path]) -> dict[str, Any]:
    """The record's `params`, `inputs` and `code`, from a rule's params and inputs for the wildcards of the file."""
    given = {key: value for key, value in params.items() if key not in NOT_PARAMS}
    code = hashlib.sha256(json.dumps(params["code"], sort_keys=True).encode()).hexdigest()[:16]
    names = [place["name"] for path in inputs if (place := place_of(path))]
    return {"params": json.loads(json.dumps(given)), "inputs": names, "code": code}


def of_job(job: Any, path: str | Path, beside: Iterable[str | Path] = (), device: str | None = None) -> Origin:
    """The origin of the file at `path`, which a job makes with the tables `beside` it, once its inputs are checked.

    `job` is what Snakemake gives a script, `device` what it computed on if it could choose. Raises UserError as `check`
    does.
    """
    record = of_rule(dict(job.params.items()), job.input)
    record["packages"] = packages()
    if device:
        record["device"] = device
    if files := {Path(table).name: sha256(table) for table in beside}:
        record["files"] = files
    return check(job) | {place_of(path)["name"]: record}


def check(job: Any) -> Origin:
    """The origins of a job's inputs together, once they are those that the job's param `origins` expects.

    That has `params`, `inputs` and `code` of each file. Code and packages may be of other versions than today's, if all
    files of a kind have the same. These have the same device, too.

    Raises UserError that names each file that does not belong, and how to make it again.
    """
    expected = job.params.origins
    found, wrong = compare(map(str, job.input if expected else ()), expected)
    if wrong:
        raise not_together(wrong)
    return found


def compare(paths: Iterable[str], expected: Origin) -> tuple[Origin, dict[str, str]]:
    """The origins of files together, and what is wrong with each file that does not follow from what is `expected`.

    Files without an expected record are left out. Raises UserError if one is damaged.
    """
    found: list[tuple[str, str, dict]] = []  # folder, name and record
    wrong = {}
    for path in paths:
        if (place := place_of(path)) and place["name"] in expected:
            carrier, origin = _carrier(path), recorded(path)
            if place_of(carrier)["name"] not in origin:
                wrong[str(carrier)] = "it does not say what it was made with"
            folder = path.removesuffix(place["name"])
            found += [(folder, *item) for item in origin.items() if item[0] in expected]
    for folder, name, record in found:
        for key in ("params", "inputs"):
            if difference := _difference(record[key], expected[name][key]):
                wrong[folder + name] = difference
    for path, difference in _unlike_the_others(found, expected):
        wrong.setdefault(path, difference)
    return {name: record for _, name, record in found}, wrong


def recorded(path: str | Path) -> Origin:
    """The origin that a file carries, of a table that of the file which carries it for both; empty without one.

    Raises UserError if the file is damaged, or a table is not the one that was made with that file.
    """
    carrier = _carrier(path)
    origin = (read_json(carrier).get("origin") if carrier.suffix == ".json" else tensors.origin(carrier)) or {}
    if origin and carrier != Path(path):
        files = origin.get(place_of(carrier)["name"], {}).get("files", {})
        if files.get(Path(path).name) != sha256(path):
            raise UserError(f"{path}: not the one that was made with {carrier}; delete both and run again")
    return origin


def _carrier(path: str | Path) -> Path:
    """The file that carries the origin of a file: itself, or one in the same folder."""
    path = Path(path)
    return path.with_name(CARRIERS.get(path.name, path.name))


def place_of(path: str | Path) -> re.Match | None:
    """Where a file is, with `name` and the other groups of PLACE; None if it is not one that has an origin."""
    return PLACE.search(Path(path).as_posix())


def _difference(found: object, expected: object, key: str = "") -> str | None:
    """In which key two values differ first, and how; None if they are equal."""
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        names = dict.fromkeys([*expected, *found])
        differences = (_difference(found.get(name), expected.get(name), f"{key}.{name}") for name in names)
        return next(filter(None, differences), None)
    if found == expected:
        return None
    return f"made with {key[1:] or 'inputs'} = {_shown(found)}, but the config says {_shown(expected)}"


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def packages() -> dict[str, str]:
    """The versions of the packages that numbers may depend on."""
    return {name: version(name) for name in ("numpy", "torch")}


def _unlike_the_others(found: Sequence[tuple[str, str, dict]], expected: Origin) -> Iterator[tuple[str, str]]:
    """The files, and what is wrong with them, that were made in another way than the others of their kind.

    Where these are not all of one code, of one set of packages and of one device, the code and the packages of today
    are right, and the device that most have.
    """
    kinds = defaultdict(list)
    for folder, name, record in sorted(found, key=lambda item: item[:2]):
        kinds[frozenset(record["params"])].append((folder + name, expected[name]["code"], record))
    today = packages()
    for files in kinds.values():
        if len({record["code"] for _, _, record in files}) > 1:
            words = "made by another version of the code than the others"
            yield from ((path, words) for path, code, record in files if record["code"] != code)
        if len({_listed(record["packages"]) for _, _, record in files}) > 1:
            words = "made with {}, not " + _listed(today) + " as others"
            others = ((path, record["packages"]) for path, _, record in files if record["packages"] != today)
            yield from ((path, words.format(_listed(other))) for path, other in others)
        devices = Counter(record.get("device") for _, _, record in files)
        if len(devices) > 1:
            usual = devices.most_common(1)[0][0]
            words = "computed on {}, not on " + f"{usual} as most others; `compute.device` in config.yaml decides it"
            others = ((path, record.get("device")) for path, _, record in files)
            yield from ((path, words.format(other)) for path, other in others if other != usual)


def _listed(versions: Mapping[str, str]) -> str:
    return " and ".join(f"{name} {number}" for name, number in versions.items())


def not_together(wrong: Mapping[str, str]) -> UserError:
    """The message that files do not belong to the config: what is `wrong` with each, and what to do."""
    lines = [f"  {path}: {difference}" for path, difference in list(wrong.items())[:SHOWN]]
    more = [f"  and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
    text = "\n".join(["these files do not belong to the results that the config describes:", *lines, *more])
    return UserError(f"{text}\nTo make them again, delete them and run the same command: {shlex.join(['rm', *wrong])}")
