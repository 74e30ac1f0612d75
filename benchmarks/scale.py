"""Measure what a grid of students costs on top of their training, by the number of students.

Writes results/published/scale/scale.{csv,md,png,svg}; takes 20 minutes, during which nothing else should run. The
students are as small as they can be, 30 units and one epoch, so that they cost little but what any student costs on top
of its training: planning, the start of its jobs, reading the data, evaluation. Each run is in a copy of the project.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from command import PUBLISHED, execute, log, prepared, write_manifest
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from project_copy import Copy, Cost

from mythical_digit.figures.style import LIGHT_GREY, PALETTE, WIDTH, save
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.records.machine import processor
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.training import numerics

COLUMNS = ("measured", "students", "jobs", "wall_seconds", "cpu_seconds")
RUN, PLAN = "run", "plan"
FAR = 10_000  # the number of students to which the costs are extrapolated
JOBS_OF_STUDENT = 2  # train_student and evaluate
RECIPE = {"hidden": [30], "dropout": 0, "epochs": 1, "batch_size": 1024, "learning_rate": 0.001}


def grid(students: int, dataset: str) -> dict:
    """Make a config with one experiment, whose sweep has so many students of one teacher."""
    experiment = {
        "dataset": dataset,
        "seeds": [0],
        "teacher": RECIPE,
        "student": RECIPE,
        "distillation": {"temperature": 4, "alpha": 0.9, "scale_by_t_squared": False},
        "arms": {"kd": {"label": "KD", "distilled": True, "omit": []}},
        "bias": {},
        "sweep": {"distillation.temperature": [1 + number / 100 for number in range(students)]},
    }
    return {"run": ["many"], "experiments": {"many": experiment}}


def line(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Fit a line to the points by least squares of relative errors; return its intercept and slope."""
    slope, intercept = np.polyfit(x, y, 1, w=1 / np.asarray(y))
    return float(intercept), float(slope)


def fitted(costs: Mapping[int, Cost], kind: str) -> tuple[float, float]:
    """Fit intercept and slope (s, s per student) to the processor time of runs, or to the wall time of plans."""
    return line(list(costs), [cost.cpu if kind == RUN else cost.wall for cost in costs.values()])


def markdown(runs: Mapping[int, Cost], plans: Mapping[int, Cost], machine: str, processors: int) -> str:
    """Format the tables, and what follows from them for FAR students."""
    measured = [
        (f"{n:,}", f"{cost.wall:.0f} s", f"{cost.cpu:.0f} s", f"{cost.cpu / n:.2f} s") for n, cost in runs.items()
    ]
    planned = [(f"{n:,}", f"{JOBS_OF_STUDENT * n:,}", f"{cost.wall:.1f} s") for n, cost in plans.items()]
    (_, each), (_, plan) = fitted(runs, RUN), fitted(plans, PLAN)
    tables = [
        pipe_table(("students run", "on the clock", "on the processors", "per student"), measured, [True] * 4),
        pipe_table(("students planned", "their jobs", "on the clock"), planned, [True] * 3),
    ]
    words = (
        f"Along the lines through these, a student more costs {each:.2f} s of a processor and {1000 * plan:.0f} ms of"
        f" planning: {FAR:,} students, {each * FAR / 3600:.1f} hours of one processor beside their training, and"
        f" {plan * FAR / 60:.1f} minutes until the first job starts. One epoch of a student with 30 units is in it."
    )
    return "\n\n".join([*tables, words, f"Measured in one go on {processors} processors ({machine})."]) + "\n"


def draw(runs: Mapping[int, Cost], plans: Mapping[int, Cost]) -> Figure:
    """Draw processor time of the runs and wall time of planning against the number of students, with fitted lines."""
    figure = Figure(figsize=(WIDTH, 2.6))
    panels = (
        (RUN, runs, "To run them: seconds of a processor", [cost.cpu for cost in runs.values()]),
        (PLAN, plans, "To plan them: seconds on the clock", [cost.wall for cost in plans.values()]),
    )
    for axes, (kind, costs, title, seconds) in zip(figure.subplots(1, 2), panels, strict=True):
        intercept, slope = fitted(costs, kind)
        many = np.geomspace(min(costs), FAR, 100)
        axes.plot(many, intercept + slope * many, "--", color=PALETTE[1], linewidth=1)
        axes.plot(list(costs), seconds, "o", color=PALETTE[0], markersize=4)
        end = intercept + slope * FAR
        axes.set(xscale="log", yscale="log", ylim=(0.8 * min(seconds), 1.5 * end), xlabel="Students", title=title)
        axes.xaxis.set_major_locator(LogLocator())
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:,g}"))
        axes.grid(color=LIGHT_GREY, linewidth=0.6)
        axes.set_axisbelow(True)
        about = f"{float(f'{end:.2g}'):,g} s"
        axes.annotate(about, (FAR, end), textcoords="offset points", xytext=(-8, 0), ha="right", va="center")
    figure.supxlabel("Dots: measured, once each; dashed: the line through them, extrapolated", fontsize=6.5)
    return figure


def measure(students: int, data: Path, *arguments: str) -> Cost:
    """Run Snakemake with the arguments on a grid of so many students, in a fresh copy of the project."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder) / "project", data.parent)
        (copy.folder / "grid.json").write_text(json.dumps(grid(students, data.stem)))
        cost = copy.run("--configfile", "grid.json", *arguments)
    log.info("%d students, %s: %s", students, " ".join(arguments), cost)
    return cost


def main(arguments: argparse.Namespace) -> None:
    """Measure all, then write the tables and the figure."""
    processors = numerics.available_processors()
    _, data, _ = prepared(processors)
    plans = {students: measure(students, data, "--dry-run") for students in arguments.planned}
    runs = {students: measure(students, data, "--cores", str(processors)) for students in arguments.students}
    rows = [
        (kind, n, JOBS_OF_STUDENT * n, cost.wall, cost.cpu)
        for kind, costs in ((RUN, runs), (PLAN, plans))
        for n, cost in costs.items()
    ]
    folder = PUBLISHED / "scale"
    write_csv(folder / "scale.csv", COLUMNS, rows)
    write_text(folder / "scale.md", markdown(runs, plans, processor()["model"], processors))
    save(draw(runs, plans), [folder / "scale.png", folder / "scale.svg"])
    write_manifest(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, numbers in (("students", [10, 50, 200]), ("planned", [100, 300, 1000])):
        help_text = f"numbers of students {'to plan for' if name == 'planned' else 'to run'}"
        parser.add_argument(f"--{name}", type=int, nargs="+", default=numbers, metavar="N", help=help_text)
    execute(main, parser)
