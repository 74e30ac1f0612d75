"""Compare what was computed here with results/published/: identical, equivalent or different, file by file and in all.

Identical: the same bytes. Equivalent: other bytes, but the models get as many images right as other numerics let them
(mythical_digit/records/equivalence.py). Different: they do not, or a file is damaged; then the exit status is 1.
What was found is written to results/attestation.json as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.files.checksums import checksums
from mythical_digit.files.records import read_json, write_json
from mythical_digit.records import machine
from mythical_digit.records.attestation import attest
from mythical_digit.records.damage import damage
from mythical_digit.records.equivalence import Deviation, deviations, loose_classes
from mythical_digit.records.manifests import read_manifests, seeds
from mythical_digit.study.experiments import expanded, models
from mythical_digit.tables.accuracies import class_sizes, read_accuracies
from mythical_digit.workflow.job_log import logged

FOUND = "found.json"  # the outcome of a search
KINDS = {
    "model.safetensors": "weights",
    "logits.safetensors": "teacher's logits",
    "history.csv": "histories",
    "metrics.json": "metrics per model",
    "metrics.csv": "metrics",
    "histories.csv": "histories",
}


@dataclass(frozen=True)
class Comparison:
    """An experiment here against what is published of it."""

    name: str
    manifest: Mapping[str, Mapping]
    config: Mapping[str, Mapping]  # as used here
    same: Mapping[str, bool]  # whether a file that both have has the same bytes
    damaged: Mapping[str, str]  # what is wrong with which of its files
    far: list[Deviation] | None  # what lies outside of its margin; None where the bytes say it all

    @property
    def verdict(self) -> str:
        if self.damaged or self.far:
            return "different"
        return "identical" if self.far is None else "equivalent"

    def record(self, files: Mapping[str, str]) -> dict[str, object]:
        """What an attestation takes of it, with the checksums `files` of all that is here."""
        return {
            "verdict": self.verdict,
            "config": self.config,
            "files": {path: files[path] for path in self.same},
            "identical": sum(self.same.values()),
        }


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


def other_recipe(name: str, results: Path) -> list[Deviation]:
    """Where the search `name` found another recipe than the published one: numerics move its scores, but not so far."""
    here, published = (read_json(folder / name / FOUND) for folder in (results, results / "published"))
    if here == published:
        return []
    return [Deviation("the recipe found", FOUND, f"{here} here, {published} published")]


def outside(
    name: str, results: Path, config: Mapping[str, Mapping], manifest: Mapping[str, Mapping]
) -> list[Deviation]:
    """What of the experiment `name` lies outside of its margin. Raises UserError if it cannot be compared."""
    if "search" in config["experiment"]:
        return other_recipe(name, results)
    path, here = (folder / name / "metrics.csv" for folder in (results / "published", results))
    block = expanded(manifest["config"]["experiment"])
    swept = "sweep" in block  # then a model may have diverged
    published = read_accuracies(path, models(block), search=swept)
    new = read_accuracies(here, models(expanded(config["experiment"])), search=swept)
    if not {*published.values} & {*new.values}:
        raise UserError(f"{here}: no model in common with {path}; not comparable")
    n = class_sizes(path)
    if class_sizes(here) != n:
        raise UserError(f"{here}: of other test images than {path} (classes, or images per class); not comparable")
    there, now = (
        {model for model, errors in each.errors.items() if np.isnan(errors).any()} for each in (published, new)
    )
    found = [
        Deviation(model, "training", f"diverged {'here' if model in now else 'as published'} alone")
        for model in published.values
        if model in new.values and (model in there) != (model in now)
    ]
    values = {model: cells for model, cells in published.values.items() if model not in there | now}
    loose = {model: loose_classes(block, model) for model in values}
    images = np.array([n[label] for label in published.classes])
    return [*found, *deviations(replace(published, values=values), new, images, loose)]


def seed_folders(results: Path, files: Iterable[str], experiments: Iterable[str | None]) -> dict[str, Path]:
    """The folder of each seed's models, of an experiment and of the one that it continues."""
    found = (re.match(r"([^/]+)/seed-(\d+)/", path) for path in files)
    return {match[2]: results / match[0] for match in found if match and match[1] in experiments}


def compared(results: Path, files: Mapping[str, str], experiments: Mapping[str, Mapping]) -> list[Comparison]:
    """The comparison of each of the `experiments`: their config as used, by name.

    `files` are the SHA-256 values of what they made in `results`. Of an experiment that is not published, only damage
    is found. Raises UserError where there is nothing to compare with.
    """
    manifests = read_manifests(results / "published", experiments)
    found = []
    for name, config in experiments.items():
        manifest = manifests.get(name, {"files": {}, "config": config, "environment": {}})
        same = compare(manifest, files, config)
        others = tuple(f"{other}/" for other in experiments if other != name)
        own = [path for path in files if not path.startswith(others) and not same.get(path)]
        folders = seed_folders(results, files, (name, config["experiment"].get("continues")))
        damaged = {path: message for path in own if (message := damage(results / path, folders))}
        far = None
        # Models of one seed, or a whole search, with the same bytes say more than the margins do.
        told = any("/seed-" in path or path.endswith(FOUND) for path in same)
        if name in manifests and not (all(same.values()) and told):
            far = [] if f"{name}/metrics.csv" in damaged else outside(name, results, config, manifest)
        found.append(Comparison(name, manifest, config, same, damaged, far))
    return found


def verify(results: Path, files: Mapping[str, str], experiments: Mapping[str, Mapping]) -> tuple[str, list[str]]:
    """The verdict in all and the lines of the report; the arguments and what is raised are those of `compared`."""
    found = compared(results, files, experiments)
    return worst(found), list(report(results, files, found))


def worst(found: Iterable[Comparison]) -> str:
    """The verdict on all experiments."""
    verdicts = {comparison.verdict for comparison in found}
    return next(verdict for verdict in ("different", "equivalent", "identical") if verdict in verdicts)


def report(results: Path, files: Mapping[str, str], found: list[Comparison]) -> Iterator[str]:
    """The lines of the report, the last of which says the verdict."""
    same = {path: equal for comparison in found for path, equal in comparison.same.items()}
    damaged = {path: message for comparison in found for path, message in comparison.damaged.items()}
    far = [f"{comparison.name}, {deviation}" for comparison in found for deviation in comparison.far or ()]
    yield f"Compared with {results / 'published'}:"
    yield from _counts(same, damaged)
    yield from (f"  {message}" for message in damaged.values())
    yield from _not_compared({path for comparison in found for path in comparison.manifest["files"]}, files, same)
    for comparison in found:
        yield from (f"  {line}" for line in _circumstances(comparison))
    yield from (f"  {line}" for line in far)
    yield _conclusion(worst(found), same, damaged, len(far))


def _circumstances(comparison: Comparison) -> Iterator[str]:
    """In what the two runs of an experiment differ, and how they were compared."""
    name, manifest = comparison.name, comparison.manifest
    yield from (f"config: {line}" for line in differences(manifest["config"], comparison.config, name))
    if not all(comparison.same.values()):
        here = machine.describe(comparison.config["compute"])
        changes = list(differences(manifest["environment"], here)) or ["as published"]
        yield from (f"environment of {name}: {line}" for line in changes)
    if comparison.far is None:
        return
    if shared := [seed for seed in seeds(comparison.config) if seed in seeds(manifest["config"])]:
        yield f"{name}: compared seed by seed (seeds {', '.join(map(str, shared))})"
    else:
        yield f"{name}: no seed in common, so compared as means, by prediction intervals, which find much less"


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


def _conclusion(verdict: str, same: Mapping[str, bool], damaged: Mapping[str, str], far: int) -> str:
    changed = len(same) - sum(same.values())
    match verdict:
        case "identical":
            return f"identical: {len(same)} of {len(same)} files have the published bytes"
        case "equivalent":
            return f"equivalent: {changed} of {len(same)} files have other bytes, every comparison is within its margin"
    return f"different: {far} comparisons outside of their margins, {len(damaged)} damaged files"


if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        results = Path(params.published).parent
        files = checksums(snakemake.input.results, results)
        found = compared(results, files, params.experiments)
        records = {comparison.name: comparison.record(files) for comparison in found if comparison.same}
        write_json(params.attestation, attest(Path(snakemake.scriptdir).parent, worst(found), records))
        for line in report(results, files, found):
            log.info(line)
            print(line)
        if worst(found) == "different":
            raise UserError(f"the results differ from {params.published}, as said above")
