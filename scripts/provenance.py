"""Make results/{experiment}/provenance.json: which code, config, data and machine its results are of, and their cost.

It is of the run that completed the results, on the machine that wrote it: elsewhere or later it differs.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from mythical_digit.files.checksums import checksums
from mythical_digit.files.records import write_json
from mythical_digit.records import git_state, machine
from mythical_digit.training.numerics import available_processors
from mythical_digit.workflow.job_log import logged


def benchmarks(experiment: str, dataset: str, seeds: Iterable[int], models: Iterable[str]) -> Iterator[Path]:
    """The files in which Snakemake noted what the jobs of an experiment and its data set took.

    Those of seeds and models that the config no longer has are left out.
    """
    folder = Path("results/benchmarks")
    folders = [folder / "data" / dataset, folder / experiment]
    folders += [folder / experiment / f"seed-{seed}" for seed in seeds]
    for path in (path for folder in folders for path in sorted(folder.glob("*.tsv"))):
        model = path.stem.partition(".")[2]
        if not model or model in models:
            yield path


def cost(paths: Iterable[Path]) -> dict[str, dict[str, float | None]]:
    """Per rule: number of jobs, their wall time together (s), the most memory that one of them held (MB).

    Memory is None where no job lived long enough to be asked for it.
    """
    rules: dict[str, dict] = {}
    for path in paths:
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


if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]):
        block = params.config["experiment"]
        paths = benchmarks(snakemake.wildcards.experiment, block["dataset"], block["seeds"], params.models)
        record = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "git": git_state.state(Path(snakemake.scriptdir).parent),
            "config": params.config,
            "environment": machine.describe(params.config["compute"]),
            "processors": available_processors(),
            "files": checksums(snakemake.input, "results"),
            "rules": cost(paths),
        }
        write_json(snakemake.output[0], record)
