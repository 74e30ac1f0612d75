"""Makes results/{experiment}/recipes.{csv,md,html}: students that never saw the same classes, side by side.

From bias.csv of each experiment, and from the AUROC in each bias.json.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np

from mythical_digit.evaluation.shift_choices import EXPLANATIONS, SHIFT_CHOICES
from mythical_digit.files import origin
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.study.experiments import text_of
from mythical_digit.study.recipe import Recipe
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, explained, markdown, name_classes, plus_minus
from mythical_digit.tables.shift_effects import read_effects
from mythical_digit.tables.statistics import CONFIDENCE, estimate
from mythical_digit.tables.unseen_classes import read_aurocs
from mythical_digit.workflow.job_log import logged

COLUMNS = ("recipe", "experiment", "arm", "way", "measure", "n", "mean", "halfwidth")
TITLE = "Recipes side by side"
HEADS = {"errors": "Errors", "class_accuracy": "On {} (%)", "other_accuracy": "On the others (%)"}

Measures = dict[tuple[str, str], np.ndarray]  # of one recipe: by way and measure, (n_seeds,)


def measures(shifts: str, records: Sequence[str], arm: str, n_seeds: int) -> Measures:
    """Read what the students of an arm do, for each way to choose a shift; AUROC has no way."""
    effects = read_effects(shifts, [arm])[arm]
    found = {(way, name): effects[way][name] for name in HEADS for way in effects}
    return found | {("", "auroc"): read_aurocs(records, [arm], n_seeds)[arm]}


def rows(students: Sequence[Mapping], found: Sequence[Measures]) -> Iterator[tuple]:
    """The rows of the CSV table."""
    for student, measured in zip(students, found, strict=True):
        for (way, name), values in measured.items():
            result = estimate(values)
            numbers = [None if np.isnan(number) else float(number) for number in (result.mean, result.halfwidth)]
            yield student["label"], student["experiment"], student["arm"], way, name, result.n, *numbers


def recipes(students: Sequence[Mapping]) -> Section:
    """Lay out a row per parameter that any of the recipes has in its config."""
    defaults = {field.name: field.default for field in fields(Recipe)}
    keys = list(dict.fromkeys(key for student in students for key in student["recipe"]))
    columns = {"Parameter": [key.replace("_", " ") for key in keys]}
    for student in students:
        recipe = defaults | student["recipe"]
        columns[student["label"]] = [text_of(recipe[key]) if key in recipe else "" for key in keys]
    return Section("Recipes", "Of each student; `teacher` is the experiment that its teachers are of.", columns)


def name_of(way: str, measure: str, classes: Sequence[str] | Sequence[int]) -> str:
    """The name of a row."""
    if measure == "auroc":
        return "AUROC"
    return f"{HEADS[measure].format(name_classes(classes))}, {SHIFT_CHOICES[way].short_label}"


def digits(measure: str) -> int:
    """The decimals of a measure."""
    return {"errors": 1, "auroc": 4}.get(measure, 2)


def results(students: Sequence[Mapping], found: Sequence[Measures], classes: Sequence[str] | Sequence[int]) -> Section:
    """Lay out a row per measure and way to choose a shift, and a column per recipe."""
    columns = {"": ["Seeds", *(name_of(*key, classes) for key in found[0])]}
    for student, measured in zip(students, found, strict=True):
        cells = [plus_minus(estimate(values), digits(key[1]))[0] for key, values in measured.items()]
        columns[student["label"]] = [str(len(student["seeds"])), *cells]
    most = max(len(student["seeds"]) for student in students)
    caption = (
        f"Means over the seeds, with their {100 * CONFIDENCE:g} % confidence intervals (Student's t).{explained(most)} "
        f"{EXPLANATIONS}."
    )
    return Section("On the test images", caption, columns)


def differences(
    students: Sequence[Mapping], found: Sequence[Measures], classes: Sequence[str] | Sequence[int]
) -> Section | None:
    """Lay out how the first recipe differs from each other one with which it shares seeds; None if there is none."""
    columns = {"": ["Seeds in common", *(name_of(*key, classes) for key in found[0])]}
    for student, measured in zip(students[1:], found[1:], strict=True):
        common = [seed for seed in students[0]["seeds"] if seed in student["seeds"]]
        if not common:
            continue
        here, there = ([each["seeds"].index(seed) for seed in common] for each in (students[0], student))
        gaps = {key: found[0][key][here] - values[there] for key, values in measured.items()}
        cells = [plus_minus(estimate(gap), digits(key[1]))[0] for key, gap in gaps.items()]
        signed = [cell if cell.startswith(("−", "n")) else f"+{cell}" for cell in cells]
        columns[f"less {student['label']}"] = [str(len(common)), *signed]
    if len(columns) == 1:
        return None
    return Section(f"{students[0]['label']} against the others", "Differences, paired by seed.", columns)


if __name__ == "__main__":
    params, output = snakemake.params, snakemake.output
    with logged(snakemake.log[0]):
        origin.check(snakemake)
        records, found = iter(snakemake.input.records), []
        for student, shifts in zip(params.students, snakemake.input.shifts, strict=True):
            of_arm = [next(records) for _ in student["seeds"]]
            found.append(measures(shifts, of_arm, student["arm"], len(of_arm)))
        write_csv(output.csv, *noted_table(COLUMNS, rows(params.students, found), params.note))
        tables = [
            recipes(params.students),
            results(params.students, found, params.classes),
            differences(params.students, found, params.classes),
        ]
        text = markdown(noted([table for table in tables if table], params.note))
        write_text(output.md, text)
        write_text(output.html, page(TITLE, text))
