# Progress while a run lasts, and its closing words. Snakemake calls these handlers in its main process only, and not
# for a dry run; in a workflow that uses this one as a module, it calls that workflow's handlers instead.
import logging
import time

from snakemake.logging import logger

from mythical_digit.study.recipe import Recipe
from mythical_digit.workflow import closing_words
from mythical_digit.workflow import hints
from mythical_digit.workflow import progress

# Only the proportions of these count: they weigh the jobs of a run.
RATE = 5e10  # operations per second
STEP = 1e-3  # seconds of a step beside its matrix products
START = 2.0  # seconds of any job


def training_of(name, wildcards):
    """The epochs that a job trains, from the name of its rule, and its work; None and the work if it does not train."""
    if name not in ("train_teacher", "train_student"):
        return None, START
    block = EXPERIMENTS[wildcards["experiment"]]
    recipe = Recipe(**(block["teacher"] if name == "train_teacher" else experiments.student(block, wildcards["arm"])))
    dataset = config["datasets"][block["dataset"]]
    images, pixels = training_images(dataset)
    operations = cost.training_operations(recipe, pixels, dataset["classes"], images)
    return recipe.epochs, START + operations / RATE + STEP * cost.training_steps(recipe, images)


def current():
    """By experiment, the results that the config asks for."""
    return {name: {*outputs(name), *records(name)} for name in EXPERIMENTS}


def shown_blocks(names):
    """The config blocks of experiments, with what is said of each, and the names of its classes, if they have any."""
    return {
        name: {**block, "note": note_of(block), "class_names": config["datasets"][block["dataset"]].get("class_names")}
        for name, block in config["experiments"].items()
        if name in names
    }


def planned():
    """Each job of the run by its name and wildcards; what a checkpoint adds comes later, and what was finished goes."""
    return [(job.rule.name, dict(job.wildcards_dict)) for job in workflow.dag.needrun_jobs(exclude_finished=False)]


def made():
    """The summary of what a run made, and the commands that may come next."""
    with_table = {
        name for job in FOLLOWED.finished for name in EXPERIMENTS if f"results/{name}/metrics.csv" in job.outputs
    }
    hints = []
    if any((PROJECT / f"results/published/{name}/manifest.json").exists() for name in with_table):
        hints.append("Compare with what was published: snakemake --cores 4 verify")
    hints += filter(None, [closing_words.from_the_future(FOLLOWED.finished, time.time())])
    blocks = shown_blocks(EXPERIMENTS)
    return closing_words.made(FOLLOWED.finished, time.time() - FOLLOWED.started, blocks, current(), hints)


def failed():
    """Why the run ended, and what to do."""
    words = closing_words.failed(FOLLOWED.failed, PROJECT / "scripts", by_user=FOLLOWED.stopped_by_user)
    jobs = [*FOLLOWED.finished, *FOLLOWED.failed, *FOLLOWED.running.values()]
    return "\n".join(filter(None, [words, closing_words.from_the_future(jobs, time.time())]))


def there():
    """The tables of the experiments that were asked for, where a run has nothing to do."""
    if workflow.dryrun:
        return ""
    check_kept()
    asked = workflow.dag_settings.targets or config["run"]
    return "\n\n".join(closing_words.shown(shown_blocks(asked), current(), lambda path: Path(path).exists()))


def targets():
    return sorted(rule.name for rule in workflow.rules if not rule.has_wildcards())


if MAIN_WORKFLOW and workflow.is_main_process:
    logger.addHandler(hints.Hints(targets, there))

FOLLOWED = progress.Progress(training_of)


onstart:
    check_kept()
    FOLLOWED.start(
        planned,
        quiet=set(workflow.output_settings.quiet or ()),
        brief=not (workflow.output_settings.printshellcmds or workflow.output_settings.verbose),
    )


onsuccess:
    FOLLOWED.end(made, logging.INFO)


onerror:
    FOLLOWED.end(failed, logging.ERROR)
