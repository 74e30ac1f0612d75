"""Makes results/{experiment}/rung-{rung}.csv: how each student of a rung does, and which recipes the next one keeps.

The score of a recipe is the mean number of errors of its students on held-out images of all classes, each with the bias
of the class that it never saw shifted as the class frequency says. Fewer are better; of equals, the first is kept. A
recipe with a student that diverged has no score and is not kept.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import DIVERGED
from mythical_digit.files import origin
from mythical_digit.files.records import read_json, write_csv
from mythical_digit.tables.experiment_note import noted_table
from mythical_digit.tables.per_model import per_model
from mythical_digit.workflow.job_log import logged

COLUMNS = ("recipe", "arm", "seed", "errors", "class_accuracy", "auroc", "kept")
WAY = "prior"  # to choose a shift


def scores(record: Mapping) -> tuple[float, float, float]:
    """Errors, accuracy on the unseen class (percent) and AUROC of a student, from its record; NaN if it diverged."""
    if WAY not in record["ways"]:
        return np.nan, np.nan, np.nan
    metrics = record["ways"][WAY]["metrics"]
    right, n = (sum(metrics[key][label] for label in record["classes"]) for key in ("class_correct", "class_n"))
    auroc = np.nan if record["auroc"] is None else record["auroc"]
    return metrics["errors"], 100 * right / n if n else np.nan, auroc


def best(errors: Sequence[float], most: int) -> set[int]:
    """The places of the fewest `errors`, at most so many, without NaN. Raises UserError if there are only NaN."""
    finite = np.flatnonzero(np.isfinite(errors))
    if not len(finite):
        raise UserError("every recipe of the search diverged; lower its learning rates in config.yaml")
    order = np.argsort(np.asarray(errors)[finite], kind="stable")
    return {int(place) for place in finite[order[:most]]}


def rows(found: Mapping[int, Sequence[tuple]], students: Sequence[tuple[str, int]], most: int) -> Iterator[tuple]:
    """The rows of the CSV table, from the `scores` of the `students` (arm and seed) of each recipe."""
    kept = best([np.mean([errors for errors, *_ in of_recipe]) for of_recipe in found.values()], most)
    for place, (recipe, of_recipe) in enumerate(found.items()):
        for student, values in zip(students, of_recipe, strict=True):
            cells = [DIVERGED if np.isnan(values[0]) else None if np.isnan(value) else value for value in values]
            yield recipe, *student, *cells, "yes" if place in kept else "no"


if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]) as log:
        origin.check(snakemake)
        paths = per_model(snakemake.input, params.recipes, len(params.students))
        found = {recipe: [scores(read_json(path)) for path in of_recipe] for recipe, of_recipe in paths.items()}
        table = list(rows(found, params.students, params.kept))
        log.info("%d recipes, %d kept", len(found), len({row[0] for row in table if row[-1] == "yes"}))
        write_csv(snakemake.output[0], *noted_table(COLUMNS, table, params.note))
