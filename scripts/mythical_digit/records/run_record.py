"""The record of a run: its files, config and environment, the commit, and what each rule cost.

All records of a run say the same, each in its own form: provenance.json is this record, the crate and the published
manifest are made from it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from mythical_digit.files.checksums import checksums
from mythical_digit.files.origin import Origin, place_of
from mythical_digit.records import git_state, machine
from mythical_digit.training.numerics import available_processors


def describe_run(
    files: Iterable[str | Path],
    config: Mapping[str, Mapping],
    project: Path,
    benchmarks: Iterable[Path],
    origins: Origin,
    results: str | Path = "results",
) -> dict[str, object]:
    """Describe a run that ends now: `files` are its results, below the folder `results`.

    `config` is what decided them, `project` the folder of the code, `benchmarks` the files that `cost` reads. `origins`
    is what the files say of themselves; the record has those of the data and of each trained network.
    """
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state.state(project),
        "config": config,
        "environment": machine.describe(config["compute"]),
        "processors": available_processors(),
        "origins": {
            name: record
            for name, record in origins.items()
            if place_of(f"results/{name}")["dataset"] or "recipe" in record["params"]
        },
        "files": checksums(files, results),
        "rules": cost(benchmarks),
    }


def benchmarks_of(
    folder: Path, experiment: str, config: Mapping[str, Mapping], models: Iterable[str]
) -> Iterator[Path]:
    """Find the files in `folder` in which Snakemake noted the cost of the jobs of an experiment and its data set.

    Files of seeds and models that the config no longer has are left out. What is numbered is a rung of a search.
    """
    block = config["experiment"]
    folders = [folder / "data" / block["dataset"], folder / experiment]
    folders += [folder / experiment / f"seed-{seed}" for seed in block["seeds"]]
    for path in (path for folder in folders for path in sorted(folder.glob("*.tsv"))):
        model = path.stem.partition(".")[2]
        if not model or model in models or model.isdigit():
            yield path


def cost(benchmarks: Iterable[Path]) -> dict[str, dict[str, float | None]]:
    """Add up Snakemake's benchmarks by rule: number of jobs, wall time of all (s), peak memory of one job (MB).

    Memory is None where every job ended before Snakemake could measure it.
    """
    rules: dict[str, dict] = {}
    for path in benchmarks:
        names, values = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        row = dict(zip(names, values, strict=True))
        rule = rules.setdefault(path.stem.partition(".")[0], {"jobs": 0, "wall_seconds": 0.0, "max_memory_mb": None})
        rule["jobs"] += 1
        rule["wall_seconds"] = round(rule["wall_seconds"] + float(row["s"]), 4)
        memory = [rule["max_memory_mb"], _number(row["max_rss"])]
        rule["max_memory_mb"] = max((value for value in memory if value is not None), default=None)
    return rules


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:  # Snakemake writes - or NA
        return None
