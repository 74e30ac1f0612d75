"""Makes results/scale/scale.{csv,md,png,svg}: what a grid of students costs beside their training, by their number.

The students are as small as they can be, 30 units and one epoch, so that what they cost is what any student costs
beside its training: planning, the start of its jobs, reading the data, evaluation. All runs are of a copy of the
project.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from project_copy import Copy, Cost

from mythical_digit.figures.style import LIGHT_GREY, PALETTE, WIDTH, save
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.records.machine import processor
from mythical_digit.tables.markdown import pipe_table
from mythical_digit.training import numerics
from mythical_digit.workflow.job_log import logged

COLUMNS = ("measured", "students", "jobs", "wall_seconds", "cpu_seconds")
RUN, PLAN = "run", "plan"
FAR = 10_000  # students, to which the costs are extrapolated
JOBS_OF_STUDENT = 2  # train_student and evaluate
RECIPE = {"hidden": [30], "dropout": 0, "epochs": 1, "batch_size": 1024, "learning_rate": 0.001}


def grid(students: int, dataset: str) -> dict:
    """A config of one experiment, whose sweep has so many students of one teacher."""
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
    """Intercept and slope of the line through the points that has the least squares of relative errors."""
    slope, intercept = np.polyfit(x, y, 1, w=1 / np.asarray(y))
    return float(intercept), float(slope)


def fitted(costs: Mapping[int, Cost], kind: str) -> tuple[float, float]:
    """The line of the processors' time of runs (per student), or of the time on the clock of plans (per student)."""
    return line(list(costs), [cost.cpu if kind == RUN else cost.wall for cost in costs.values()])


def markdown(runs: Mapping[int, Cost], plans: Mapping[int, Cost], machine: str, processors: int) -> str:
    """The tables to read, and what follows from them for many more students."""
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
    """Draw the processors' time of the runs and the time of planning, by the number of students, with their lines."""
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


if __name__ == "__main__":
    with logged(snakemake.log[0]) as log, tempfile.TemporaryDirectory() as folder:
        params, data = snakemake.params, Path(snakemake.input.data)
        processors = numerics.available_processors()

        def measure(students: int, *arguments: str) -> Cost:
            copy = Copy(Path.cwd(), Path(folder) / "-".join([str(students), *arguments]), str(data.parent))
            (copy.folder / "grid.json").write_text(json.dumps(grid(students, data.stem)))
            cost = copy.run("--configfile", "grid.json", *arguments)
            log.info("%d students, %s: %s", students, arguments, cost)
            return cost

        plans = {students: measure(students, "--dry-run") for students in params.planned}
        runs = {students: measure(students, "--cores", str(processors)) for students in params.students}
        rows = [
            (kind, n, JOBS_OF_STUDENT * n, cost.wall, cost.cpu)
            for kind, costs in ((RUN, runs), (PLAN, plans))
            for n, cost in costs.items()
        ]
        write_csv(snakemake.output.csv, COLUMNS, rows)
        write_text(snakemake.output.md, markdown(runs, plans, processor()["model"], processors))
        save(draw(runs, plans), [snakemake.output.png, snakemake.output.svg])
