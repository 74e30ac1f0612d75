"""Every key of the config x what reruns when it changes, of the real Snakemake against what follows from the params.

What each rule may depend on is written down here a second time (`params`), nothing more and nothing less. From
it, and from who reads whose outputs, follows what a change of any key makes stale.
"""

import copy
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from project import ROOT, Job, Project
from test_staleness import CASES as EXPECTED_BY_PEOPLE

from mythical_digit.files.records import json_bytes
from mythical_digit.records import manifests
from mythical_digit.study import experiments
from mythical_digit.study.config import completed

SCHEMA = yaml.safe_load((ROOT / "config.schema.yaml").read_text())
TARGETS = ("all", "publish")
INDEX = "results/published/README.md"


def params(rule: str, of: dict[str, str], config: dict) -> dict[str, object]:
    """What a job of a rule depends on beside its code and inputs, by the names of the rule's params.

    `of` are its wildcards.
    """
    if rule == "publish_index":
        return {"files": None}  # see `stale`
    name, config = of.get("experiment"), completed(config)
    hero = config["hero"]
    if rule in ("hero", "film", "publish_hero", "manifest_of_several"):
        name = hero["film"]["experiment"]
    block = experiments.expanded(config["experiments"][name]) if name else {}
    dataset = config["datasets"][of.get("dataset") or block["dataset"]]
    normalisation = {key: dataset[key] for key in ("mean", "std")}
    seeds = experiments.seeds(config, name) if name else []
    models = experiments.models(block) if name else []
    data = {"normalisation": normalisation, "held_out": block.get("held_out")}
    labels = {model: experiments.label(block, model) for model in models}
    names = {"names": dataset.get("class_names")}
    called = dataset.get("class_names") or list(range(dataset["classes"]))

    compute = experiments.compute(config, name) if name else {}

    def training(seed: str) -> dict[str, object]:
        return {**data, "classes": dataset["classes"], "compute": compute, "seed": int(seed)}

    def as_used() -> dict[str, object]:
        teachers = {experiments.owner_of_teacher(name, block, arm) for arm in block["arms"].values()}
        return {
            "experiment": {key: value for key, value in config["experiments"][name].items() if key != "about"},
            "seeds": seeds,
            "teachers": [config["experiments"][owner]["teacher"] for owner in sorted(teachers)],
            "dataset": {key: value for key, value in dataset.items() if key != "sources"},
            "compute": compute,
        }

    presented = {"note": (block.get("note"), "sweep" in block or block.get("held_out"))}

    match rule:
        case "download":
            return {"files": dataset["files"]}
        case "prepare":
            layout = {key: dataset[key] for key in ("first_label", "transposed") if key in dataset}
            return {"files": dataset["files"], "classes": dataset["classes"], "layout": layout}
        case "train_teacher":
            return {**training(of["seed"]), "recipe": block["teacher"]}
        case "soft_targets":
            return {"compute": compute, "normalisation": normalisation}
        case "train_student":
            arm = of["arm"]
            recipe, distillation = experiments.student(block, arm), experiments.distillation(block, arm)
            omit = block["arms"][arm]["omit"]
            student = {"recipe": recipe, "distillation": distillation, "omit": omit, "search": "sweep" in block}
            return {**training(of["seed"]), **student}
        case "inject_bias":
            return block["bias"][of["arm"]]
        case "evaluate":
            return data
        case "choose_bias":
            bias = block["bias"][of["arm"]]
            return {**data, "shifted": bias["classes"], "value": bias["value"]}
        case "summarize":
            return {**presented, "seeds": seeds, "models": models}
        case "summarize_histories":
            return {**presented, "seeds": seeds, "models": experiments.trained_models(block)}
        case "summarize_bias":
            return {**presented, "seeds": seeds, "arms": list(block["bias"])}
        case "table":
            return {**presented, "labels": labels, **names}
        case "learning_curves":
            return {**presented, "labels": labels}
        case "bar_plot":
            omitted = {model: experiments.omitted(block, model) for model in models}
            return {**presented, "labels": labels, "omitted": omitted, **names}
        case "bias_table" | "bias_curve":
            classes = {arm: bias["classes"] for arm, bias in block["bias"].items()}
            if rule == "bias_table":
                classes = {arm: [called[label] for label in shifted] for arm, shifted in classes.items()}
            omitted = {arm: block["arms"][arm]["omit"] for arm in block["bias"]}
            of_curve = {"seeds": seeds, "omitted": omitted, "n_classes": dataset["classes"], **names}
            return {
                **presented,
                "labels": labels,
                "classes": classes,
                **(of_curve if rule == "bias_curve" else {}),
            }
        case "steps":
            return {
                **presented,
                "arms": list(block["bias"]),
                "seeds": seeds,
                "steps": experiments.steps_of(block),
                "classes": [called[label] for label in next(iter(block["bias"].values()))["classes"]],
                "published": block.get("published_accuracy"),
            }
        case "crossed":
            bias = next(iter(block["bias"].values()))
            label = config["experiments"][name]["arms"].values()
            shifted = [called[label] for label in bias["classes"]]
            seen = {"classes": shifted, "label": [each["label"] for each in label], "arms": list(block["arms"])}
            return {**presented, **seen, "seeds": seeds, "teacher_seeds": block["teacher_seeds"]}
        case "every_class" | "soft_target_map" | "learned":
            pixels = {"normalisation": normalisation, "held_out": block.get("held_out")}
            classes = {arm: each["omit"] for arm, each in block["arms"].items()}
            last = {"value": block["every_class"]["bias"]}
            if rule == "soft_target_map":
                last = {"temperature": block["distillation"]["temperature"]}
            last = {} if rule == "learned" else last
            return {**presented, **pixels, **names, "seeds": seeds, "classes": classes, **last}
        case "sweep":
            return {
                **presented,
                "students": experiments.swept_students(block),
                "parameter": list(block["sweep"])[-1],
                "published": block.get("published_ranges"),
                "held_out": block.get("held_out"),
            }
        case "explore":
            sweep = block.get("sweep")
            dragged = [] if sweep else block["bias"]
            omitted = {name: block["arms"][name]["omit"] for name in dragged}
            students = sweep and [list(sweep)[-1], experiments.swept_students(block)]
            pixels = {"normalisation": normalisation, "held_out": block.get("held_out")}
            return {
                **presented,
                **pixels,
                "labels": labels,
                "omitted": omitted,
                "sweep": students,
                "digits": block["dataset"] == "mnist",
                **names,
            }
        case "unseen_digits":
            pixels = {"normalisation": normalisation, "held_out": block.get("held_out")}
            omitted, bias = block["arms"][of["arm"]]["omit"], block["bias"][of["arm"]]
            shown = {"omitted": omitted, "bias": bias, "labels": labels, "seed": seeds[0], **names}
            return {**presented, **pixels, **shown}
        case "draw_soft_targets":
            pixels = {"normalisation": normalisation, "held_out": block.get("held_out")}
            omitted, distillation = block["arms"][of["arm"]]["omit"], experiments.distillation(block, of["arm"])
            temperature = distillation["temperature"]
            return {
                **presented,
                **pixels,
                "omitted": omitted,
                "temperature": temperature,
                "labels": labels,
                "seed": seeds[0],
                **names,
            }
        case "soft_target_mass":
            pixels = {"normalisation": normalisation, "held_out": block.get("held_out")}
            shifted = {name: block["arms"][name] for name in block["bias"]}
            arms = {
                name: (arm["omit"], experiments.distillation(block, name)["temperature"])
                for name, arm in shifted.items()
                if arm["distilled"] and len(arm["omit"]) == 1
            }
            return {**presented, **pixels, "labels": labels, "seeds": seeds, "arms": arms, **names}
        case "confusion":
            omitted = {model: experiments.omitted(block, model) for model in models}
            return {**presented, "labels": labels, "omitted": omitted, "seeds": seeds, **names}
        case "compare_learning_curves":
            trained = {model: labels[model] for model in experiments.trained_models(block)}
            return {**presented, "labels": trained, "seeds": seeds}
        case "recipes":
            found = []
            for label, student in block["recipes"].items():
                other = student.get("experiment", name)
                theirs = experiments.expanded(config["experiments"][other])
                recipe = [experiments.student(theirs, student["arm"]), experiments.distillation(theirs, student["arm"])]
                taught = experiments.owner_of_teacher(other, theirs, theirs["arms"][student["arm"]])
                found.append([label, other, experiments.seeds(config, other), recipe, taught])
            shifted = [called[label] for label in theirs["bias"][student["arm"]]["classes"]]
            return {**presented, "students": found, "classes": shifted}
        case "comparison":
            others = experiments.models(experiments.expanded(config["experiments"][block["compared_with"]]))
            both = {model: label for model, label in labels.items() if model in others}
            return {**presented, "labels": both, "names": [block["compared_with"], name]}
        case "provenance":
            return {"config": as_used(), "models": models}
        case "hero" | "film":
            about = {"mistake": None, "label": hero["class"], "normalisation": normalisation}
            about["held_out"] = block.get("held_out")
            if rule == "film":
                return {**about, "shift": block["bias"][hero["film"]["arm"]]["value"]}
            models = {bar["experiment"]: bar["model"] for bar in hero["bars"]}
            return {**about, "title": hero["title"], "bars": hero["bars"], "models": models}
        case "manifest" | "publish_file":
            return {"edited": None}  # by hand; nothing of the config
        case "ro_crate" | "publish_hero" | "manifest_of_several":
            return {}
    pytest.fail(f"what does the rule {rule} depend on? Say it here")


def published(jobs: dict[str, Job]) -> set[str]:
    """The files that the jobs publish."""
    return {path for job in jobs.values() for path in job.outputs if path.startswith("results/published/")}


def stale(before: dict[str, Job], after: dict[str, Job], old: dict, new: dict) -> set[str]:
    """The jobs that the change of the config from `old` to `new` makes stale, each by the first file that it makes.

    `before` and `after` are all jobs with the one and the other. A job is stale if it is new, or its params or inputs
    are others, or one that it reads from is stale. The index of what is published is stale where that is more.
    """
    found = {
        name
        for name, job in after.items()
        if name not in before
        or set(job.inputs) != set(before[name].inputs)
        or params(job.rule, job.wildcards, new) != params(job.rule, job.wildcards, old)
    }
    if published(after) - published(before):
        found.add(INDEX)
    while True:
        made = {path for name in found for path in after[name].outputs}
        more = {name for name, job in after.items() if made & set(job.inputs)} - found
        if not more:
            return found
        found |= more


# A project with every key of the config, whose files are empty but up to date for Snakemake

RECIPE = {
    "hidden": [8],
    "dropout": 0.5,
    "input_dropout": 0.2,
    "epochs": 3,
    "batch_size": 100,
    "learning_rate": 0.01,
    "schedule": "one-cycle",
    "order": "shuffled",
    "jitter": 1,
    "max_norm": 15,
}
DISTILLATION = {"temperature": 4, "alpha": 0.5, "scale_by_t_squared": False}


NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def arm(label: str, **more: object) -> dict:
    return {"label": label, "distilled": True, "omit": [3], **more}


def complete_config(config: dict) -> dict:
    """A config with every key that there is; the files of its data set are those of `config`."""
    bias = {"kd": {"classes": [3], "value": 3.5}}
    basic = {key: RECIPE[key] for key in ("hidden", "dropout", "epochs", "batch_size", "learning_rate")}
    plain = {
        "dataset": "mnist",
        "about": "What it is",
        "note": "a note",
        "held_out": 100,
        "distillation": DISTILLATION,
        "bias": bias,
    }
    arms = {"kd": arm("KD")}
    own = arm("Own", teacher="swept", student=RECIPE, distillation=DISTILLATION)
    config = config | {
        "run": ["plain", "stepped", "swept", "crossed-seeds", "in-turn"],
        "seeds": [0],
        "compute": {"device": "cpu", "precision": "fp32", "numerics": "strict"},
        "experiments": {
            "plain": {
                **plain,
                "teacher": RECIPE,
                "student": RECIPE,
                "bias": {**bias, "own": bias["kd"]},
                "arms": {"hard": arm("Hard", distilled=False), **arms, "own": own},
                "published": "reference/original_table.csv",
                "published_history": "reference/original_history.csv",
                "precision": "fp32",
                "compared_with": "stepped",
            },
            "stepped": {
                **plain,
                "teacher": "swept",
                "student": basic,
                "arms": arms,
                "steps": {
                    "first": {"label": "a", "student": {"hidden": [9]}},
                    "second": {"label": "b", "teacher": "plain", "student": RECIPE, "distillation": DISTILLATION},
                },
                "published_accuracy": {"elsewhere": 40.5},
                "left_out": True,
                "recipes": {"Here": {"arm": "kd~upto~first"}, "There": {"experiment": "stepped", "arm": "kd"}},
            },
            "crossed-seeds": {
                **plain,
                "teacher": "swept",
                "student": basic,
                "arms": arms,
                "teacher_seeds": [0, 1],
            },
            "in-turn": {
                **{key: value for key, value in plain.items() if key != "bias"},
                "teacher": "swept",
                "student": basic,
                "every_class": {"label": "KD", "distilled": True, "bias": 3.5, "classes": [3, 5]},
            },
            "swept": {
                **plain,
                "seeds": [0],
                "teacher": basic,
                "student": basic,
                "arms": arms,
                "sweep": {"student.hidden": [[8], [9]], "distillation.temperature": [4, 8]},
                "published_ranges": {"elsewhere": {"from": 2, "to": 4}},
            },
        },
    }
    bar = {"label": "KD", "experiment": "plain", "model": "kd+bias", "published": 40.5}
    config["hero"] = {
        "title": "A title",
        "class": 3,
        "bars": [bar, {**bar, "experiment": "stepped"}],
        "film": {"experiment": "plain", "arm": "kd"},
    }
    config["datasets"] = copy.deepcopy(config["datasets"])
    config["datasets"]["mnist"] |= {"class_names": NAMES, "first_label": 0, "transposed": False}
    del config["draw"]  # test_draw_target.py
    return json.loads(json.dumps(config))  # in which no block stands twice as the same object


CONFIG = complete_config(yaml.safe_load((ROOT / "config.yaml").read_text()))
SHARED = ("dataset", "held_out")  # which must be the same for all experiments that share a teacher


def leaves(config: object, path: tuple = ()) -> Iterator[tuple]:
    """The paths of all values that are not mappings."""
    if isinstance(config, dict):
        for key, value in config.items():
            yield from leaves(value, (*path, key))
    else:
        yield path


def schema_leaves(node: dict, pattern: tuple = ()) -> Iterator[tuple]:
    """The paths of all values that the schema allows, with * for a name that people choose."""
    if "$ref" in node:
        node = {**SCHEMA["$defs"][node["$ref"].rpartition("/")[2]], **node}
    below = dict(node.get("properties", {}))
    if isinstance(node.get("additionalProperties"), dict):
        below["*"] = node["additionalProperties"]
    for key, inner in below.items():
        yield from schema_leaves(inner, (*pattern, key))
    if "string" in node.get("type", ()) or not below:
        yield pattern


def matches(path: tuple, pattern: tuple) -> bool:
    return len(path) == len(pattern) and all(part in (key, "*") for key, part in zip(path, pattern, strict=True))


# Another value that is allowed, by the key; of numbers and truth values, any key.
OTHERS = {
    "run": ["plain", "swept"],
    "seeds": [0, 1],
    "teacher_seeds": [0, 1, 2],
    "device": "auto",
    "precision": "bf16",
    "numerics": "fast",
    "sources": [{"folder": "elsewhere"}],
    "class_names": [*NAMES[:-1], "neun"],
    "sha256": "0" * 64,
    "dataset": "other",
    "hidden": [8, 8],
    "schedule": "constant",
    "order": "file",
    "label": "Another",
    "about": "Another thing",
    "note": "another note",
    "omit": [3, 5],
    "classes": [3, 5],
    "published": "reference/another_table.csv",
    "published_history": "reference/another_history.csv",
    "title": "Another title",
    "bars": [{"label": "Own", "experiment": "plain", "model": "own", "published": 1}],
    "experiment": "stepped",
    "arm": "own",
    "compared_with": "swept",
    "student.hidden": [[8], [9], [10]],
    "distillation.temperature": [8],
}


def other(path: tuple, value: object) -> object:
    """A value unlike the one at `path` that is allowed there."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        return value * 0.75
    if isinstance(value, int):
        return value + 1
    if path[-1] == "teacher":
        return "plain" if value == "swept" else "swept"
    if "recipes" in path:
        return {"experiment": "plain", "arm": "kd~upto~second"}[path[-1]]
    return OTHERS[path[-1]]


def changed(config: dict, path: tuple, value: object) -> dict:
    """The config with another value at `path`, and with one at the same place of all experiments if they share it."""
    config = copy.deepcopy(config)
    config["datasets"].setdefault("other", config["datasets"]["mnist"])
    if path[-1] == "bytes":  # one more image, and its label: a change of one of the sizes alone is refused
        _, dataset, _, file, _ = path
        files, split = config["datasets"][dataset]["files"], file.partition("-")[0]
        images, labels = (files[f"{split}-{kind}-ubyte"] for kind in ("images-idx3", "labels-idx1"))
        images["bytes"] += (images["bytes"] - 16) // (labels["bytes"] - 8)
        labels["bytes"] += 1
        return config
    everywhere = [("experiments", name, path[-1]) for name in config["experiments"]]
    for *parents, last in everywhere if path[-1] in SHARED else [path]:
        block = config
        for key in parents:
            block = block[key]
        block[last] = value
    if path[-1] == "classes" and path[0] == "datasets":
        block["class_names"] = [*block["class_names"], "ten"]
    if path[-1] == "classes" and path[1] in ("stepped", "crossed-seeds"):  # whose students must not have seen these
        config["experiments"][path[1]]["arms"]["kd"]["omit"] = value
    if path == ("hero", "class"):  # which the networks of `hero` must not have seen
        for name in ("plain", "stepped"):
            config["experiments"][name]["arms"]["kd"]["omit"] = [value]
            config["experiments"][name]["bias"]["kd"]["classes"] = [value]
    return config


@pytest.fixture(scope="session")
def complete_project(made_once) -> Project:
    """A project with every key in its config; nothing has run, but all is up to date for Snakemake."""

    def make(folder: Path) -> None:
        project = Project.create(folder)
        project.config = complete_config(project.config)
        for kind in ("table", "history"):
            shutil.copy(folder / f"reference/original_{kind}.csv", folder / f"reference/another_{kind}.csv")
        for job in project.jobs("--forceall", *TARGETS).values():
            for path in job.outputs:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).touch()
            if job.rule == "manifest_of_several":  # one that is not of its files counts as edited by hand
                made = manifests.manifest_of([folder / path for path in job.inputs], folder / "results")
                (folder / job.outputs[0]).write_bytes(json_bytes(made))
        project.run("--touch", "--forceall", *TARGETS)

    return made_once("complete", make)


@pytest.fixture(scope="session")
def all_jobs(complete_project) -> dict[str, Job]:
    return complete_project.jobs("--forceall", *TARGETS)


@pytest.fixture(scope="session")
def finished_jobs(finished_project) -> dict[str, Job]:
    return finished_project.jobs("--forceall")


def structural(path: tuple) -> bool:
    """Whether a change there can make other jobs, or give a job other inputs."""
    keys = {
        "run",
        "seeds",
        "teacher_seeds",
        "left_out",
        "every_class",
        "recipes",
        "classes",
        "dataset",
        "sweep",
        "distilled",
        "omit",
        "compared_with",
        "hero",
    }
    return bool(keys & set(path)) or path[-1] in ("teacher", "published", "published_history")


def test_the_complete_config_has_every_key_of_the_schema():
    """A key without a value here is one whose change nobody looks at."""
    members = ("datasets", "*", "sources")
    elsewhere = [("experiments", "*", "continues")]  # test_continued_experiment.py
    wanted = [pattern for pattern in schema_leaves(SCHEMA) if pattern[:3] != members or pattern == members]
    wanted = [pattern for pattern in wanted if pattern not in elsewhere and pattern[0] != "draw"]
    wanted = [pattern for pattern in wanted if "search" not in pattern]  # test_search_target.py
    assert [pattern for pattern in wanted if not any(matches(path, pattern) for path in leaves(CONFIG))] == []
    assert len(wanted) > 70


def test_each_rule_has_the_params_that_it_is_said_to_depend_on(complete_project, all_jobs):
    text = "".join(path.read_text() for path in sorted((ROOT / "rules").glob("*.smk")))
    declared = {}
    for rule, body in re.findall(r"^(?:rule|checkpoint) (\w+):\n((?:    .*\n|\n)*)", text, re.MULTILINE):
        block = re.search(r"^    params:\n((?:        .*\n)*)", body, re.MULTILINE)
        declared[rule] = set(re.findall(r"^        (\w+)=", block[1] if block else "", re.MULTILINE)) - {
            "code",
            "origins",
        }
    config = complete_project.config
    for job in all_jobs.values():
        assert set(params(job.rule, job.wildcards, config)) == declared.get(job.rule, set()), job.rule
    # The first three make no files that could be stale; no target here needs the others.
    aside = {"rung", "halving", "publish", "verify", "help", "claims", "report", "site", "draw"}
    assert set(declared) - {job.rule for job in all_jobs.values()} <= aside


def test_the_complete_project_has_nothing_to_do(complete_project):
    assert complete_project.jobs(*TARGETS) == {}


FIXED = {("experiments", "crossed-seeds", "arms", "kd", "distilled")}  # which has no other value that is allowed
PATHS = [path for path in leaves(CONFIG) if path not in FIXED and (path[-1] not in SHARED or path[1] == "plain")]


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_a_change_makes_stale_what_depends_on_it(complete_project, all_jobs, tmp_path, path):
    old = complete_project.config
    value = old
    for key in path:
        value = value[key]
    new = changed(old, path, other(path, value))
    project = complete_project.copy(tmp_path / "project")
    project.config = new
    after = project.jobs("--forceall", *TARGETS) if structural(path) else all_jobs
    assert set(project.jobs(*TARGETS)) == stale(all_jobs, after, old, new)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    EXPECTED_BY_PEOPLE,
    ids=lambda value: str(value) if isinstance(value, tuple) else None,
)
def test_what_follows_from_the_params_is_what_people_expect(finished, finished_jobs, path, value, expected):
    old = finished.config
    new = changed(old, path, value)
    finished.config = new
    after = finished.jobs("--forceall") if structural(path) else finished_jobs
    assert {after[name].name for name in stale(finished_jobs, after, old, new)} == expected
