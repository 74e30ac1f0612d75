# What the rungs of a search read and keep.
from mythical_digit.files.records import read_csv


def recipes_left(wildcards):
    """The recipes of a rung: all in the first one, then those that the rung before kept, once that is known."""
    rung = int(wildcards.rung)
    if rung == 0:
        return range(len(experiments.drawn(experiment_of(wildcards))))
    before = checkpoints.rung.get(experiment=wildcards.experiment, rung=rung - 1).output[0]
    return list(dict.fromkeys(int(row["recipe"]) for row in read_csv(before) if row["kept"] == "yes"))


def students_of_rung(wildcards):
    """The students that score each recipe of a rung, those of the rungs before included: arm and seed."""
    rung = experiment_of(wildcards)["search"]["rungs"][int(wildcards.rung)]
    return experiments.scoring_students(experiment_of(wildcards), seeds(wildcards))[: rung["students"]]


def left_after(wildcards):
    """How many recipes a rung keeps: as many as the next one has, or a single one."""
    rungs = experiment_of(wildcards)["search"]["rungs"]
    return next((rung["recipes"] for rung in rungs[int(wildcards.rung) + 1 :]), 1)
