"""Make results/{experiment}/ro-crate-metadata.json: the results, and what they are of, described for archives.

It follows RO-Crate 1.3 (https://w3id.org/ro/crate/1.3).
"""

import json
import mimetypes
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import yaml
from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from mythical_digit.files.checksums import sha256
from mythical_digit.files.records import write_json
from mythical_digit.records import git_state
from mythical_digit.records.machine import packages
from mythical_digit.workflow.job_log import logged

TYPES = {"article": "ScholarlyArticle", "software": "CreativeWork"}  # of a reference in CITATION.cff
mimetypes.add_type("text/markdown", ".md")
mimetypes.add_type("application/x-tex", ".tex")


def describe(
    experiment: str,
    folder: Path,
    files: Iterable[Path],
    config: Mapping[str, Mapping],
    versions: Mapping[str, str],
    citation: Mapping[str, object],
    commit: str | None,
) -> dict:
    """The crate's metadata as JSON-LD: `files` are results in `folder`, its root; `citation` is CITATION.cff."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    crate = ROCrate(version="1.3")

    def entity(identifier: str, kind: str, /, **properties: object) -> ContextEntity:
        added = crate.add(ContextEntity(crate, identifier, {"@type": kind}))
        for key, value in properties.items():
            added[key] = value  # a reference, where the value is an entity
        return added

    results = [
        crate.add_file(
            path,
            path.relative_to(folder).as_posix(),
            properties={
                "name": path.relative_to(folder).as_posix(),
                "encodingFormat": mimetypes.guess_type(path)[0] or "application/octet-stream",
                "contentSize": str(path.stat().st_size),
                "sha256": sha256(path),
            },
        )
        for path in files
    ]
    record = {"name": "Which code, config and machine the results are of", "encodingFormat": "application/json"}
    results.append(crate.add_file(folder / "provenance.json", "provenance.json", properties=record))
    licence = entity(f"https://spdx.org/licenses/{citation['license']}", "CreativeWork", name=citation["license"])
    works = [
        entity(work["url"], TYPES[work["type"]], name=work["title"], author=_authors(work))
        for work in citation["references"]
    ]
    workflow = entity(
        "#workflow",
        "CreativeWork",  # as software it would have to be a file of the crate
        additionalType="https://bioschemas.org/ComputationalWorkflow",
        name=citation["title"],
        version=commit or citation["version"],
        license=licence,
        softwareRequirements=[f"{name} {number}" for name, number in versions.items()],
        isBasedOn=works,
    )
    dataset = config["experiment"]["dataset"]
    sources = [
        entity(
            "#dataset",
            "Dataset",
            name=dataset,
            description=f"The data set {dataset}, as IDX files with these SHA-256 values.",
            identifier=[f"sha256:{file['sha256']}" for file in config["dataset"]["files"].values()],
        ),
        entity(
            "#config",
            "CreativeWork",
            name=f"What config.yaml says of {experiment}",
            text=json.dumps(config, sort_keys=True),
            encodingFormat="application/json",
        ),
    ]
    run = entity(
        "#run",
        "CreateAction",
        name=f"The run of {experiment}",
        description=f"Snakemake made the results of the experiment {experiment}.",
        instrument=workflow,
        object=sources,
        result=results,
        endTime=now,
    )
    root = crate.root_dataset
    root["name"] = f"{citation['title']}: {experiment}"
    root["description"] = "Weights, histories, metrics, tables and figures of one experiment, all seeds."
    root["datePublished"] = now
    root["license"] = licence
    root["citation"] = works
    root["mentions"] = run
    return crate.metadata.generate()


def _authors(work: Mapping[str, list]) -> list[str]:
    return [person.get("name") or f"{person['given-names']} {person['family-names']}" for person in work["authors"]]


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        folder = Path(snakemake.output[0]).parent
        metadata = describe(
            snakemake.wildcards.experiment,
            folder,
            sorted(path for path in map(Path, snakemake.input.results) if path.is_relative_to(folder)),
            snakemake.params.config,
            packages(),
            yaml.safe_load(Path(snakemake.input.citation).read_text(encoding="utf-8")),
            (git_state.state(Path(snakemake.scriptdir).parent) or {}).get("commit"),
        )
        write_json(snakemake.output[0], metadata)
