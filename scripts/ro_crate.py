"""Make results/{experiment}/ro-crate-metadata.json: provenance.json in the form that archives read.

It follows RO-Crate 1.3 (https://w3id.org/ro/crate/1.3).
"""

import json
import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml
from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from mythical_digit.files.checksums import sha256
from mythical_digit.files.records import read_json, write_json
from mythical_digit.workflow.job_log import logged

TYPES = {"article": "ScholarlyArticle", "software": "CreativeWork"}  # of a reference in CITATION.cff
mimetypes.add_type("text/markdown", ".md")
mimetypes.add_type("application/x-tex", ".tex")


def describe(experiment: str, folder: Path, record: Mapping[str, object], citation: Mapping[str, object]) -> dict:
    """The crate's metadata as JSON-LD, for the results of an experiment in `folder`, the crate's root.

    `record` is provenance.json, as `run_record.describe_run` makes it; `citation` is CITATION.cff.
    """
    crate = ROCrate(version="1.3")
    results = [
        crate.add_file(folder / name, name, properties=properties)
        for name, properties in _files(experiment, folder, record["files"])
    ]
    licence = _add(crate, f"https://spdx.org/licenses/{citation['license']}", "CreativeWork", name=citation["license"])
    works = [
        _add(crate, work["url"], TYPES[work["type"]], name=work["title"], author=_authors(work))
        for work in citation["references"]
    ]
    workflow = _add(
        crate,
        "#workflow",
        "CreativeWork",  # as software it would have to be a file of the crate
        additionalType="https://bioschemas.org/ComputationalWorkflow",
        name=citation["title"],
        version=(record["git"] or {}).get("commit", citation["version"]),
        license=licence,
        softwareRequirements=[f"{name} {number}" for name, number in record["environment"]["packages"].items()],
        isBasedOn=works,
    )
    run = _add(
        crate,
        "#run",
        "CreateAction",
        name=f"The run of {experiment}",
        description=f"Snakemake made the results of the experiment {experiment}.",
        instrument=workflow,
        object=_sources(crate, experiment, record["config"]),
        result=results,
        endTime=record["made"],
    )
    root = crate.root_dataset
    root["name"] = f"{citation['title']}: {experiment}"
    root["description"] = "Weights, histories, metrics, tables and figures of one experiment, all seeds."
    root["datePublished"] = record["made"]
    root["license"] = licence
    root["citation"] = works
    root["mentions"] = run
    return crate.metadata.generate()


def _add(crate: ROCrate, identifier: str, kind: str, /, **properties: object) -> ContextEntity:
    """Add an entity to the crate; a property whose value is an entity becomes a reference to it."""
    added = crate.add(ContextEntity(crate, identifier, {"@type": kind}))
    for key, value in properties.items():
        added[key] = value
    return added


def _files(experiment: str, folder: Path, files: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The files of the crate by their names in it: the experiment's results, and provenance.json."""
    for path in sorted(path for path in map(Path, files) if path.parts[0] == experiment):
        name = path.relative_to(experiment).as_posix()
        yield (
            name,
            {
                "name": name,
                "encodingFormat": mimetypes.guess_type(path)[0] or "application/octet-stream",
                "contentSize": str((folder / name).stat().st_size),
                "sha256": sha256(folder / name),
            },
        )
    yield (
        "provenance.json",
        {"name": "Which code, config and machine the results are of", "encodingFormat": "application/json"},
    )


def _sources(crate: ROCrate, experiment: str, config: Mapping[str, Mapping]) -> list[ContextEntity]:
    """What the run started from: the data set and the config."""
    dataset = config["experiment"]["dataset"]
    return [
        _add(
            crate,
            "#dataset",
            "Dataset",
            name=dataset,
            description=f"The data set {dataset}, as IDX files with these SHA-256 values.",
            identifier=[f"sha256:{file['sha256']}" for file in config["dataset"]["files"].values()],
        ),
        _add(
            crate,
            "#config",
            "CreativeWork",
            name=f"What config.yaml says of {experiment}",
            text=json.dumps(config, sort_keys=True),
            encodingFormat="application/json",
        ),
    ]


def _authors(work: Mapping[str, list]) -> list[str]:
    return [person.get("name") or f"{person['given-names']} {person['family-names']}" for person in work["authors"]]


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        metadata = describe(
            snakemake.wildcards.experiment,
            Path(snakemake.output[0]).parent,
            read_json(snakemake.input.provenance),
            yaml.safe_load(Path(snakemake.input.citation).read_text(encoding="utf-8")),
        )
        write_json(snakemake.output[0], metadata)
