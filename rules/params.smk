# What a rule's params are, as functions of its wildcards.
from mythical_digit.study import class_labels
from mythical_digit.study.recipe import Recipe
from mythical_digit.study.dataset_mistakes import training_images
from mythical_digit.training import cost


def experiment_of(wildcards):
    return EXPERIMENTS[wildcards.experiment]


def arm_of(wildcards):
    return experiment_of(wildcards)["arms"][wildcards.arm]


def bias_of(wildcards):
    return experiment_of(wildcards)["bias"][wildcards.arm]


def dataset_of(wildcards):
    return config["datasets"][experiment_of(wildcards)["dataset"]]


def compute(wildcards):
    """How numbers are computed, in the precision of the experiment if it has its own."""
    return experiments.compute(config, wildcards.experiment)


def classes(wildcards):
    return dataset_of(wildcards)["classes"]


def class_names(wildcards):
    """The names of the classes; nothing where these are called by their number."""
    return dataset_of(wildcards).get("class_names")


def normalisation(wildcards):
    return {key: dataset_of(wildcards)[key] for key in ("mean", "std")}


def note(wildcards):
    """What every table and figure of the experiment says of it, if anything."""
    return note_of(experiment_of(wildcards))


def note_of(block):
    """The note of an experiment, and what its test images are if not those of the data set.

    A sweep or a search says the latter itself.
    """
    held_out = block.get("held_out", 0) if not {"sweep", "search"} & block.keys() else 0
    instead = f"Test images are here the last {held_out:,} training images, held out" if held_out else None
    return "; ".join(filter(None, [block.get("note"), instead])) or None


def held_out(wildcards):
    return experiment_of(wildcards).get("held_out", 0)


def teachers_recipe(wildcards):
    return experiment_of(wildcards)["teacher"]


def students_recipe(wildcards):
    return experiments.student(experiment_of(wildcards), wildcards.arm)


# The wall time that a training asks a cluster for is that of a processor far slower than those that it was measured on.
SLOW_RATE = 1e10  # operations per second
SLOW_STEP = 3e-3  # seconds of a step beside its matrix products


def training_minutes(recipe_of):
    """The function of the wildcards that says how many minutes the training by the recipe of these may take."""

    def minutes(wildcards):
        recipe, (images, inputs) = Recipe(**recipe_of(wildcards)), training_images(dataset_of(wildcards))
        return cost.training_minutes(recipe, inputs, classes(wildcards), images, rate=SLOW_RATE, step=SLOW_STEP)

    return minutes


def seeds(wildcards):
    return experiments.seeds(config, wildcards.experiment)


def models(wildcards):
    return experiments.models(experiment_of(wildcards))


def labels_in(experiment):
    """The name of each model in tables and figures, in their order."""
    block = EXPERIMENTS[experiment]
    return {model: experiments.label(block, model) for model in experiments.models(block)}


def labels(wildcards):
    return labels_in(wildcards.experiment)


def trained_labels(wildcards):
    """Those of the models that were trained: those that have a history."""
    block = experiment_of(wildcards)
    return {model: experiments.label(block, model) for model in experiments.trained_models(block)}


def omitted(wildcards):
    block = experiment_of(wildcards)
    return {model: experiments.omitted(block, model) for model in experiments.models(block)}


def omitted_and_temperature(wildcards):
    """By arm whose soft targets are compared: the class that it omits, and the temperature."""
    block = experiment_of(wildcards)
    return {
        arm: (block["arms"][arm]["omit"][0], experiments.distillation(block, arm)["temperature"])
        for arm in arms_to_compare_by_mass(wildcards.experiment)
    }


def left_out_classes(wildcards):
    """By arm that `every_class` makes, the class that it leaves out."""
    return {arm: block["omit"][0] for arm, block in experiment_of(wildcards)["arms"].items()}


def biased_arms(wildcards):
    return list(experiment_of(wildcards)["bias"])


def explored_arms(wildcards):
    """The arms whose bias can be dragged; of a sweep, which has too many for one page, none."""
    return [] if "sweep" in experiment_of(wildcards) else biased_arms(wildcards)


def shifted_classes(wildcards):
    """The classes whose biases are shifted, by arm."""
    return {arm: block["classes"] for arm, block in experiment_of(wildcards)["bias"].items()}


def shifted_names(wildcards):
    """The same by their names, if they have any."""
    names = class_names(wildcards)
    return {arm: class_labels.called(shifted, names) for arm, shifted in shifted_classes(wildcards).items()}


def first_shifted(wildcards):
    """The classes that all arms of an ablation or a crossing shift, by their names, if they have any."""
    return next(iter(shifted_names(wildcards).values()))


def explored_sweep(wildcards):
    """The last parameter of an experiment's sweep and the students along it; nothing, if it has none."""
    block = experiment_of(wildcards)
    if "sweep" not in block:
        return None
    return {"parameter": list(block["sweep"])[-1].partition(".")[2], "students": experiments.swept_students(block)}


def config_as_used(experiment):
    """All of the config that an experiment follows from; not words about it or the sources of its data."""
    block = {key: value for key, value in config["experiments"][experiment].items() if key != "about"}
    block["seeds"] = experiments.seeds(config, experiment)
    dataset = {key: value for key, value in config["datasets"][block["dataset"]].items() if key != "sources"}
    arms = EXPERIMENTS[experiment]["arms"].values()
    owners = {experiments.owner_of_teacher(experiment, block, arm) for arm in arms} - {experiment}
    teachers = {owner: EXPERIMENTS[owner]["teacher"] for owner in sorted(owners)}
    return {
        "experiment": block,
        "teachers": teachers,
        "dataset": dataset,
        "compute": experiments.compute(config, experiment),
    }


def listed(shows, first_seed=False):
    """Where the report lists a result, from what it shows; a flag of an output has a `caption` next to it.

    Snakemake orders categories, subcategories and labels by the alphabet: the claims come before any experiment, and
    what is of all models before what is of one. All that there is to say stands in one label, each in other words:
    what looks alike hides one another in a search, and of a second label the report of Snakemake 9 makes a switch where
    it has two values, which fails (a blank page) where a result is not there with both. The menu is as wide as its
    longest label, so these are short: what is next to it must have room for a table.
    """

    def model(wildcards):
        name = wildcards.get("model") or wildcards.get("arm")
        return name and labels(wildcards)[name]

    def label(wildcards):
        of = ", ".join(filter(None, [wildcards.experiment, model(wildcards)]))
        return {"Shows": f"{shows} ({of}{f'; seed {seeds(wildcards)[0]}' if first_seed else ''})"}

    return {
        "category": "Experiment {experiment}",
        "subcategory": lambda wildcards: f"Model {name}" if (name := model(wildcards)) else "All models",
        "labels": label,
    }
