"""Makes results/speed/speed.{csv,md}: how long the default run takes, beside what the machine and a usual loop can.

All of it is measured in one go on one machine, so that its ratios can be trusted where its seconds cannot: the matrix
products that the training consists of, the training itself, a loop as it is usually written, and the pipeline, in a
copy of the project.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from project_copy import Copy

from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.records.machine import processor
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.training import cost, numerics
from mythical_digit.workflow.job_log import logged

COLUMNS = ("quantity", "unit", "median", "least", "most", "n")
NAMED = {"teacher": "the teacher", "student": "a student"}


def start(script: str, data: str, settings: Mapping, variables: Mapping[str, str]) -> subprocess.Popen:
    """Start a script with the environment variables of a numerics mode, and no other's."""
    inherited = {name: value for name, value in os.environ.items() if name not in numerics.environment("strict")}
    command = [sys.executable, script, data, json.dumps({**settings, "started": time.time()})]
    variables = {**inherited, **variables, "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)


def finish(processes: Sequence[subprocess.Popen]) -> list[dict]:
    """What the scripts printed. Raises UserError if one failed."""
    answers = [process.communicate()[0] for process in processes]
    if failed := [" ".join(process.args[1:3]) for process in processes if process.returncode]:
        raise UserError(f"{failed[0]} failed; what it said stands above")
    return [json.loads(answer) for answer in answers]


def measurements(
    settings: Mapping,
    seeds: Sequence[int],
    images: int,
    inputs: int,
    steps: Sequence[Mapping],
    loops: Sequence[Mapping],
    runs: Mapping,
) -> Iterator[tuple[str, str, Sequence[float]]]:
    """What was measured, and the ratios: each a name, a unit and its values.

    `settings` are those of the scripts in benchmarks/. `steps` are the answers of training_step.py, one of each of the
    processes that ran side by side; `loops` those of conventional_loop.py; `runs` has seconds of the pipeline by what
    was run, those of the default run's `jobs` and `training jobs` added up, and the number of `processors`.
    """
    recipes = settings["recipes"]
    one = {
        role: cost.training_operations(recipe, inputs, settings["classes"], images) for role, recipe in recipes.items()
    }
    # Images of all classes are as good as equally many.
    students = sum(1 - len(arm["omit"]) / settings["classes"] for arm in settings["arms"].values())
    operations = one["teacher"] + students * one["student"]
    rates = sum(one["teacher"] / recipes["teacher"]["epochs"] / np.array(step["teacher"]["products"]) for step in steps)
    floor = operations / np.median(rates)
    usual = [
        sum(recipes.get(name, recipes["student"])["epochs"] * seconds for name, seconds in loop.items())
        for loop in loops
    ]
    per_seed = np.array(runs["all"]) / len(seeds)
    room = runs["processors"] * runs["all"][0]
    beside = f"{runs['processors']} processes side by side"
    yield f"Matrix products of the teacher's training, {beside}", "GFLOP/s", rates / 1e9
    for role, name in NAMED.items():
        shares = [np.divide(step[role]["products"], step[role]["epochs"]) for step in steps]
        yield f"Matrix products alone against an epoch of {name}, {beside}", "%", 100 * np.ravel(shares)
    yield "The floor: matrix products of one seed", "s", [floor]
    yield "A loop as it is usually written, one seed", "s", usual
    noun = "seed" if len(seeds) == 1 else "seeds"
    yield f"The pipeline, {len(seeds)} {noun}, from the prepared data on", "s", runs["all"]
    yield "The pipeline, per seed", "s", per_seed
    yield "The usual loop against the pipeline, per seed", "×", np.divide.outer(usual, per_seed).ravel()
    yield "The floor against the pipeline, per seed", "%", 100 * floor / per_seed
    yield "Processors' time in jobs that train", "%", [100 * runs["training jobs"] / room]
    yield "Processors' time in no job: Snakemake, the start of jobs, waiting", "%", [100 * (1 - runs["jobs"] / room)]
    yield "A training job until its data is there, with the import of torch", "s", [step["start"] for step in steps]
    yield "A run that finds nothing to do", "s", runs["nothing"]
    yield "After a change of the bias alone", "s", runs["bias"]
    yield "After one more seed", "s", runs["seed"]


def summarised(rows: Iterable[tuple[str, str, Sequence[float]]]) -> list[tuple]:
    """The rows of COLUMNS."""
    return [
        (name, unit, float(np.median(values)), float(np.min(values)), float(np.max(values)), len(values))
        for name, unit, values in rows
    ]


def markdown(rows: Sequence[tuple], machine: str) -> str:
    """The table to read."""

    def number(value: float) -> str:
        return f"{value:.0f}" if value >= 100 else f"{value:.1f}"

    lines = [
        (name, f"{number(median)} {unit}", f"{number(least)} to {number(most)}" if n > 1 else "", str(n))
        for name, unit, median, least, most, n in rows
    ]
    table = pipe_table(("", "median", "range", "n"), lines, (False, True, True, True))
    return f"{table}\n\nMeasured in one go on {machine}.\n"


if __name__ == "__main__":
    with logged(snakemake.log[0]) as log:
        params, given = snakemake.params, snakemake.input
        settings = {**params.settings, "turns": params.turns}
        processors = numerics.available_processors()
        loops = []
        for _ in range(params.turns):
            loops += finish([start(given.loop, str(Path(given.train_images).parent), settings, {})])
            log.info("usual loop, seconds of an epoch: %s", loops[-1])
        strict = numerics.environment(settings["compute"]["numerics"])
        steps = finish([start(given.step, given.data, settings, strict) for _ in range(processors)])
        log.info("training steps, seconds of an epoch: %s", steps)
        with tempfile.TemporaryDirectory() as folder:
            copy = Copy(Path.cwd(), Path(folder) / "project", str(Path(given.data).parent))
            with_seeds = ["--cores", str(processors), "--config", f"seeds={list(params.seeds)}"]
            more = [*params.seeds, max(params.seeds) + 1]
            runs = {"processors": processors, "all": [copy.run(*with_seeds).wall]}
            jobs = copy.job_seconds()
            runs["jobs"] = sum(jobs.values())
            runs["training jobs"] = sum(seconds for rule, seconds in jobs.items() if rule.startswith("train_"))
            runs["nothing"] = [copy.run(*with_seeds).wall for _ in range(params.turns)]
            runs["bias"] = [copy.run(*with_seeds, f"experiments={json.dumps(params.other_bias)}").wall]
            runs["seed"] = [copy.run(*with_seeds[:-1], f"seeds={more}").wall]
            log.info("runs: %s", runs)
        rows = summarised(measurements(settings, params.seeds, *params.shape, steps, loops, runs))
        write_csv(snakemake.output.csv, COLUMNS, rows)
        write_text(snakemake.output.md, markdown(rows, f"{processors} processors ({processor()['model']})"))
