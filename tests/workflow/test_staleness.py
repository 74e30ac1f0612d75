"""What reruns after a change, asked of the real Snakemake: all that the change can reach, and nothing else."""

import ast
import os

import pytest
from project import ROOT

from mythical_digit.workflow.fingerprints import DOCUMENTED, sources

RECORDS = {"provenance", "ro_crate"}  # of all results together
SHIFTS = {"summarize_bias", "bias_table", "bias_curve"}
SUMMARIES = {"summarize", "table", "bar_plot", "confusion", "explore", *RECORDS}
PICTURES = {"confusion", "unseen_digits", "draw_soft_targets"}
SCRIPTS = {path.stem: path for path in sorted((ROOT / "scripts").glob("*.py"))}
MODULES = sorted((ROOT / "scripts/mythical_digit").rglob("*.py"))


LEARNING_CURVES = {"learning_curves", "compare_learning_curves"}
HISTORIES = {"summarize_histories", "compare_learning_curves"}  # of all models together
CHANGE = "\nCHANGED = 1\n"


def at_both_seeds(*names):
    return {f"{name}:{seed}" for name in names for seed in (0, 1)}


DISTILLED = {
    *at_both_seeds("train_student:kd", "train_student:kd-no3", "inject_bias:kd-no3", "choose_bias:kd-no3"),
    *SHIFTS,
    *at_both_seeds("evaluate:kd", "evaluate:kd-no3", "evaluate:kd-no3+bias"),
    *SUMMARIES,
    *("learning_curves:kd", "learning_curves:kd-no3", *HISTORIES),
    "unseen_digits:kd-no3",
}
STUDENTS = {
    *DISTILLED,
    *at_both_seeds("train_student:norm", "train_student:norm-no3", "inject_bias:norm-no3", "choose_bias:norm-no3"),
    *at_both_seeds("evaluate:norm", "evaluate:norm-no3", "evaluate:norm-no3+bias"),
    *("learning_curves:norm", "learning_curves:norm-no3"),
}
BIAS = {
    *at_both_seeds("inject_bias:norm-no3", "choose_bias:norm-no3", "evaluate:norm-no3+bias"),
    *at_both_seeds("inject_bias:kd-no3", "choose_bias:kd-no3", "evaluate:kd-no3+bias"),
    *SHIFTS,
    *SUMMARIES,
    "unseen_digits:kd-no3",
}
TEACHERS = {
    *DISTILLED,
    *at_both_seeds("train_teacher", "soft_targets", "evaluate:teacher"),
    "learning_curves:teacher",
    "draw_soft_targets:kd-no3",
}
NOTEBOOK = ("experiments", "notebook")


def test_a_finished_pipeline_has_nothing_to_do(finished_project):
    assert "Nothing to be done" in finished_project.run("--dry-run")


# What a change of a value makes stale, written by hand.
CASES = [
    ((*NOTEBOOK, "distillation", "alpha"), 0.5, DISTILLED),
    ((*NOTEBOOK, "distillation", "temperature"), 8, DISTILLED | {"draw_soft_targets:kd-no3"}),
    ((*NOTEBOOK, "distillation", "scale_by_t_squared"), True, DISTILLED),
    ((*NOTEBOOK, "bias", "kd-no3", "value"), 4.0, {name for name in BIAS if "norm-no3" not in name}),
    ((*NOTEBOOK, "bias", "kd-no3", "classes"), [3, 5], {name for name in BIAS if "norm-no3" not in name}),
    ((*NOTEBOOK, "student", "epochs"), 4, STUDENTS),
    ((*NOTEBOOK, "teacher", "dropout"), 0.4, TEACHERS),
    (("compute", "precision"), "bf16", TEACHERS | STUDENTS),
    ((*NOTEBOOK, "arms", "kd", "omit"), [7], {"learning_curves:kd", *HISTORIES, *SUMMARIES}
     | {"draw_soft_targets:kd"} | at_both_seeds("train_student:kd", "evaluate:kd")),
    ((*NOTEBOOK, "arms", "kd", "label"), "Distilled", {"table", "bar_plot", "compare_learning_curves", *RECORDS}
     | {"confusion", "unseen_digits:kd-no3", "draw_soft_targets:kd-no3", "bias_table", "bias_curve", "explore"}
     | {f"learning_curves:{model}" for model in ("teacher", "norm", "kd", "norm-no3", "kd-no3")}),
    (("datasets", "mnist", "sources"), [{"url": "https://elsewhere.example/{file}"}, {"folder": "digits"}], set()),
    (("datasets", "mnist", "mean"), 0.2, TEACHERS | STUDENTS),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    CASES,
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_a_config_value_makes_stale_what_depends_on_it(finished, path, value, expected):
    finished.change(*path, value=value)
    assert finished.stale() == expected


def test_one_more_seed_makes_only_that_seed_and_the_summaries(finished):
    finished.change("seeds", value=[0, 1, 2])
    curves = {f"learning_curves:{model}" for model in ("teacher", "norm", "kd", "norm-no3", "kd-no3")}
    new = {name.replace(":1", ":2") for name in TEACHERS | STUDENTS if name.endswith(":1")}
    all_seeds = {*HISTORIES, *SHIFTS, "draw_soft_targets:kd-no3"}
    assert finished.stale() == new | SUMMARIES | curves | all_seeds


def test_the_same_seed_on_the_command_line_is_the_same_seed(finished):
    assert finished.stale("--config", "seeds=[0, 1]") == set()


def test_cores_make_nothing_stale(finished_project):
    assert finished_project.stale(cores=1) == finished_project.stale(cores=7) == set()


def test_touching_makes_nothing_stale(finished):
    touched = [path for path in finished.folder.rglob("*") if path.is_file() and ".snakemake" not in path.parts]
    assert len(touched) > 100
    # One after the other, as a user would: each stands among older files.
    for part in ("digits", "scripts", "config.yaml", "reference", "results/data", "seed-0", "seed-1", "metrics.csv"):
        for path in touched:
            if part in path.as_posix():
                os.utime(path)
        assert finished.stale() == set(), part


@pytest.mark.parametrize(
    ("table", "readers"), [("original_table", {"table", "bar_plot", "explore"}), ("original_history", LEARNING_CURVES)]
)
def test_a_published_table_makes_only_what_shows_it_stale(finished, table, readers):
    path = finished.folder / f"reference/{table}.csv"
    path.write_text(path.read_text().replace("99.5", "99.4").replace("91.33", "91.34"))
    assert stale_rules(finished) == {*readers, *RECORDS}


# Which rules read what a rule makes.
READERS = {
    "download": {"prepare"},
    "prepare": {
        *("train_teacher", "soft_targets", "train_student", "evaluate", "choose_bias"),
        *("unseen_digits", "draw_soft_targets", "explore"),
    },
    "train_teacher": {"soft_targets", "evaluate", "learning_curves", *HISTORIES},
    "soft_targets": {"train_student", "draw_soft_targets"},
    "train_student": {
        *("inject_bias", "choose_bias", "evaluate", "learning_curves", *HISTORIES),
        *("unseen_digits", "explore"),
    },
    "inject_bias": {"evaluate", "unseen_digits"},
    "choose_bias": {"summarize_bias", "bias_curve", "explore"},
    "summarize_bias": {"bias_table", "bias_curve", *RECORDS},
    "evaluate": {"summarize", "confusion"},
    "summarize": {"table", "bar_plot", "explore"},
    **dict.fromkeys(
        ("bias_table", "bias_curve", "explore", "table", "bar_plot", "learning_curves", *HISTORIES),
        RECORDS,
    ),
    **dict.fromkeys(PICTURES, RECORDS),
    "provenance": {"ro_crate"},
}
# `download` is never stale for its code (data.smk); the others are made only when they are asked for, or of experiments
# of another kind.
NEVER_STALE = {
    *("download", "manifest", "verify", "help", "claims", "report", "build_site", "publish_index"),
    *("steps", "sweep", "crossed", "comparison", "every_class", "soft_target_map", "soft_target_mass"),
    *("learned", "rung", "halving", "recipes"),
    *("hero", "film", "draw"),
}


def with_all_that_follow(rules):
    following = set().union(*(READERS.get(rule, set()) for rule in rules))
    return rules if following <= rules else with_all_that_follow(rules | following)


def importers(path):
    """The rules whose scripts consist of `path` among others."""
    return {name for name, script in SCRIPTS.items() if path in sources(script)} - NEVER_STALE


def stale_rules(project):
    return {name.split(":")[0] for name in project.stale()}


def test_rewording_makes_nothing_stale(finished):
    for path in (*SCRIPTS.values(), *MODULES):
        finished.rewrite(path.relative_to(ROOT).as_posix(), reworded)
    assert finished.stale() == set()


def reworded(source):
    """The same code with another docstring, no comments, and the layout that Python itself would give it."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            node.body[0].value.value = "Reworded."
    return f"# Another comment.\n{ast.unparse(tree)}\n"


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_makes_stale_its_own_rule_and_what_follows(finished, script):
    finished.append(f"scripts/{script}.py", CHANGE)
    assert stale_rules(finished) == with_all_that_follow({script} - NEVER_STALE)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT / "scripts").as_posix())
def test_a_module_makes_stale_the_rules_whose_scripts_import_it_and_what_follows(finished, module):
    finished.append(module.relative_to(ROOT).as_posix(), CHANGE)
    assert stale_rules(finished) == with_all_that_follow(importers(module))


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("training/losses", {"train_teacher", "train_student", "soft_targets"}),
        (
            "figures/style",
            {"bar_plot", "learning_curves", "compare_learning_curves", "bias_curve", "explore", *PICTURES},
        ),
        ("evaluation/forward_pass", {"evaluate", "choose_bias", "unseen_digits", "explore"}),
        ("data/sources", set()),
        ("data/web", set()),
        ("data/idx", {"prepare"}),
        ("study/config_schema", set()),
    ],
)
def test_the_imports_that_decide_are_those_that_people_expect(module, expected):
    assert importers(ROOT / f"scripts/mythical_digit/{module}.py") == expected


def test_other_bytes_make_everything_stale(finished):
    finished.change("datasets", "mnist", "files", "t10k-labels-idx1-ubyte", "sha256", value="0" * 64)
    assert stale_rules(finished) == with_all_that_follow({"download"})


def test_a_changed_plot_script_redraws_that_plot_alone(finished):
    finished.append("scripts/bar_plot.py", CHANGE)
    assert finished.stale() == {"bar_plot", *RECORDS}
    before = finished.results()
    finished.run()
    assert finished.results() == before
    assert finished.stale() == set()


def test_a_change_is_noticed_whatever_its_modification_time(finished):
    path = finished.folder / "scripts/mythical_digit/evaluation/forward_pass.py"
    path.write_text(path.read_text() + CHANGE)
    os.utime(path, (0, 0))
    assert "evaluate:teacher:0" in finished.stale()


def test_a_deleted_model_is_made_again(finished):
    (finished.folder / "results/notebook/seed-0/kd/model.safetensors").unlink()
    assert "train_student:kd:0" in finished.stale()


def test_a_deleted_result_is_made_again_and_nothing_else(finished):
    (finished.folder / "results/notebook/table.md").unlink()
    assert finished.stale() == {"table", *RECORDS}
