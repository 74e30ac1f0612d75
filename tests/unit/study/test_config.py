"""Every mistake in a config ends in one message that names the key, what stands there and what is allowed."""

import copy
import re
from contextlib import suppress

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from project import ROOT

from mythical_digit.errors import UserError
from mythical_digit.study.config import blamed, completed, over, typed, validate

CONFIG = completed(yaml.safe_load((ROOT / "config.yaml").read_text()))
SCHEMA = yaml.safe_load((ROOT / "config.schema.yaml").read_text())
MISSING = object()
NOTEBOOK = "experiments.notebook"
SEARCH = "experiments.search.search"
RUN = "run"


def changed(path, value):
    config = copy.deepcopy(CONFIG)
    *parents, last = path.split(".")
    block = config
    for key in parents:
        block = block[int(key) if isinstance(block, list) else key]
    if value is MISSING:
        del block[last]
    else:
        block[int(last) if isinstance(block, list) else last] = value
    return config


def message_of(config):
    with pytest.raises(UserError) as caught:
        validate(config, SCHEMA, ROOT)
    return str(caught.value)


def test_the_config_of_the_project_is_valid():
    validate(CONFIG, SCHEMA, ROOT)


@pytest.mark.parametrize(
    ("path", "value", "parts"),
    [
        # unknown and missing keys
        (f"{NOTEBOOK}.distillation.temprature", 4, [f"{NOTEBOOK}.distillation", "'temprature'", "mean 'temperature'?"]),
        ("sedes", [1], ["top level", "'sedes'", "mean 'seeds'?", "compute"]),
        (f"{NOTEBOOK}.arms.kd.xyz", 1, [f"{NOTEBOOK}.arms.kd", "'xyz'", "allowed: label, distilled, omit"]),
        (f"{NOTEBOOK}.student.dropout", MISSING, [f"{NOTEBOOK}.student", "'dropout' is missing"]),
        ("seeds", MISSING, ["top level", "'seeds' is missing"]),
        ("seeds", {0: 1}, ["seeds: {'0': 1} is not a list"]),
        (f"{NOTEBOOK}.arms", {0: 1}, [f"{NOTEBOOK}.arms: the key 0 is not text; put it in quotes"]),
        (7, 1, ["top level", "unknown key '7'"]),
        # types
        ("seeds", 3, ["seeds", "3 is not a list"]),
        ("seeds", "[0", ["seeds: '[0' is not a list; not valid YAML (character 3): expected ',' or ']'"]),
        ("experiments", "{a: {note: b: c}}", ["not valid YAML (character 13)", "put that in quotes"]),
        ("seeds.0", "zero", ["seeds[0]", "'zero' is not a whole number"]),
        ("seeds.0", 9.0, ["seeds[0]", "9.0 is not a whole number; write 9"]),
        ("seeds.0", True, ["seeds[0]", "True is not a whole number"]),
        (f"{NOTEBOOK}.teacher.learning_rate", "1e-3", ["learning_rate", "'1e-3'", "a finite number", "write 0.001"]),
        (f"{NOTEBOOK}.teacher", None, [f"{NOTEBOOK}.teacher", "None is not a mapping"]),
        (f"{NOTEBOOK}.arms.kd.distilled", "yes", ["arms.kd.distilled", "'yes' is not true or false"]),
        (f"{NOTEBOOK}.arms.kd.label", 3, ["arms.kd.label", "3 is not text"]),
        # ranges
        (f"{NOTEBOOK}.distillation.temperature", 0, ["temperature", "0 is out of range", "at least 0.001"]),
        (f"{NOTEBOOK}.distillation.temperature", float("nan"), ["temperature", "nan is not a finite number"]),
        (f"{NOTEBOOK}.distillation.temperature", float("inf"), ["temperature", "inf is not a finite number"]),
        (f"{NOTEBOOK}.distillation.alpha", 1.5, ["alpha", "1.5 is out of range", "at least 0, at most 1"]),
        (f"{NOTEBOOK}.student.dropout", 1, ["student.dropout", "1 is out of range", "at least 0, at most 0.999"]),
        (f"{NOTEBOOK}.student.hidden.1", 0, ["student.hidden[1]", "0 is out of range", "at least 1"]),
        ("seeds.0", -1, ["seeds[0]", "-1 is out of range"]),
        ("seeds", [], ["seeds", "is empty"]),
        ("seeds", [1, 2, 1], ["seeds", "1 is listed twice"]),
        # choices and forms
        ("compute.device", "gpu", ["compute.device", "'gpu' is not allowed", "auto, cpu, cuda"]),
        ("compute.precision", "fp23", ["compute.precision", "did you mean 'fp32'?"]),
        ("datasets.mnist.files.train-images-idx3-ubyte.sha256", "abc", ["sha256", "'abc'", "lower-case hexadecimal"]),
        (f"{NOTEBOOK}.arms.KD 4", CONFIG["experiments"]["notebook"]["arms"]["kd"], ["arms", "'KD 4'", "a folder"]),
        (f"{NOTEBOOK}.arms.teacher", CONFIG["experiments"]["notebook"]["arms"]["kd"], ["'teacher' is taken"]),
        ("experiments.data", CONFIG["experiments"]["notebook"], ["experiments", "'data' is taken"]),
        # sources
        ("datasets.mnist.sources", [], ["datasets.mnist.sources", "is empty"]),
        ("datasets.mnist.sources", MISSING, ["datasets.mnist", "'sources' is missing"]),
        ("datasets.mnist.sources.0", {"uri": "x"}, ["sources[0]", "none of the keys 'url', 'folder', 'package'"]),
        ("datasets.mnist.sources.0", {"url": "ftp://x/{file}"}, ["sources[0].url", "'ftp://x/{file}'", "form"]),
        ("datasets.mnist.sources.0", {"url": "https://x/y"}, ["sources[0].url", "'https://x/y'", "{file"]),
        ("datasets.mnist.sources.0", {"folder": "x", "glob": 1}, ["sources[0]", "'glob'", "allowed: folder"]),
        ("datasets.mnist.sources.2.members", {}, ["sources[2].members", "'train-images-idx3-ubyte' is missing"]),
        # steps and sweeps
        ("experiments.temperature.sweep", {}, ["experiments.temperature.sweep", "is empty"]),
        ("experiments.temperature.sweep", {"teacher.hidden": [[3]]}, ["'teacher.hidden'", "student.hidden"]),
        ("experiments.temperature.sweep", {"student.hiden": [[3]]}, ["has no 'hiden'", "mean 'hidden'?"]),
        ("experiments.temperature.sweep", {"student.dropout": [0, 1]}, ["sweep.student.dropout[1]", "out of range"]),
        ("experiments.temperature.steps", {"a": {"label": "A"}}, ["experiments.temperature.sweep", "not both"]),
        ("experiments.chain.steps.wide.student", {"width": 3}, ["steps.wide.student", "unknown key 'width'"]),
        ("experiments.temperature.published_accuracy", {"x": 5}, ["temperature.published_accuracy", "a `steps` block"]),
        ("experiments.chain.published_ranges", {"x": {"from": 1}}, ["chain.published_ranges", "a `sweep` block"]),
        ("experiments.temperature.published_ranges", {"x": {"from": 4, "to": 2}}, ["ranges.x", "more than `from`, 4"]),
        ("experiments.temperature.sweep", {"student.hidden": [[30] * 22]}, ["temperature.arms.distilled", "20 times"]),
        ("experiments.temperature.sweep", {"student.hidden": [[30, 40] * 50]}, ["arms.distilled", "at most 220"]),
        # what the kinds of experiments do not show, or say of classes
        ("experiments.chain.compared_with", "notebook", ["chain.compared_with", "`steps` block makes nothing"]),
        ("experiments.crossed-seeds.published", "x.csv", ["crossed-seeds.published", "a `teacher_seeds` block makes"]),
        ("experiments.chain.bias.kd-no3.classes", [8], ["bias.kd-no3.classes: [8], but the arm omits [3]"]),
        ("experiments.crossed-seeds.bias.kd-no3.classes", [3, 8], ["classes: [3, 8], but the arm omits [3]"]),
        ("experiments.search.bias.no5.classes", [3], ["search.bias.no5.classes: [3], but the arm omits [5]"]),
        # searches
        (f"{SEARCH}.values", {"student.hiden": [[3]]}, ["search.search.values.student.hiden", "mean 'hidden'?"]),
        (f"{SEARCH}.values", {"student.dropout": [0, 1]}, ["search.values.student.dropout[1]", "out of range"]),
        (f"{SEARCH}.values", {"teacher.hidden": [[3]]}, ["search.values", "'teacher.hidden'"]),
        (f"{SEARCH}.values", {"student.dropout": [0, 0.5]}, ["rungs[0].recipes: 64, but the values have 2 comb"]),
        (f"{SEARCH}.rungs", [], ["search.rungs", "is empty"]),
        (f"{SEARCH}.rungs.0.students", 10, ["rungs[0].students: 10", "make 9 students of a recipe"]),
        (f"{SEARCH}.rungs.1.recipes", 64, ["rungs[1].recipes", "fewer than in the rung before, 64"]),
        (f"{SEARCH}.rungs.1.students", 1, ["rungs[1].students", "more than in the rung before, 1"]),
        (f"{SEARCH}.random_seed", -1, ["search.random_seed", "-1 is out of range"]),
        ("experiments.search.held_out", MISSING, ["experiments.search.teacher"]),
        ("experiments.search.bias", {}, ["search.bias", "the arm 'no2' is missing"]),
        ("experiments.search.sweep", {"student.dropout": [0]}, ["`search` or `sweep`, not both"]),
        ("experiments.search.compared_with", "grid", ["search.compared_with", "a `search` block makes nothing of it"]),
        ("experiments.paper-soft.compared_with", "search", ["compared_with: 'search' is a search"]),
        # teachers
        ("experiments.chain.teacher", 3, ["chain.teacher", "3 is not a mapping (key: value) or text"]),
        ("experiments.chain.teacher", "papr", ["chain.teacher", "no experiment 'papr'", "mean 'paper'?"]),
        ("experiments.chain.teacher", "temperature", ["chain.teacher", "with its own teacher"]),
        ("experiments.chain.held_out", 100, ["chain.teacher", "100 in 'chain', None in 'notebook'"]),
        (f"{NOTEBOOK}.arms.kd.teacher", "nobody", ["arms.kd.teacher", "no experiment 'nobody'"]),
        ("experiments.chain.steps.wide.teacher", "nobody", ["steps.wide.teacher", "no experiment 'nobody'"]),
        # what must agree with what stands elsewhere
        (RUN, ["notebok"], ["run[0]", "'notebok'", "did you mean 'notebook'?"]),
        (f"{NOTEBOOK}.dataset", "minst", [f"{NOTEBOOK}.dataset", "'minst'", "did you mean 'mnist'?"]),
        (f"{NOTEBOOK}.arms.kd.omit", [10], ["arms.kd.omit", "no class 10", "0 to 9"]),
        (f"{NOTEBOOK}.arms.kd.omit", [3, 3], ["arms.kd.omit", "3 is listed twice"]),
        (f"{NOTEBOOK}.arms.kd.omit", list(range(10)), ["arms.kd.omit", "no class to train on"]),
        (f"{NOTEBOOK}.bias.kd-no4", {"classes": [3], "value": 1}, [f"{NOTEBOOK}.bias", "'kd-no4'", "mean 'kd-no3'?"]),
        (f"{NOTEBOOK}.bias.kd-no3.classes", [12], ["bias.kd-no3.classes", "no class 12"]),
        (f"{NOTEBOOK}.arms.kd.label", "Norm", ["label", "two models would be called 'Norm'"]),
        (f"{NOTEBOOK}.arms.kd.label", "Class", ["kd.label", "'Class' is the heading of another column"]),
        (f"{NOTEBOOK}.arms.n", CONFIG["experiments"]["notebook"]["arms"]["kd"], ["'n' is taken"]),
        ("draw.study.experiment", "notebok", ["draw.study.experiment", "'notebok'", "did you mean 'notebook'?"]),
        ("draw.study.hard", "norm-no4", ["draw.study.hard", "hard labels alone", "mean 'norm-no3'?"]),
        ("draw.study.hard", "kd-no3", ["draw.study.hard", "'kd-no3'", "allowed: norm-no3"]),
        ("draw.study.hard", "norm", ["draw.study.hard", "that omits a class", "'norm'"]),
        ("draw.paper.distilled", "distilled", ["draw.paper.distilled", "with a bias", "distilled-only78"]),
        ("draw.paper.distilled", "distilled-only78", ["draw.paper", "'hard-no3' omits [3]", "[0, 1, 2,"]),
        ("draw.paper.experiment", "grid", ["draw.paper.experiment", "`held_out` must be the same in both"]),
        (f"{NOTEBOOK}.published", "nowhere.csv", [f"{NOTEBOOK}.published", "no file 'nowhere.csv'"]),
        (f"{NOTEBOOK}.published", "reference/original_history.csv", ["published: ref", "no column `class`"]),
        (f"{NOTEBOOK}.published_history", "reference/original_table.csv", ["published_history: ref", "model, epoch"]),
        (f"{NOTEBOOK}.published", "x" * 300, [f"{NOTEBOOK}.published", "no file 'xxx"]),
        (f"{NOTEBOOK}.published_history", "no.csv", [f"{NOTEBOOK}.published_history", "no file 'no.csv'"]),
        # the first figure
        ("hero.bars.0.experiment", "notbook", ["hero.bars[0].experiment", "'notbook'", "mean 'notebook'?"]),
        ("hero.bars.1.model", "kd-no4", ["hero.bars[1].model", "'twenty-seeds' has no model 'kd-no4'", "'kd-no3'?"]),
        ("hero.film.arm", "norm", ["hero.film.arm", "no arm with a bias 'norm'", "norm-no3"]),
        ("hero.bars.1.experiment", "grid", ["hero.bars[1].model", "'grid' has no model 'kd-no3'"]),
        ("hero.class", 10, ["hero.class", "no class 10", "0 to 9"]),
        ("hero.class", 9, ["hero.bars[0].model", "'norm-no3+bias' was trained on class 9", "another class"]),
        ("hero.bars.0.model", "norm", ["hero.bars[0].model", "'norm' was trained on class 3", "mean 'norm-no3'?"]),
        ("hero.bars.0.model", "teacher", ["hero.bars[0].model", "'teacher' was trained on class 3", "norm-no3"]),
        ("hero.film", {"experiment": "paper", "arm": "distilled-only78"}, ["film.arm", "bias", "[7, 8]", "without 3"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named(path, value, parts):
    config = CONFIG | {path: value} if isinstance(path, int) else changed(path, value)
    message = message_of(config)
    assert message.startswith("config.yaml: ")
    assert "\n" not in message
    assert [part for part in parts if part not in message] == [], message


def test_types_from_the_command_line():
    assert typed({"seeds": ["0", "1"], "compute": {"device": "cpu"}, "x": ["1.5", "true", "[", 7]}, SCHEMA) == {
        "seeds": [0, 1],
        "compute": {"device": "cpu"},
        "x": [1.5, True, "[", 7],
    }


@pytest.mark.parametrize(
    "note", ["run #2 of the draft", "2026", "yes", "a: b", "1e3", "[x]", "'quoted'", "null", "~", " x "]
)
def test_text_from_the_command_line_stays_text(note):
    given = {
        "experiments": {
            "quick": {"note": note, "arms": {"kd": {"label": note, "distilled": "true", "omit": ["3"]}}},
            "sweep": {"teacher": "paper", "sweep": {"distillation.temperature": ["1", "2.5"]}},
        },
        "datasets": {"mnist": {"sources": [{"folder": note}], "mean": "0.5"}},
    }
    found = typed(given, SCHEMA)
    quick, swept = found["experiments"].values()
    assert (quick["note"], quick["arms"]["kd"]["label"]) == (note, note)
    assert found["datasets"]["mnist"] == {"sources": [{"folder": note}], "mean": 0.5}
    assert quick["arms"]["kd"]["distilled"] is True
    assert quick["arms"]["kd"]["omit"] == [3]
    assert (swept["teacher"], swept["sweep"]) == ("paper", {"distillation.temperature": [1, 2.5]})


@pytest.mark.parametrize("path", ["note", "arms.kd.label"])
@pytest.mark.parametrize("text", ["two\nlines", "a\ttab", "a\x00zero", "ends\n"])
def test_text_that_is_no_line_is_refused(path, text):
    message = message_of(changed(f"{NOTEBOOK}.{path}", text))
    assert message.startswith(f"config.yaml: {NOTEBOOK}.{path}: has ")
    assert message.endswith("write it on one line")


@pytest.mark.parametrize("path", [f"{NOTEBOOK}.note", f"{NOTEBOOK}.arms.kd.label", "hero.title", "hero.bars.0.label"])
@pytest.mark.parametrize("text", [" ", "KD ", " KD"])
def test_text_with_a_space_at_an_end_is_refused(path, text):
    message = message_of(changed(path, text))
    assert message.endswith(f": {text!r} begins or ends with a space; remove it")


def test_a_number_that_yaml_reads_as_another_stays_text_on_the_command_line():
    config = {**CONFIG, **typed({"seeds": ["010"]}, SCHEMA)}
    assert message_of(config) == "config.yaml: seeds[0]: '010' is not a whole number; write 10 without quotes"
    config["seeds"] = typed(["1:30"], SCHEMA, SCHEMA["$defs"]["seeds"])
    assert "'1:30' is not a whole number" in message_of(config)


def paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*path, key))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(list(paths(CONFIG))), JUNK, st.booleans())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_config_crashes(path, value, delete):
    config = copy.deepcopy(CONFIG)
    if path:
        block = config
        for key in path[:-1]:
            block = block[key]
        if delete:
            del block[path[-1]]
        else:
            block[path[-1]] = value
    else:
        config = value
    with suppress(UserError):
        validate(config, SCHEMA, ROOT)


EIGHT = {"datasets": {"mnist": {"classes": 8}}}
FILE = {"seeds": [1], "experiments": {"mine": {"continues": "notebook", "about": "x"}}}


@pytest.mark.parametrize(
    ("more", "source"),
    [
        ({"mine.yaml": {"seeds": [-1]}, "--config": {}}, "mine.yaml: seeds[0]: -1"),
        ({"mine.yaml": FILE, "--config": {"seeds": [-1]}}, "--config: seeds[0]: -1"),
        ({"mine.yaml": FILE, "--config": EIGHT}, "--config: experiments.notebook.published"),
        ({"mine.yaml": {"run": ["x"]}, "--config": FILE}, "mine.yaml: run[0]: there is no experiment 'x'"),
        ({"mine.yaml": {"experiments": {"mine": {"continues": "x"}}}}, "mine.yaml: experiments.mine.continues: there"),
        ({"config.yaml": {"seeds": [-1]}, "mine.yaml": {"run": ["quick"]}}, "config.yaml: seeds[0]: -1"),
        ({"mine.yaml": {"hero": {**CONFIG["hero"], "class": 9}}}, "mine.yaml: hero.bars[0].model"),
        ({"mine.yaml": FILE, "--config": {"seeds": "[0"}}, "--config: seeds: '[0' is not a list"),
    ],
)
def test_a_mistake_is_blamed_on_where_it_was_made(more, source):
    parts = [("config.yaml", CONFIG), *more.items()]
    config = {}
    for _, part in parts:
        config = over(config, part)
    with pytest.raises(UserError) as caught:
        validate(completed(config), SCHEMA, ROOT)
    assert blamed(caught.value, parts, SCHEMA, ROOT).startswith(source)


def test_a_mistake_of_no_source_is_blamed_on_none():
    parts = [("config.yaml", CONFIG), ("--config", {})]
    assert blamed(UserError("config.yaml: seeds: is empty"), parts, SCHEMA, ROOT) == "config: seeds: is empty"


def continuing(**block):
    experiments = {**CONFIG["experiments"], "more": {"continues": "notebook", "seeds": [7], **block}}
    return completed({**CONFIG, "experiments": experiments})["experiments"]


def test_an_experiment_that_continues_another_has_all_but_its_seeds():
    assert continuing()["more"] == {**CONFIG["experiments"]["notebook"], "continues": "notebook", "seeds": [7]}
    assert continuing(note="More seeds")["more"]["note"] == "More seeds"
    validate({**CONFIG, "experiments": continuing()}, SCHEMA, ROOT)


def test_a_completed_config_stays_as_it_is():
    """The report hands a completed config to another Snakemake."""
    assert completed(CONFIG) == CONFIG


def in_turn(**keys):
    block = CONFIG["experiments"]["every-class"]
    block = {key: block[key] for key in ("dataset", "teacher", "student", "distillation", "every_class")} | keys
    return completed({**CONFIG, "experiments": {**CONFIG["experiments"], "mine": block}})


def test_every_class_stands_for_its_arms():
    config = in_turn()
    validate(config, SCHEMA, ROOT)
    assert list(config["experiments"]["mine"]["arms"]) == [f"no{label}" for label in range(10)]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            {"arms": {"kd": {"label": "A", "distilled": True, "omit": []}}},
            "mine.arms: `every_class` makes these; remove",
        ),
        ({"bias": {"no3": {"classes": [3], "value": 1}}}, "mine.bias: `every_class` makes these; remove the key"),
        ({"teacher_seeds": [0, 1]}, "mine.teacher_seeds: an experiment has `every_class` or `teacher_seeds`, not both"),
        ({"every_class": {"label": "KD", "distilled": True}}, "mine.every_class: the key 'bias' is missing"),
        ({"every_class": "KD"}, "mine.every_class: 'KD' is not a mapping"),
        (
            {"every_class": {"label": "KD", "distilled": True, "bias": "3"}},
            "mine.every_class.bias: '3' is not a finite",
        ),
        ({"every_class": {"label": "", "distilled": True, "bias": 3}}, "mine.every_class.label: is empty"),
        (
            {"every_class": {"label": "KD", "distilled": True, "bias": 3, "classes": [3, 10]}},
            "mine.every_class.classes: there is no class 10; allowed: 0 to 9",
        ),
        (
            {
                "dataset": "fashion-mnist",
                "teacher": "fashion-every-class",
                "every_class": {"label": "KD", "distilled": True, "bias": 3, "classes": [10]},
            },
            "mine.every_class.classes: there is no class 10; allowed: 0 to 9",
        ),
        (
            {"every_class": {"label": "KD", "distilled": True, "bias": 3, "classes": ["Coat"]}},
            "mine.every_class.classes[0]: 'Coat' is not a",
        ),
        ({"dataset": "minst"}, "mine.dataset: there is no dataset 'minst'; did you mean 'mnist'?"),
    ],
)
def test_a_mistake_with_every_class_is_named(keys, words):
    assert words in message_of(in_turn(**keys))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"experiment": "papr", "arm": "distilled-no3"}, "there is no experiment 'papr' with students; did you mean"),
        ({"experiment": "search", "arm": "no2~r0"}, "there is no experiment 'search' with students; allowed: "),
        ({"experiment": "paper", "arm": "distilled"}, "'paper' has no arm 'distilled' with a bias; "),
        ({"experiment": "fashion-every-class", "arm": "no3"}, "`dataset` must be the same in both"),
        ({"arm": "no4"}, "omits the classes [4] and shifts [4], 'Ours' omits [3] and shifts [3]; make them the"),
        ({"experiment": "paper"}, "the key 'arm' is missing"),
    ],
)
def test_a_mistake_in_a_table_of_recipes_is_named(other, words):
    message = message_of(in_turn(recipes={"Ours": {"arm": "no3"}, "Theirs": other}))
    assert message.startswith("config.yaml: experiments.mine.recipes.Theirs")
    assert words in message


def test_recipes_side_by_side_are_two_or_more():
    assert "mine.recipes: " in message_of(in_turn(recipes={"Ours": {"arm": "no3"}}))
    both = {"Ours": {"arm": "no3"}, "Paper": {"experiment": "paper", "arm": "distilled-no3"}}
    validate(in_turn(recipes=both), SCHEMA, ROOT)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"continues": "notbook"}, "more.continues: there is no experiment 'notbook' to continue; did you mean"),
        ({"continues": "twenty-seeds"}, "there is no experiment 'twenty-seeds' to continue"),
        ({"continues": ["notebook"]}, "to continue"),
        ({"bias": {}}, "its 'bias' is not that of 'notebook', from which only seeds may differ"),
        ({"held_out": 100}, "'notebook' has no 'held_out'"),
    ],
)
def test_what_cannot_be_continued_is_named(block, words):
    with pytest.raises(UserError, match=re.escape(words)):
        continuing(**block)
