"""Compare what was computed here with results/published/: identical, equivalent or different, file by file and in all.

Identical: the same bytes. Equivalent: other bytes, but every accuracy lies within its published interval
(mythical_digit/records/equivalence.py). Different: one does not, or a file is damaged; then the exit status is 1.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import read_record
from mythical_digit.files.checksums import checksums, sha256
from mythical_digit.files.records import read_csv, read_json
from mythical_digit.files.tensors import load_tensors
from mythical_digit.records import machine
from mythical_digit.records.equivalence import Deviation, deviations
from mythical_digit.study.experiments import expanded, models
from mythical_digit.tables.accuracies import class_sizes, read_accuracies
from mythical_digit.workflow.job_log import logged

KINDS = {
    "model.safetensors": "weights",
    "logits.safetensors": "teacher's logits",
    "history.csv": "histories",
    "metrics.json": "metrics per model",
    "metrics.csv": "metrics",
}
AGAIN = "restore results/published/ from git, or make it anew with the target `publish`"


def read_manifest(path: str | Path) -> dict[str, dict]:
    """Read what `manifest` wrote of an experiment: `files`, `config` and `environment`.

    Raises UserError if it is not readable, or of a version of the pipeline that wrote it otherwise.
    """
    manifest = read_json(path)
    for key in ("files", "config", "environment"):
        if not isinstance(manifest.get(key), dict):
            raise UserError(f"{path}: not a manifest as this version writes it ({key!r} is missing); {AGAIN}")
    try:
        models(expanded(manifest["config"]["experiment"]))
        seeds(manifest["config"])
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: not a manifest as this version writes it (another `config`); {AGAIN}") from error
    return manifest


def read_manifests(folder: Path, experiments: Iterable[str]) -> dict[str, dict]:
    """The manifests in `folder`, results/published, of those of the `experiments` that are published, by name.

    Raises UserError if there is none.
    """
    paths = {name: folder / name / "manifest.json" for name in experiments}
    manifests = {name: read_manifest(path) for name, path in paths.items() if path.exists()}
    if not manifests:
        missing = ", ".join(map(str, paths.values()))
        known = ", ".join(sorted(path.parent.name for path in folder.glob("*/manifest.json"))) or "none"
        raise UserError(f"{missing}: not there, so nothing to compare with (published are: {known}); {AGAIN}")
    return manifests


def damage(path: Path) -> str | None:
    """What is wrong with a file that tells by itself, or by those that it was made from; None if nothing is seen.

    Tensors have their own checksum, metrics.json follows from its confusion matrix, metrics.csv from all metrics.json.
    """
    try:
        if path.suffix == ".safetensors":
            load_tensors(path)
        elif path.name == "metrics.json":
            read_record(path)
        elif path.name == "metrics.csv":
            return _damage_of_metrics(path)
    except UserError as error:
        return str(error)
    return None


def _damage_of_metrics(path: Path) -> str | None:
    rows = read_csv(path)
    if not rows:
        return f"{path}: damaged (no rows)"
    try:
        for row in rows:
            source = path.parent / f"seed-{row['seed']}" / row["model"] / "metrics.json"
            of = f"model {row['model']}, seed {row['seed']}, class {row['class']}"
            if not source.exists():
                return f"{path}: damaged ({of}: there is no {source})"
            accuracy = read_json(source)["class_accuracy"][int(row["class"])]
            if float(row["accuracy"]) != accuracy:
                return f"{path}: damaged ({of}: {row['accuracy']}, but {accuracy} in {source})"
    except (KeyError, IndexError, TypeError, ValueError):
        return f"{path}: damaged (not a table of the accuracies in the metrics.json of its models)"
    return None


def differences(published: object, here: object, key: str = "") -> Iterator[str]:
    """One line for each value that differs between two nested records."""
    if isinstance(published, Mapping) and isinstance(here, Mapping):
        for name in sorted({*published, *here}):
            yield from differences(published.get(name), here.get(name), f"{key}.{name}".removeprefix("."))
    elif published != here:
        yield f"{key}: {published} published, {here} here"


def kind(path: str) -> str:
    """What a result is, by its path below results/."""
    default = "data" if path.startswith("data/") else "figures" if path.endswith((".png", ".svg")) else "tables"
    return KINDS.get(path.rpartition("/")[2], default)


def compare(manifest: Mapping[str, Mapping], files: Mapping[str, str], config: Mapping[str, Mapping]) -> dict:
    """Whether each file of an experiment that both runs have is the same: path -> bool.

    `files` are the SHA-256 values found here. The summaries of an experiment with other seeds than the published ones
    are left out: they cannot be the same.
    """
    reseeded = seeds(config) != seeds(manifest["config"])
    return {
        path: digest == manifest["files"][path]
        for path, digest in files.items()
        if path in manifest["files"] and ("/seed-" in path or path.startswith("data/") or not reseeded)
    }


def seeds(config: Mapping[str, Mapping]) -> list[int]:
    """The seeds of an experiment, from its config as used."""
    return config["experiment"]["seeds"]


def outside(
    name: str, results: Path, config: Mapping[str, Mapping], manifest: Mapping[str, Mapping]
) -> list[Deviation]:
    """The accuracies of the experiment `name` that lie outside of their published intervals.

    Raises UserError if they cannot be compared.
    """
    path = results / "published" / name / "metrics.csv"
    if not path.exists() or sha256(path) != manifest["files"].get(f"{name}/metrics.csv"):
        raise UserError(f"{path}: not there, or not the one that manifest.json is of; {AGAIN}")
    published = read_accuracies(path, models(expanded(manifest["config"]["experiment"])))
    here = read_accuracies(results / name / "metrics.csv", models(expanded(config["experiment"])))
    if here.classes != published.classes:
        raise UserError(f"{name}: {len(here.classes)} classes, but {len(published.classes)} in {path}; not comparable")
    n = class_sizes(path)
    return list(deviations(published, here, np.array([100 / n[label] for label in published.classes])))


def verify(results: Path, files: Mapping[str, str], experiments: Mapping[str, Mapping]) -> tuple[str, list[str]]:
    """The verdict in all, and the lines of the report, the last of which says it.

    `files` are the SHA-256 values of what the `experiments` (their config as used, by name) made in `results`.

    Raises UserError where there is nothing to compare with.
    """
    manifests = read_manifests(results / "published", experiments)
    sames = {name: compare(manifest, files, experiments[name]) for name, manifest in manifests.items()}
    same = {path: equal for found in sames.values() for path, equal in found.items()}
    damaged = {path: damage(results / path) for path in files if not same.get(path)}
    damaged = {path: message for path, message in damaged.items() if message}
    # The bytes of one seed that is the same say more than the intervals do.
    measured = [
        name
        for name, manifest in manifests.items()
        if not all(sames[name].values()) or not {*seeds(experiments[name])} & {*seeds(manifest["config"])}
    ]
    far = {
        name: outside(name, results, experiments[name], manifests[name])
        for name in measured
        if f"{name}/metrics.csv" not in damaged
    }
    lines = [f"Compared with {results / 'published'}:", *_counts(same, damaged)]
    lines += [f"  {message}" for message in damaged.values()]
    lines += _not_compared({path for manifest in manifests.values() for path in manifest["files"]}, files, same)
    for name, manifest in manifests.items():
        lines += [f"  config: {line}" for line in differences(manifest["config"], experiments[name], name)]
        if not all(sames[name].values()):
            here = machine.describe(experiments[name]["compute"])
            changes = list(differences(manifest["environment"], here)) or ["as published"]
            lines += [f"  environment of {name}: {line}" for line in changes]
    lines += [f"  {_words(name, deviation)}" for name in far for deviation in far[name]]
    verdict = "different" if damaged or any(far.values()) else "equivalent" if measured else "identical"
    return verdict, [*lines, _conclusion(verdict, same, damaged, sum(map(len, far.values())))]


def _counts(same: Mapping[str, bool], damaged: Iterable[str]) -> Iterator[str]:
    """Per kind of file how many are identical; those that are not by name, unless none of their kind is."""
    for name in dict.fromkeys(map(kind, same)):
        paths = [path for path in same if kind(path) == name]
        identical = sum(same[path] for path in paths)
        yield f"  {name}: {identical} of {len(paths)} identical"
        if identical:
            yield from (f"    other bytes: {path}" for path in paths if not same[path] and path not in damaged)


def _not_compared(published: Iterable[str], files: Iterable[str], same: Iterable[str]) -> Iterator[str]:
    published, files, same = set(published), set(files), set(same)
    for paths, reason in (
        (published - files, "published, but not made with this config"),
        (files - published, "made here, but not published"),
        ((files & published) - same, "made of other seeds than the published"),
    ):
        if paths:
            yield f"  not compared, since {reason}: {len(paths)}"


def _words(name: str, far: Deviation) -> str:
    row = "the class mean" if far.row == "avg" else f"class {far.row}"
    beyond = abs(far.new - far.published) - far.halfwidth
    return (
        f"{name}, {far.model}, {row}: {far.new:.2f} % here, {far.published:.2f} ± {far.halfwidth:.2f} % published, "
        f"{beyond:.2f} points outside"
    )


def _conclusion(verdict: str, same: Mapping[str, bool], damaged: Mapping[str, str], far: int) -> str:
    match verdict:
        case "identical":
            return f"identical: {len(same)} of {len(same)} files have the published bytes"
        case "equivalent":
            changed = len(same) - sum(same.values())
            return f"equivalent: {changed} of {len(same)} files have other bytes, every accuracy is within its interval"
    return f"different: {far} accuracies outside of their published intervals, {len(damaged)} damaged files"


if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        results = Path(params.published).parent
        files = checksums(snakemake.input.results, results)
        verdict, lines = verify(results, files, params.experiments)
        for line in lines:
            log.info(line)
            print(line)
        if verdict == "different":
            sys.exit(1)
