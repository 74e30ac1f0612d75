"""Measure how long the default run takes, next to what the machine and a usual training loop can do.

Writes results/published/speed/speed.{csv,md}; takes 20 minutes, during which nothing else should run. All of it is
measured in one go on one machine, so that its ratios can be trusted where its seconds cannot: the matrix products that
the training consists of, the training itself, a loop as it is usually written, and the pipeline, in a copy of the
project.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from command import BENCHMARKED, PUBLISHED, SCRIPTS, execute, log, prepared, write_manifest
from project_copy import Copy

from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.files.tensors import load_tensors
from mythical_digit.records.machine import processor
from mythical_digit.study import experiments
from mythical_digit.study.recipe import Recipe
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.training import cost, numerics

TURNS = 3  # how often what varies most is measured
COLUMNS = ("quantity", "unit", "median", "least", "most", "n")
NAMED = {"teacher": "the teacher", "student": "a student"}


def start(script: str, data: Path, settings: Mapping, variables: Mapping[str, str]) -> subprocess.Popen:
    """Start a script of this folder with the environment variables of one numerics mode, without those of others."""
    inherited = {name: value for name, value in os.environ.items() if name not in numerics.environment("strict")}
    path = Path(__file__).with_name(script)
    command = [sys.executable, str(path), str(data), json.dumps({**settings, "started": time.time()})]
    variables = {**inherited, **variables, "PYTHONPATH": str(SCRIPTS)}
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)


def finish(processes: Sequence[subprocess.Popen]) -> list[dict]:
    """Wait for scripts and return what they printed. Raises UserError if one failed."""
    answers = [process.communicate()[0] for process in processes]
    if failed := [" ".join(process.args[1:3]) for process in processes if process.returncode]:
        raise UserError(f"{failed[0]} failed; its own message is above")
    return [json.loads(answer) for answer in answers]


def settings_of(config: Mapping) -> dict[str, object]:
    """Collect from the config what the scripts of this folder need to train the models of BENCHMARKED."""
    block = config["experiments"][BENCHMARKED]
    dataset = config["datasets"][block["dataset"]]
    return {
        "recipes": {role: block[role] for role in NAMED},
        "arms": block["arms"],
        "distillation": block["distillation"],
        "classes": dataset["classes"],
        "normalisation": {key: dataset[key] for key in ("mean", "std")},
        "compute": config["compute"],
        "turns": TURNS,
    }


def time_runs(copy: Copy, config: Mapping, processors: int) -> dict[str, object]:
    """Run the pipeline in a copy: from nothing, again, after a change of the bias, with one more seed.

    Returns `runs` as `measurements` takes it.
    """
    seeds, bias = experiments.seeds(config, BENCHMARKED), config["experiments"][BENCHMARKED]["bias"]
    cores = ["--cores", str(processors), "--config"]
    other_bias = {BENCHMARKED: {"bias": {arm: {"value": -block["value"]} for arm, block in bias.items()}}}
    runs = {"processors": processors, "all": [copy.run(*cores, f"seeds={seeds}").wall]}
    jobs = {rule: sum(seconds) for rule, seconds in copy.jobs_by_rule().items()}
    runs["jobs"] = sum(jobs.values())
    runs["training jobs"] = sum(seconds for rule, seconds in jobs.items() if rule.startswith("train_"))
    runs["nothing"] = [copy.run(*cores, f"seeds={seeds}").wall for _ in range(TURNS)]
    runs["bias"] = [copy.run(*cores, f"seeds={seeds}", f"experiments={json.dumps(other_bias)}").wall]
    runs["seed"] = [copy.run(*cores, f"seeds={[*seeds, max(seeds) + 1]}").wall]
    return runs


def measurements(
    settings: Mapping,
    seeds: Sequence[int],
    images: int,
    inputs: int,
    steps: Sequence[Mapping],
    loops: Sequence[Mapping],
    runs: Mapping,
) -> Iterator[tuple[str, str, Sequence[float]]]:
    """Yield what was measured, and ratios of it: each a name, a unit and its values.

    `settings` are as `settings_of` returns them, `images` training images have `inputs` pixels each. `steps` are the
    answers of training_step.py, one per process that ran at the same time; `loops` those of conventional_loop.py;
    `runs` has lists of seconds (`all`, `nothing`, `bias`, `seed`), the summed seconds of the default run's `jobs` and
    `training jobs`, and the number of `processors`.
    """
    recipes = {role: Recipe(**block) for role, block in settings["recipes"].items()}
    one = {
        role: cost.training_operations(recipe, inputs, settings["classes"], images) for role, recipe in recipes.items()
    }
    # The classes have nearly the same number of images each.
    students = sum(1 - len(arm["omit"]) / settings["classes"] for arm in settings["arms"].values())
    operations = one["teacher"] + students * one["student"]
    rates = sum(one["teacher"] / recipes["teacher"].epochs / np.array(step["teacher"]["products"]) for step in steps)
    floor = operations / np.median(rates)
    usual = [
        sum(recipes.get(name, recipes["student"]).epochs * seconds for name, seconds in loop.items()) for loop in loops
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
    """Reduce the values of each row to COLUMNS."""
    return [
        (name, unit, float(np.median(values)), float(np.min(values)), float(np.max(values)), len(values))
        for name, unit, values in rows
    ]


def markdown(rows: Sequence[tuple], machine: str) -> str:
    """Format the table."""

    def number(value: float) -> str:
        return f"{value:.0f}" if value >= 100 else f"{value:.1f}"

    lines = [
        (name, f"{number(median)} {unit}", f"{number(least)} to {number(most)}" if n > 1 else "", str(n))
        for name, unit, median, least, most, n in rows
    ]
    table = pipe_table(("", "median", "range", "n"), lines, (False, True, True, True))
    return f"{table}\n\nMeasured in one go on {machine}.\n"


def main(_: argparse.Namespace) -> None:
    """Measure all, then write the tables."""
    processors = numerics.available_processors()
    config, data, raw = prepared(processors)
    settings = settings_of(config)
    loops = []
    for _ in range(TURNS):
        loops += finish([start("conventional_loop.py", raw, settings, {})])
        log.info("usual loop, seconds of an epoch: %s", loops[-1])
    variables = numerics.environment(settings["compute"]["numerics"])
    steps = finish([start("training_step.py", data, settings, variables) for _ in range(processors)])
    log.info("training steps, seconds of an epoch: %s", steps)
    with tempfile.TemporaryDirectory() as folder:
        runs = time_runs(Copy(Path(folder) / "project", data.parent), config, processors)
    log.info("runs: %s", runs)
    pixels = load_tensors(data, ["train_images"])["train_images"]
    shape = len(pixels), pixels[0].size
    seeds = experiments.seeds(config, BENCHMARKED)
    rows = summarised(measurements(settings, seeds, *shape, steps, loops, runs))
    write_csv(PUBLISHED / "speed/speed.csv", COLUMNS, rows)
    write_text(PUBLISHED / "speed/speed.md", markdown(rows, f"{processors} processors ({processor()['model']})"))
    write_manifest(PUBLISHED / "speed")


if __name__ == "__main__":
    execute(main, argparse.ArgumentParser(description=__doc__.splitlines()[0]))
