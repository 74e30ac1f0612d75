"""The manifests in results/published/: what git keeps of each published run: checksums, config, environment."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_json
from mythical_digit.study.experiments import expanded, models, omitted

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
        block = expanded(manifest["config"]["experiment"])
        for model in models(block):
            omitted(block, model)
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


def seeds(config: Mapping[str, Mapping]) -> list[int]:
    """The seeds of an experiment, from its config as used."""
    return config["experiment"]["seeds"]
