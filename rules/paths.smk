# The files of an experiment, and those that a rule reads, as functions of its wildcards.
MANY_ARMS = 5  # an experiment with more of them has no figure of a single model


def prepared_data(wildcards):
    return f"results/data/{experiment_of(wildcards)['dataset']}.safetensors"


def published_table(wildcards):
    """The table to compare the experiment with, if there is one."""
    block = experiment_of(wildcards)
    return of_project(block["published"]) if "published" in block else []


def published_history(wildcards):
    """What was published of the epochs of the experiment's models, if anything."""
    block = experiment_of(wildcards)
    return of_project(block["published_history"]) if "published_history" in block else []


def teacher_logits(wildcards):
    """The teacher's logits, if the arm is distilled: no other arm waits for the teacher or depends on it."""
    if not arm_of(wildcards)["distilled"]:
        return []
    return teacher_logits_of(wildcards, wildcards.arm, wildcards.seed)


def teacher_logits_of(wildcards, arm, seed):
    """Those that an arm of the experiment is distilled from."""
    block = experiment_of(wildcards)
    owner = experiments.owner_of_teacher(wildcards.experiment, block, block["arms"][arm])
    return f"{folder_of(owner, block['arms'][arm].get('teacher_seed', seed))}/teacher/logits.safetensors"


def folder_of(experiment, seed):
    """The folder of a seed's models: that of the experiment which this one continues, if that has the seed."""
    continued = config["experiments"][experiment].get("continues")
    owner = continued if continued and int(seed) in experiments.seeds(config, continued) else experiment
    return f"results/{owner}/seed-{seed}"


def for_each_model(file, names):
    """An input function: a file of each of the models that `names` gives for the wildcards, by model, then by seed."""
    return lambda wildcards: [
        f"{folder_of(wildcards.experiment, seed)}/{model}/{file}"
        for model in names(wildcards)
        for seed in seeds(wildcards)
    ]


def for_each_seed(file, names):
    """The same, by seed, then by model."""
    return lambda wildcards: [
        f"{folder_of(wildcards.experiment, seed)}/{model}/{file}"
        for seed in seeds(wildcards)
        for model in names(wildcards)
    ]


def at_first_seed(file):
    """An input function: a file of the experiment's first seed, which stands for all where single images are shown."""
    return lambda wildcards: f"{folder_of(wildcards.experiment, seeds(wildcards)[0])}/{file}".format(**wildcards)


def outputs(experiment):
    """All that is computed for an experiment, from the prepared data to the figures; of a search, no single models."""
    block = EXPERIMENTS[experiment]
    if "search" in block:
        return [f"results/data/{block['dataset']}.safetensors", *summaries(experiment), *pages(experiment)]
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
        *(
            f"{folder_of(experiment, seed)}/{file}"
            for seed in experiments.seeds(config, experiment)
            for file in per_seed
        ),
        *summaries(experiment),
        *pages(experiment),
    ]


def summaries(experiment):
    """All that is made of all seeds of an experiment together."""
    if "search" in EXPERIMENTS[experiment]:
        return [*rungs_of(experiment), *presented(experiment)]
    tables = ["metrics.csv", *(["bias.csv"] if EXPERIMENTS[experiment]["bias"] else [])]
    return [*(f"results/{experiment}/{table}" for table in tables), *presented(experiment)]


def rungs_of(experiment):
    """What each rung of a search says of its recipes."""
    return [
        f"results/{experiment}/rung-{rung}.csv" for rung, _ in enumerate(EXPERIMENTS[experiment]["search"]["rungs"])
    ]


def presented(experiment):
    """All that is made of an experiment to be looked at."""
    recipes = expand("results/{name}/recipes.{kind}", name=[experiment], kind=["csv", "md"])
    return [*presented_alone(experiment), *(recipes if "recipes" in EXPERIMENTS[experiment] else [])]


def presented_alone(experiment):
    """What is made of its own models; of a sweep or the like, not a figure for each arm."""
    folder, block = f"results/{experiment}", EXPERIMENTS[experiment]
    if not block["arms"]:
        return []
    if "every_class" in block:
        kinds = ("csv", "md", "png", "svg")
        taught = [f"{folder}/soft_target_map.{kind}" for kind in kinds if kind != "md"]
        taught += [f"{folder}/learned.{kind}" for kind in kinds]
        tables = [f"{folder}/every_class.{kind}" for kind in kinds]
        return [*tables, *(taught if block["every_class"]["distilled"] else [])]
    if "search" in block:
        return [f"{folder}/found.json", *expand(f"{folder}/halving.{{kind}}", kind=["csv", "md", "png", "svg"])]
    if "steps" in block:
        return expand(f"{folder}/steps.{{kind}}", kind=["csv", "md", "png", "svg"])
    if "teacher_seeds" in block:
        return expand(f"{folder}/crossed.{{kind}}", kind=["csv", "md", "png", "svg"])
    if "sweep" in block:
        figures = expand(f"{folder}/{{figure}}.{{kind}}", figure=["sweep_curves", "differences"], kind=["png", "svg"])
        return [*expand(f"{folder}/sweep.{{kind}}", kind=["csv", "md"]), *figures, f"{folder}/explore.html"]
    single = len(block["arms"]) <= MANY_ARMS
    figures = [
        "bar_plot",
        *(
            f"learning_curves/{model}"
            for model in (*(experiments.trained_models(block) if single else ()), "comparison")
        ),
        *(["bias_curve"] if block["bias"] else []),
        *(["soft_target_mass"] if arms_to_compare_by_mass(experiment) else []),
        "confusion",
        *(f"unseen_digits/{arm}" for arm in arms_with_unseen_digits(experiment) if single),
        *(f"soft_targets/{arm}" for arm in arms_with_soft_targets(experiment) if single),
    ]
    return [
        f"{folder}/histories.csv",
        *expand(f"{folder}/table.{{kind}}", kind=["csv", "md", "tex"]),
        *([f"{folder}/bias.md", f"{folder}/explore.html"] if block["bias"] else []),
        *(
            expand(f"{folder}/soft_target_mass.{{kind}}", kind=["csv", "md"])
            if arms_to_compare_by_mass(experiment)
            else []
        ),
        *(expand(f"{folder}/comparison.{{kind}}", kind=["csv", "md"]) if "compared_with" in block else []),
        *expand(f"{folder}/{{figure}}.{{kind}}", figure=figures, kind=["png", "svg"]),
    ]


def arms_with_unseen_digits(experiment):
    """The distilled arms that omit classes and have a model with a bias, which is to recognise these."""
    block = EXPERIMENTS[experiment]
    return [name for name in block["bias"] if block["arms"][name]["distilled"] and block["arms"][name]["omit"]]


def arms_to_compare_by_mass(experiment):
    """The distilled arms that omit one class and have its bias shifted, where their teachers differ."""
    block = EXPERIMENTS[experiment]
    arms = {arm: block["arms"][arm] for arm in block["bias"]}
    arms = {name: arm for name, arm in arms.items() if arm["distilled"] and len(arm["omit"]) == 1}
    arms = {name: arm for name, arm in arms.items() if block["bias"][name]["classes"] == arm["omit"]}
    teachers = {experiments.owner_of_teacher(experiment, block, arm) for arm in arms.values()}
    return list(arms) if len(teachers) > 1 else []


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


def pages(experiment):
    """The tables among these once more, for the report: git has no use for HTML."""
    return [path.removesuffix("md") + "html" for path in presented(experiment) if path.endswith(".md")]


def records(experiment):
    """What says where the results of an experiment come from."""
    return [f"results/{experiment}/{name}" for name in ("provenance.json", "ro-crate-metadata.json")]
