"""Compare what was computed here with results/published/: identical, equivalent or different, file by file and in all.

Identical: the same bytes. Equivalent: other bytes, but every accuracy lies within its published interval
(common/equivalence.py). Different: one does not, or a file is damaged; then the exit status is 1.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from common import environment
from common.accuracies import read_accuracies
from common.checksums import checksums, sha256
from common.equivalence import Deviation, deviations
from common.errors import UserError
from common.experiment import expanded, models
from common.files import read_csv, read_json
from common.job import logged
from common.metrics import read_record
from common.tensors import load_tensors

KINDS = {
    "model.safetensors": "weights",
    "logits.safetensors": "teacher's logits",
    "history.csv": "histories",
    "metrics.json": "metrics per model",
    "metrics.csv": "metrics",
}
AGAIN = "restore results/published/ from git, or make it anew with the target `publish`"


def read_manifest(path: str | Path) -> dict[str, dict]:
    """Read what `manifest` wrote: `files`, `experiments` and `environment`.

    Raises UserError if it is not there or not readable.
    """
    if not Path(path).exists():
        raise UserError(f"{path}: not there, so nothing to compare with; {AGAIN}")
    try:
        manifest = read_json(path)
        return {key: dict(manifest[key]) for key in ("files", "experiments", "environment")}
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: not a manifest ({error!r}); {AGAIN}") from error


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
            for row in read_csv(path):
                source = path.parent / f"seed-{row['seed']}" / row["model"] / "metrics.json"
                accuracy = read_json(source)["class_accuracy"][int(row["class"])]
                if float(row["accuracy"]) != accuracy:
                    of = f"model {row['model']}, seed {row['seed']}, class {row['class']}"
                    return f"{path}: damaged ({of}: {row['accuracy']}, but {accuracy} in {source})"
    except UserError as error:
        return str(error)
    except (KeyError, IndexError, TypeError, ValueError, OSError) as error:
        return f"{path}: damaged ({error!r})"
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


def compare(manifest: Mapping[str, Mapping], files: Mapping[str, str], experiments: Mapping[str, Mapping]) -> dict:
    """Whether each file that both runs have is the same: path -> bool; `files` are the SHA-256 values found here.

    The summaries of an experiment with other seeds than the published ones are left out: they cannot be the same.
    """
    reseeded = {name for name, config in experiments.items() if seeds(config) != seeds(manifest["experiments"][name])}
    return {
        path: digest == manifest["files"][path]
        for path, digest in files.items()
        if path in manifest["files"] and ("/seed-" in path or path.partition("/")[0] not in reseeded)
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
    published = read_accuracies(path, models(expanded(manifest["experiments"][name]["experiment"])))
    here = read_accuracies(results / name / "metrics.csv", models(expanded(config["experiment"])))
    if here.classes != published.classes:
        raise UserError(f"{name}: {len(here.classes)} classes, but {len(published.classes)} in {path}; not comparable")
    n = {int(row["class"]): int(row["n"]) for row in read_csv(path)}
    return list(deviations(published, here, np.array([100 / n[label] for label in published.classes])))


def verify(
    results: Path, files: Mapping[str, str], experiments: Mapping[str, Mapping], compute: Mapping[str, str]
) -> tuple[str, list[str]]:
    """The verdict in all, and the lines of the report, the last of which says it.

    `files` are the SHA-256 values of what the `experiments` (their config as used, by name) made in `results`.

    Raises UserError where there is nothing to compare with.
    """
    manifest = read_manifest(results / "published/manifest.json")
    shared = {name: config for name, config in experiments.items() if name in manifest["experiments"]}
    if not shared:
        known = ", ".join(manifest["experiments"])
        raise UserError(f"run: {', '.join(experiments)}, but published are {known} only; nothing to compare; {AGAIN}")
    same = compare(manifest, files, shared)
    damaged = {path: damage(results / path) for path in files if not same.get(path)}
    damaged = {path: message for path, message in damaged.items() if message}
    # The bytes of one seed that is the same say more than the intervals do.
    measured = [
        name
        for name, config in shared.items()
        if not all(same.values()) or not {*seeds(config)} & {*seeds(manifest["experiments"][name])}
    ]
    far = {
        name: outside(name, results, shared[name], manifest)
        for name in measured
        if f"{name}/metrics.csv" not in damaged
    }
    lines = [f"Compared with {results / 'published'}:", *_counts(same, damaged)]
    lines += [f"  {message}" for message in damaged.values()]
    lines += _not_compared(manifest["files"], files, same)
    lines += [
        f"  config: {line}"
        for name in shared
        for line in differences(manifest["experiments"][name], shared[name], name)
    ]
    if not all(same.values()):
        changes = list(differences(manifest["environment"], environment.describe(compute)))
        lines += [f"  environment: {line}" for line in changes or ["as published"]]
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
        verdict, lines = verify(results, files, params.experiments, params.compute)
        for line in lines:
            log.info(line)
            print(line)
        if verdict == "different":
            sys.exit(1)
