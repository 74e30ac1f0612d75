"""Tell how long each target takes, from nothing and after one knob is turned: measured, or estimated ("about").

Writes results/published/speed/targets.{csv,md} and the times in docs/; takes half an hour, during which nothing else
should run. The targets on the command line run in copies of the project that have nothing but the data; then each knob
is turned in a copy of what they made. Any other target is estimated: of the jobs that Snakemake plans for it, each
training counts by its floating-point operations and the rate of its recipe, measured here and now, each other job as
those of its rule that ran.
"""

import argparse
import itertools
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from command import PUBLISHED, ROOT, execute, log, prepared, write_manifest
from dry_run import Job, following, planned
from knobs import KNOBS, changes, turned
from project_copy import Copy
from times import COLUMNS, ESTIMATED, MEASURED, NOTHING, in_page, markdown
from work import Work

from mythical_digit.errors import UserError
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import read_csv, write_csv
from mythical_digit.records.machine import processor
from mythical_digit.training import numerics

PAGES = ("docs/files.md", "docs/speed.md")


def targets(config: dict) -> list[str]:
    """All targets: the experiments, and the rules with a docstring."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "Snakefile", *(ROOT / "rules").glob("*.smk")))
    rules = re.findall(r'^rule (\w+):\n    """', text, re.MULTILINE)
    return ["all", *config["experiments"], *sorted({*rules} - {"all"})]


def measured(work: Work, target: str, folder: Path) -> Iterator[tuple]:
    """Run a target from nothing, then with each knob turned in a copy of what that made; yield rows of COLUMNS."""
    first = Copy(folder / target, work.data.parent)
    cores = ["--cores", str(work.processors), target]
    yield target, NOTHING, *spent(first, *cores), MEASURED
    for rule, seconds in first.jobs_by_rule().items():
        work.rules.setdefault(rule, []).extend(seconds)
    for knob in KNOBS:
        if turn := turned(work.given, target, knob):
            yield target, knob.name, *spent(first.again(folder / knob.name), *cores, *turn), MEASURED


def spent(copy: Copy, *arguments: str) -> tuple[float, float]:
    """Run a copy; return its wall time and processor time in seconds."""
    cost = copy.run(*arguments)
    log.info("%s: %.0f s, %.0f s of processors", " ".join(arguments), cost.wall, cost.cpu)
    return cost.wall, cost.cpu


def estimated(work: Work, target: str, jobs: list[Job], copy: Copy) -> Iterator[tuple]:
    """Add up the jobs of a target, and those that each knob makes stale; yield rows of COLUMNS."""
    yield target, NOTHING, *work.estimated(jobs), ESTIMATED
    for knob in KNOBS:
        if turn := turned(work.given, target, knob):
            try:
                then = planned(copy.folder, target, *turn)
            except UserError as error:  # such as a comparison with an experiment that lacks the new seed
                log.info("%s, %s: not possible: %s", target, knob.name, str(error)[-300:])
                continue
            work.measure(then)
            stale = following(then, changes(work.given, work.blocks, target, knob))
            yield target, knob.name, *work.estimated(stale), ESTIMATED


def with_later_rungs(jobs: list[Job], blocks: Mapping[str, Mapping]) -> list[Job]:
    """The jobs, and those of the later rungs of a search, which no plan shows before the first has run.

    Nobody knows yet whose recipes these will be: they count like those of the first rung.
    """
    for name, rungs in ((name, block["search"]["rungs"]) for name, block in blocks.items() if "search" in block):
        more = sum(now["recipes"] * (now["students"] - then["students"]) for then, now in itertools.pairwise(rungs))
        for rule in ("train_student", "choose_bias"):
            first = [job for job in jobs if job.rule == rule and job.wildcards["experiment"] == name]
            jobs = [*jobs, *itertools.islice(itertools.cycle(first), more)]
    return jobs


def outputs(jobs: list[Job]) -> set[str]:
    """The files that jobs make."""
    return {path for job in jobs for path in job.outputs}


def main(arguments: argparse.Namespace) -> None:
    """Measure and estimate, then write the tables and the times in the docs."""
    processors = numerics.available_processors()
    config, data, _ = prepared(processors)
    work, every = Work(config, data, processors), targets(config)
    for name in (*arguments.measured, *(arguments.estimated or ())):
        if name not in every:
            raise UserError(f"no target {name!r}; there are {', '.join(every)}")
    rows: dict[str, list[tuple]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for target in arguments.measured:
            rows[target] = list(measured(work, target, Path(folder) / "measured" / target))
        fresh = Copy(Path(folder) / "planned", data.parent)
        asked = {*arguments.measured, *(every if arguments.estimated is None else arguments.estimated)}
        plans = {
            target: with_later_rungs(planned(fresh.folder, target), work.blocks) for target in every if target in asked
        }
        work.measure(job for jobs in plans.values() for job in jobs)
        for target, jobs in plans.items():
            made = outputs(jobs)
            same = next((other for other in rows if made and outputs(plans[other]) == made), None)  # all and notebook
            found = [(target, *row[1:]) for row in rows[same]] if same else estimated(work, target, jobs, fresh)
            rows.setdefault(target, list(found))
    folder = PUBLISHED / "speed"
    written = [row for target in plans for row in rows[target]]
    write_csv(folder / "targets.csv", COLUMNS, written)
    write_text(folder / "targets.md", markdown(read_csv(folder / "targets.csv"), processor()["model"], processors))
    write_manifest(folder)
    for page in filter(Path.exists, (ROOT / name for name in PAGES)):
        write_text(page, in_page(page.read_text(encoding="utf-8"), folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ["all", "quick", "site", "publish_index", "help"]
    parser.add_argument("measured", nargs="*", default=default, metavar="TARGET", help=f"to run: {' '.join(default)}")
    parser.add_argument(
        "--estimated", nargs="*", metavar="TARGET", help="to estimate: all others, unless you name some"
    )
    execute(main, parser)
