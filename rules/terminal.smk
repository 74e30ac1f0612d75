# Progress while a run lasts, and its closing words. Snakemake calls these handlers in its main process only, and not
# for a dry run; in a workflow that uses this one as a module, it calls that workflow's handlers instead.
import logging
import time

from mythical_digit.study.recipe import Recipe
from mythical_digit.workflow import closing_words
from mythical_digit.workflow import progress


def epochs_of(name, wildcards):
    """The number of epochs that a job trains, from the name of its rule; None if it does not train."""
    if name not in ("train_teacher", "train_student"):
        return None
    block = EXPERIMENTS[wildcards["experiment"]]
    recipe = block["teacher"] if name == "train_teacher" else experiments.student(block, wildcards["arm"])
    return Recipe(**recipe).epochs


def made():
    """The summary of what a run made, and the commands that may come next."""
    with_table = {
        name for job in FOLLOWED.finished for name in EXPERIMENTS if f"results/{name}/metrics.csv" in job.outputs
    }
    hints = []
    if any((PROJECT / f"results/published/{name}/manifest.json").exists() for name in with_table):
        hints.append("Compare with what was published: snakemake --cores 4 verify")
    current = {name: {*outputs(name), *records(name)} for name in EXPERIMENTS}
    hints += filter(None, [closing_words.from_the_future(FOLLOWED.finished, time.time())])
    return closing_words.made(FOLLOWED.finished, time.time() - FOLLOWED.started, config["experiments"], current, hints)


def failed():
    """Why the run ended, and what to do."""
    words = closing_words.failed(FOLLOWED.failed, PROJECT / "scripts", by_user=FOLLOWED.stopped_by_user)
    jobs = [*FOLLOWED.finished, *FOLLOWED.failed, *FOLLOWED.running.values()]
    return "\n".join(filter(None, [words, closing_words.from_the_future(jobs, time.time())]))


FOLLOWED = progress.Progress(epochs_of)


onstart:
    FOLLOWED.start(set(workflow.output_settings.quiet or ()))


onsuccess:
    FOLLOWED.end(made, logging.INFO)


onerror:
    FOLLOWED.end(failed, logging.ERROR)
