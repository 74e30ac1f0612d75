# What each file of a model follows from by the config: its job writes it into the file, and those that read it check it.
from types import SimpleNamespace

from snakemake.settings.enums import RerunTrigger

from mythical_digit.files import origin
from mythical_digit.records import kept

MADE_BY = {
    "metrics.json": "evaluate",
    "bias.json": "choose_bias",
    "bias_curve.csv": "choose_bias",
    "logits.safetensors": "soft_targets",
}
NAMES_IN = {  # the tables of all seeds
    "metrics.csv": experiments.models,
    "histories.csv": experiments.trained_models,
    "bias.csv": lambda block: list(block["bias"]),
}
LINEAGES = {}


def maker(place):
    """The rule that makes the file at a place, as origin.place_of finds it, and what its wildcards are."""
    if place["dataset"]:
        return rules.prepare, SimpleNamespace(dataset=place["dataset"])
    model = place["model"]
    names = {"experiment": place["experiment"], "seed": place["seed"], "model": model}
    trained = "train_teacher" if model == experiments.TEACHER else "train_student"
    shifted = model.endswith(experiments.BIASED)
    name = MADE_BY.get(place["file"], "inject_bias" if shifted else trained)
    return getattr(rules, name), SimpleNamespace(**names, arm=experiments.arm_of(model))


def lineage(path):
    """The records of a file and of all that it is made from, by name; none for a file that has no origin."""
    place = origin.place_of(path)
    if not place:
        return {}
    if place["name"] not in LINEAGES:
        made_by, wildcards = maker(place)
        params = {
            name: value(wildcards) if callable(value) else value
            for name, value in made_by.params.items()
            if name != "origins"
        }
        inputs = []
        for item in made_by.input:
            files = item(wildcards) if callable(item) else item.format(**vars(wildcards))
            inputs += [files] if isinstance(files, str) else files
        above = [record for each in inputs for record in lineage(each).items()]
        LINEAGES[place["name"]] = {**dict(above), place["name"]: origin.of_rule(params, inputs)}
    return LINEAGES[place["name"]]


def origins(wildcards, input):
    """What the inputs of a job should follow from."""
    return {name: record for path in input for name, record in lineage(path).items()}


def summary_of(path):
    """What a table of all seeds should be of; None of any other file."""
    folder, _, name = path.rpartition("/")
    experiment = folder.removeprefix("results/")
    if name not in kept.SUMMARIES or experiment not in EXPERIMENTS:
        return None
    block = EXPERIMENTS[experiment]
    folders = {str(seed): Path(folder_of(experiment, seed)) for seed in experiments.seeds(config, experiment)}
    return kept.Summary(NAMES_IN[name](block), folders)


def check_kept():
    """Stop a run that would keep files of another config, where Snakemake's own notes do not tell."""
    noted = RerunTrigger.PARAMS in workflow.rerun_triggers
    remade = {path for job in workflow.dag.needrun_jobs() for path in job.output}
    outputs = (path for job in workflow.dag.jobs for path in job.output if path not in remade and path.exists_local())
    paths = [str(path) for path in outputs if not (noted and workflow.persistence.metadata(path))]
    expected = {name: record for path in paths for name, record in lineage(path).items()}
    try:
        kept.check_kept(paths, expected, {path: summary for path in paths if (summary := summary_of(path))})
    except UserError as error:
        raise WorkflowError(str(error))
