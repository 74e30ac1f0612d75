# Validation, wildcard constraints, and the functions that the rules' inputs and params use.
import os
import re
from functools import cache

import yaml
from snakemake.utils import update_config

from mythical_digit.claims import published_claims as claimed
from mythical_digit.study import experiments
from mythical_digit.workflow import fingerprints
from mythical_digit.training import numerics
from mythical_digit.training import cost
from mythical_digit.study.config_check import typed, validate

update_config(config, typed(workflow.config_settings.config))
try:
    validate(config, yaml.safe_load((PROJECT / "config.schema.yaml").read_text()), PROJECT)
except UserError as error:
    raise WorkflowError(str(error))

# Every job inherits these, so that they are set before it imports torch.
os.environ.update(numerics.environment(config["compute"]["numerics"]))

EXPERIMENTS = {name: experiments.expanded(block) for name, block in config["experiments"].items()}
ARMS = sorted({arm for block in EXPERIMENTS.values() for arm in block["arms"]})
BIASED_ARMS = sorted({arm for block in EXPERIMENTS.values() for arm in block["bias"]})


def of_project(path):
    """A file that comes with the pipeline, which another workflow may use as a module from its own folder."""
    return os.path.relpath(PROJECT / path)


def any_of(names):
    """The regular expression of a wildcard that is one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    experiment="|".join(EXPERIMENTS),
    seed=r"\d+",
    arm=any_of(ARMS),
    model=any_of([experiments.TEACHER, *ARMS, *(arm + experiments.BIASED for arm in BIASED_ARMS)]),


# --cores may exceed the machine. A job then claims as many of Snakemake's cores as a processor stands for, so that
# no more jobs run side by side than there are processors.
PROCESSORS = numerics.available_processors()
CORES = workflow.resource_settings.cores or PROCESSORS
CORES_PER_PROCESSOR = max(1, CORES // PROCESSORS)


def processors_for(jobs):
    """Processors for each of so many like jobs: one, or more where there are more than jobs and the numerics let it."""
    most = numerics.MOST_THREADS.get(config["compute"]["numerics"], PROCESSORS)
    return max(1, min(most, min(PROCESSORS, CORES) // max(1, jobs)))


TEACHERS = sum(len(experiments.seeds(config, name)) for name in config["run"])
STUDENTS = sum(len(experiments.seeds(config, name)) * len(EXPERIMENTS[name]["arms"]) for name in config["run"])


# The wall time that a training asks a cluster for is that of a processor far slower than those that it was measured on.
SLOW_RATE = 1e10  # operations per second
SLOW_STEP = 3e-3  # seconds of a step beside its matrix products


def training_images(dataset):
    """How many there are, and the pixels of each: behind the headers of the files, a byte is a label or a pixel."""
    images = dataset["files"]["train-labels-idx1-ubyte"]["bytes"] - 8
    return images, (dataset["files"]["train-images-idx3-ubyte"]["bytes"] - 16) // images


BENCHMARKED = "notebook"  # the experiment by which the speed is measured


def benchmarked():
    return config["experiments"][BENCHMARKED]


def benchmarked_data():
    return config["datasets"][benchmarked()["dataset"]]


def training_minutes(recipe_of):
    """The function of the wildcards that says how many minutes the training by the recipe of these may take."""

    def minutes(wildcards):
        images, inputs = training_images(dataset_of(wildcards))
        return cost.training_minutes(
            recipe_of(wildcards), inputs, classes(wildcards), images, rate=SLOW_RATE, step=SLOW_STEP
        )

    return minutes


def teachers_recipe(wildcards):
    return experiment_of(wildcards)["teacher"]


def students_recipe(wildcards):
    return experiments.student(experiment_of(wildcards), wildcards.arm)


# What a training asks for on a cluster; on one machine, `--resources gpu=N` lets N trainings share its card.
GPUS = 1 if config["compute"]["device"] == "cuda" else 0


def code(rule_name):
    """What a rule's script consists of, by content: the param that makes the rule stale when any of it changes."""
    return fingerprints.fingerprints(PROJECT / "scripts" / f"{rule_name}.py")


def experiment_of(wildcards):
    return EXPERIMENTS[wildcards.experiment]


def arm_of(wildcards):
    return experiment_of(wildcards)["arms"][wildcards.arm]


def bias_of(wildcards):
    return experiment_of(wildcards)["bias"][wildcards.arm]


def dataset_of(wildcards):
    return config["datasets"][experiment_of(wildcards)["dataset"]]


def prepared_data(wildcards):
    return f"results/data/{experiment_of(wildcards)['dataset']}.safetensors"


def compute(wildcards):
    """How numbers are computed, in the precision of the experiment if it has its own."""
    return experiments.compute(config, wildcards.experiment)


def classes(wildcards):
    return dataset_of(wildcards)["classes"]


def normalisation(wildcards):
    return {key: dataset_of(wildcards)[key] for key in ("mean", "std")}


def note(wildcards):
    """What is to stand on every table and figure of the experiment, if anything."""
    return experiment_of(wildcards).get("note")


def published_table(wildcards):
    """The table to compare the experiment with, if there is one."""
    block = experiment_of(wildcards)
    return of_project(block["published"]) if "published" in block else []


def held_out(wildcards):
    return experiment_of(wildcards).get("held_out", 0)


def teacher_logits(wildcards):
    """The teacher's logits, if the arm is distilled: no other arm waits for the teacher or depends on it."""
    if not arm_of(wildcards)["distilled"]:
        return []
    owner = experiments.owner_of_teacher(wildcards.experiment, experiment_of(wildcards), arm_of(wildcards))
    return f"results/{owner}/seed-{wildcards.seed}/teacher/logits.safetensors"


def seeds(wildcards):
    return experiments.seeds(config, wildcards.experiment)


def models(wildcards):
    return experiments.models(experiment_of(wildcards))


def biased_arms(wildcards):
    return list(experiment_of(wildcards)["bias"])


def shifted_classes(wildcards):
    """The classes whose biases are shifted, by arm."""
    return {arm: block["classes"] for arm, block in experiment_of(wildcards)["bias"].items()}


def labels_in(experiment):
    """The name of each model in tables and figures, in their order."""
    block = EXPERIMENTS[experiment]
    return {model: experiments.label(block, model) for model in experiments.models(block)}


def labels(wildcards):
    return labels_in(wildcards.experiment)


def labels_in_both(wildcards):
    """Those of the models that the experiment and the one that it is compared with both have."""
    other = labels_in(experiment_of(wildcards)["compared_with"])
    return {model: label for model, label in labels(wildcards).items() if model in other}


def trained_labels(wildcards):
    """Those of the models that were trained: those that have a history."""
    block = experiment_of(wildcards)
    return {model: experiments.label(block, model) for model in experiments.trained_models(block)}


def omitted(wildcards):
    block = experiment_of(wildcards)
    return {model: experiments.omitted(block, model) for model in experiments.models(block)}


def for_each_model(pattern, wildcards, names):
    """The file `pattern` of each model, all seeds of a model side by side."""
    return expand(pattern, experiment=wildcards.experiment, model=names, seed=seeds(wildcards))


def at_first_seed(file, wildcards):
    """A file of the experiment's first seed, which stands for the others where single images are shown."""
    return f"results/{{experiment}}/seed-{seeds(wildcards)[0]}/{file}".format(**wildcards)


def published(experiment):
    """What git keeps of an experiment: what is presented, the numbers behind it, and the checksums of all."""
    copies = [path.replace("results/", "results/published/", 1) for path in summaries(experiment)]
    return [*copies, f"results/published/{experiment}/manifest.json"]


def summaries(experiment):
    """All that is made of all seeds of an experiment together."""
    tables = ["metrics.csv", *(["bias.csv"] if EXPERIMENTS[experiment]["bias"] else [])]
    return [*(f"results/{experiment}/{table}" for table in tables), *presented(experiment)]


def outputs(experiment):
    """All that is computed for an experiment, from the prepared data to the figures."""
    block = EXPERIMENTS[experiment]
    own_teacher_used = any(
        arm["distilled"] and experiments.owner_of_teacher(experiment, block, arm) == experiment
        for arm in block["arms"].values()
    )
    per_seed = [
        *expand("{model}/{file}", model=experiments.models(block), file=["model.safetensors", "metrics.json"]),
        *expand("{model}/history.csv", model=experiments.trained_models(block)),
        *expand("{arm}/{file}", arm=block["bias"], file=["bias.json", "bias_curve.csv"]),
        *([f"{experiments.TEACHER}/logits.safetensors"] if own_teacher_used else []),
    ]
    return [
        f"results/data/{block['dataset']}.safetensors",
        *expand(
            f"results/{experiment}/seed-{{seed}}/{{file}}", seed=experiments.seeds(config, experiment), file=per_seed
        ),
        *summaries(experiment),
        *pages(experiment),
    ]


def records(experiment):
    """What says where the results of an experiment come from."""
    return [f"results/{experiment}/{name}" for name in ("provenance.json", "ro-crate-metadata.json")]


def config_as_used(experiment):
    """All of the config that an experiment follows from; not the sources of its data, which decide nothing."""
    block = {**config["experiments"][experiment], "seeds": experiments.seeds(config, experiment)}
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


CLAIMS = of_project("reference/claims.yaml")
NO_CLAIMS = {"tables": {}, "numbers": {}, "statements": {}}


@cache
def read_claims():
    """The claims, and the first mistake in them, if there is one.

    They are read only where they are asked for: a config without their experiments does without them. A mistake is
    left to the job, which then waits for nothing else: Snakemake shows an error in a rule's function with a traceback.
    """
    content = NO_CLAIMS
    try:
        content = claimed.read_claims(CLAIMS)
        claimed.check_references(content, config, CLAIMS)
    except UserError as error:
        return content, str(error)
    return content, None


def claims():
    content, mistake = read_claims()
    return NO_CLAIMS if mistake else content


def published_claims():
    """The copies that git keeps, where `run` has all the experiments that the claims need."""
    content, _ = read_claims()
    complete = {*claimed.needed_experiments(content)} <= {*config["run"]}
    return expand("results/published/claims/claims.{kind}", kind=["csv", "md", "png", "svg"]) if complete else []


def students_of_statements():
    """What each statement is chosen from: units and temperature of each student, by the statement's name."""
    return {
        name: claimed.students(EXPERIMENTS[statement["experiment"]], statement["arm"])
        for name, statement in claims()["statements"].items()
    }


def presented(experiment):
    """All that is made of an experiment to be looked at; of a sweep or an ablation, not a figure for each arm."""
    folder, block = f"results/{experiment}", EXPERIMENTS[experiment]
    if "steps" in block:
        return expand(f"{folder}/steps.{{kind}}", kind=["csv", "md", "png", "svg"])
    if "sweep" in block:
        figures = expand(f"{folder}/{{figure}}.{{kind}}", figure=["sweep_curves", "heat_map"], kind=["png", "svg"])
        return [*expand(f"{folder}/sweep.{{kind}}", kind=["csv", "md"]), *figures, f"{folder}/explore.html"]
    figures = [
        "bar_plot",
        *(f"learning_curves/{model}" for model in (*experiments.trained_models(block), "comparison")),
        *(["bias_curve"] if block["bias"] else []),
        "confusion",
        *(f"unseen_digits/{arm}" for arm in arms_with_unseen_digits(experiment)),
        *(f"soft_targets/{arm}" for arm in arms_with_soft_targets(experiment)),
    ]
    return [
        *expand(f"{folder}/table.{{kind}}", kind=["csv", "md", "tex"]),
        *([f"{folder}/bias.md", f"{folder}/explore.html"] if block["bias"] else []),
        *(expand(f"{folder}/comparison.{{kind}}", kind=["csv", "md"]) if "compared_with" in block else []),
        *expand(f"{folder}/{{figure}}.{{kind}}", figure=figures, kind=["png", "svg"]),
    ]


def pages(experiment):
    """The tables among these once more, for the report: git has no use for HTML."""
    return [path.removesuffix("md") + "html" for path in presented(experiment) if path.endswith(".md")]


def in_report():
    """The figures and tables of the experiments that `run` names, and the claims where these are all they need."""
    claims = [path.replace("results/published/", "results/") for path in published_claims()]
    shown = [path for experiment in config["run"] for path in (*presented(experiment), *pages(experiment))]
    return [*claims, *shown]


def listed(shows, first_seed=False):
    """Where the report lists a result, from what it shows; a flag of an output has a `caption` beside.

    Snakemake orders categories, subcategories and labels by the alphabet: the claims come before any experiment, and
    what is of all models before what is of one. All that there is to say stands in one label, each in other words:
    what looks alike hides one another in a search, and of a second label the report of Snakemake 9 makes a switch where
    it has two values, which fails (a blank page) where a result is not there with both.
    """

    def model(wildcards):
        name = wildcards.get("model") or wildcards.get("arm")
        return name and labels(wildcards)[name]

    def label(wildcards):
        numbers = seeds(wildcards)[:1] if first_seed else seeds(wildcards)
        of = ", ".join(filter(None, [wildcards.experiment, model(wildcards)]))
        return {"Shows": f"{shows} ({of}; {'seeds' if len(numbers) > 1 else 'seed'} {', '.join(map(str, numbers))})"}

    return {
        "category": "Experiment {experiment}",
        "subcategory": lambda wildcards: f"Model {name}" if (name := model(wildcards)) else "All models",
        "labels": label,
    }


def arms_with_unseen_digits(experiment):
    """The distilled arms that omit classes and have a model with a bias, which is to recognise these."""
    block = EXPERIMENTS[experiment]
    return [name for name in block["bias"] if block["arms"][name]["distilled"] and block["arms"][name]["omit"]]


def arms_with_soft_targets(experiment):
    """The arms that are distilled from a teacher of the experiment's own and omit one class."""
    block = EXPERIMENTS[experiment]
    return [
        name
        for name, arm in block["arms"].items()
        if arm["distilled"]
        and len(arm["omit"]) == 1
        and experiments.owner_of_teacher(experiment, block, arm) == experiment
    ]


def explored_arms(wildcards):
    """The arms whose bias can be dragged; of a sweep, which has too many for one page, none."""
    return [] if "sweep" in experiment_of(wildcards) else biased_arms(wildcards)


def of_explored_arms(file):
    """An input function: a file of each such arm, all seeds of an arm side by side."""
    return lambda wildcards: for_each_model(
        f"results/{{experiment}}/seed-{{seed}}/{{model}}/{file}", wildcards, explored_arms(wildcards)
    )


def explored_sweep(wildcards):
    """The last parameter of an experiment's sweep and the students along it; nothing, if it has none."""
    block = experiment_of(wildcards)
    if "sweep" not in block:
        return None
    return {"parameter": list(block["sweep"])[-1].partition(".")[2], "students": experiments.swept_students(block)}
