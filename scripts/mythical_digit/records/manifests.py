"""The manifests in results/published/: checksums of what git keeps and, of an experiment, config and environment."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.files.checksums import checksums, sha256_of_content
from mythical_digit.files.records import json_bytes, read_json
from mythical_digit.pages.published import ORIGINS
from mythical_digit.study.experiments import expanded, models, omitted

MANIFEST = "manifest.json"
REPEATABLE = ("files", "config", "environment")  # of a run's record: the same in each run on the same machine
AGAIN = "restore results/published/ from git, or make it anew with the target `publish`"


def manifest_of(paths: Sequence[str | Path], results: str | Path = "results") -> dict[str, object]:
    """The manifest of a run, from its provenance.json, or of other files in `results`: their checksums."""
    if Path(paths[0]).name == "provenance.json":
        return repeatable(read_json(paths[0]))
    return {"files": checksums(paths, results)}


def repeatable(record: Mapping[str, object]) -> dict[str, object]:
    """Reduce a run's record to what another run can be compared with."""
    return {key: record[key] for key in REPEATABLE}


def edited(copy: Path, sources: Sequence[Path]) -> int | None:
    """When a file in results/published/ was changed by hand, in ns, if it is not what its `sources` make; else None.

    Where a source is newer, or either is not there, Snakemake makes it again anyhow.
    """
    try:
        changed = copy.stat().st_mtime_ns
        if changed < max(path.stat().st_mtime_ns for path in sources):
            return None
        made = json_bytes(manifest_of(sources)) if copy.name == MANIFEST else sources[0].read_bytes()
    except (OSError, UserError, KeyError):
        return None
    try:
        return None if copy.read_bytes() == made else changed
    except OSError:
        return changed


def read_manifest(path: str | Path) -> dict[str, dict]:
    """Read what `manifest` wrote of an experiment: `files`, `config` and `environment`.

    Raises UserError if it is not readable, or of a version of the pipeline that wrote it otherwise.
    """
    manifest = _read(path, REPEATABLE)
    try:
        block = expanded(manifest["config"]["experiment"])
        for model in models(block):
            omitted(block, model)
        seeds(manifest["config"])
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: not a manifest as this version writes it (another `config`); {AGAIN}") from error
    return manifest


def read_manifests(folder: Path, experiments: Iterable[str]) -> dict[str, dict]:
    """The manifests in `folder`, results/published, of those of the `experiments` that are published, by name.

    Raises UserError if there is none, or if what is published is not what its manifest says.
    """
    paths = {name: folder / name / MANIFEST for name in experiments}
    manifests = {name: check_folder(path.parent) for name, path in paths.items() if path.parent.exists()}
    if not manifests:
        missing = ", ".join(map(str, paths.values()))
        known = {path.parent.name for path in folder.glob(f"*/{MANIFEST}")} - {*ORIGINS}
        known = ", ".join(sorted(known)) or "none"
        raise UserError(f"{missing}: not there, so nothing to compare with (published are: {known}); {AGAIN}")
    return manifests


def check_folder(folder: Path) -> dict[str, dict]:
    """Check the files of a folder of results/published/ against its manifest, and return this.

    Raises UserError if one is not the one that the manifest is of, or is missing, empty, unreadable or unknown to it.
    """
    path = folder / MANIFEST
    if not os.path.exists(path):  # Path.exists raises where the folder cannot be read
        raise UserError(f"{path}: not there, so nothing says what the files next to it should be; {AGAIN}")
    manifest = _read(path, ["files"]) if folder.name in ORIGINS else read_manifest(path)
    if wrong := list(_mistakes(folder, manifest)):
        raise UserError(wrong[0] + (f" (the first of {len(wrong)} such files there)" if len(wrong) > 1 else ""))
    return manifest


def copied(name: str, manifest: Mapping[str, Mapping]) -> set[str]:
    """Which files of the manifest are in results/published/, by their paths below it: what `publish` copies.

    Not what is of one seed, nor tables once more as HTML, nor figures of an experiment that continues another.
    """
    files = {path for path in manifest["files"] if path.startswith(f"{name}/") and "/seed-" not in path}
    files -= {path.removesuffix("md") + "html" for path in files if path.endswith(".md")}
    continues = "continues" in manifest.get("config", {}).get("experiment", {})
    return {path for path in files if path.endswith((".csv", ".md", ".tex"))} if continues else files


def _mistakes(folder: Path, manifest: Mapping[str, Mapping]) -> Iterator[str]:
    """What is wrong with which file; hidden ones, such as .DS_Store, are nobody's."""
    expected = copied(folder.name, manifest)
    there = {path.relative_to(folder.parent).as_posix() for path in folder.rglob("[!.]*") if not path.is_dir()}
    for name in sorted(expected | there - {f"{folder.name}/{MANIFEST}"}):
        path = folder.parent / name
        if name not in expected:
            yield f"{path}: {folder / MANIFEST} does not have it, so nothing says what it should be; delete it"
        elif name not in there:
            yield f"{path}: missing, but {folder / MANIFEST} has it; {AGAIN}"
        elif reason := _difference(path, manifest["files"][name]):
            yield f"{path}: {reason}; {AGAIN}"


def _difference(path: Path, expected: str) -> str | None:
    try:
        if sha256_of_content(path) == expected:
            return None
        return f"not the file that its folder's {MANIFEST} is of" if path.stat().st_size else "empty"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _read(path: str | Path, keys: Iterable[str]) -> dict[str, dict]:
    manifest = read_json(path)
    for key in keys:
        if not isinstance(manifest.get(key), dict):
            raise UserError(f"{path}: not a manifest as this version writes it ({key!r} is missing); {AGAIN}")
    return manifest


def seeds(config: Mapping[str, Mapping]) -> list[int]:
    """The seeds of an experiment, from its config as used."""
    return config["experiment"]["seeds"]
