"""What the benchmark of targets makes of dry runs, rates and times."""

import json

import pytest
import times
import yaml
from dry_run import Job, following, read
from knobs import KNOBS, changes, turned
from project import ROOT
from targets import targets, with_later_rungs
from work import PLANNING, Work

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
DATA = ROOT / "results/data/mnist.safetensors"
SAID = """
rule train_student:
    input: data, soft
    output: model, history
    jobid: 3
    wildcards: experiment=notebook, seed=5, arm=kd~hidden=30x30
rule all:
    input: model
"""
PUBLISHED = ROOT / "results/published/speed/targets.csv"


def job(rule, inputs="", outputs="", **wildcards):
    return Job(rule, {"experiment": "notebook", **wildcards}, frozenset(inputs.split()), frozenset(outputs.split()))


JOBS = [
    job("train_teacher", "data", "teacher", seed="0"),
    job("soft_targets", "data teacher", "soft", seed="0"),
    job("train_student", "data soft", "kd", seed="0", arm="kd"),
    job("train_student", "data", "norm-no3", seed="0", arm="norm-no3"),
    job("inject_bias", "norm-no3", "norm-no3+bias", seed="0", arm="norm-no3"),
    job("evaluate", "norm-no3+bias", "metrics", seed="0", model="norm-no3+bias"),
    job("train_teacher", "data", "teacher5", seed="5"),
    job("summarize", "metrics teacher5", "csv"),
]


@pytest.fixture
def work():
    return Work(CONFIG, DATA, 2)


def test_a_dry_run_is_read():
    found, target = read(SAID)
    assert found == job("train_student", "data soft", "model history", seed="5", arm="kd~hidden=30x30")
    assert not target.outputs


@pytest.mark.parametrize(
    ("number", "rules"),
    [
        (0, ["inject_bias", "evaluate", "summarize"]),
        (1, ["train_teacher", "summarize"]),
        (2, ["train_student"]),
    ],
)
def test_a_knob_makes_stale_what_follows_from_it(work, number, rules):
    stale = following(JOBS, changes(CONFIG, work.blocks, "notebook", KNOBS[number]))
    assert [job.rule for job in stale] == rules


def test_a_knob_of_another_experiment_changes_no_arm_here(work):
    assert following(JOBS, changes(CONFIG, work.blocks, "quick", KNOBS[0])) == []


def test_knobs_are_turned_where_an_experiment_has_them():
    def change(target, knob):
        arguments = turned(CONFIG, target, knob)
        return json.loads(arguments[1].removeprefix("experiments=")) if arguments else None

    bias, seed, temperature = KNOBS
    assert change("all", bias)["notebook"]["bias"]["kd-no3"] == {"value": -3.5}
    assert change("all", seed) == {"notebook": {"seeds": [0, 1, 2, 3, 4, 5]}}
    assert change("quick", temperature) == {"quick": {"distillation": {"temperature": 8}}}
    assert change("temperature", temperature) is None
    assert change("twenty-seeds", bias) is None
    assert change("help", seed) is None


def test_a_training_counts_by_its_operations_at_the_rate_of_its_recipe(work):
    (recipe, teacher), (of_student, student) = (work.training(JOBS[i]) for i in (0, 3))
    assert teacher == pytest.approx(7.48e12, rel=0.01)
    assert student == pytest.approx(0.9 * 10 * 60_000 * 2 * (2 * 784 * 300 + 3 * (300 * 300 + 3000)), rel=0.01)
    work.rates, work.starts = {recipe: 5e10, of_student: 4e10}, [2.0]
    work.rules = {"evaluate": [1.0, 3.0]}
    costs = [2 + teacher / 5e10, 2 + student / 4e10, 2.0]
    assert [work.seconds(JOBS[i]) for i in (0, 3, 5)] == pytest.approx(costs)
    wall, cpu = work.estimated([JOBS[i] for i in (5, 3, 0)])
    assert wall == pytest.approx(PLANNING + costs[0])  # the teacher on one processor, the others on the other
    assert cpu == pytest.approx(PLANNING + sum(costs))


def test_the_later_rungs_of_a_search_count_like_its_first(work):
    arms = [f"no2~r{number}" for number in range(64)]
    first = [job(rule, experiment="search", arm=arm) for rule in ("train_student", "choose_bias") for arm in arms]
    jobs = with_later_rungs([*JOBS, *first], work.blocks)
    assert jobs[: len(JOBS) + len(first)] == [*JOBS, *first]
    later = jobs[len(JOBS) + len(first) :]
    assert [each.rule for each in later] == ["train_student"] * 84 + ["choose_bias"] * 84  # 32 + 16 + 8 x 3 + 4 x 3
    assert with_later_rungs(JOBS, work.blocks) == JOBS


def test_bf16_has_rates_of_its_own(work):
    of_bf16 = job("train_teacher", seed="0", experiment="bf16")
    assert work.training(of_bf16)[0] != work.training(JOBS[0])[0]


def test_an_estimate_says_about():
    rows = [
        {"target": "a", "after": "from nothing", "wall_seconds": "456.1", "cpu_seconds": "880", "how": "measured"},
        {"target": "b", "after": "from nothing", "wall_seconds": "11110", "cpu_seconds": "22220", "how": "estimated"},
        {"target": "a", "after": "another bias", "wall_seconds": "25", "cpu_seconds": "44", "how": "measured"},
    ]
    table = times.markdown(rows, "some processor", 2)
    assert "| `a` | 8 min (15 min) | 25 s (44 s) |" in table
    assert "| `b` | about 3 h 03 min (6 h 07 min) |  |" in table
    assert "2 processors (some processor)" in table


def test_the_docs_get_the_times(tmp_path):
    (tmp_path / "targets.csv").write_text(
        "target,after,wall_seconds,cpu_seconds,how\nall,from nothing,60,99,measured\n"
    )
    (tmp_path / "targets.md").write_text("| the table |\n")
    text = "## Targets\n| `all` | all | ? |\n| `x` | y | ? |\n\n## More\n| `all` | z | ? |\n"
    wanted = "## Targets\n| `all` | all | 60 s |\n| `x` | y | not measured |\n\n## More\n| `all` | z | ? |\n"
    assert times.in_page(text, tmp_path) == wanted
    marks = "<!-- times of targets -->\n{}<!-- end of times -->"
    assert times.in_page(marks.format("old\n"), tmp_path) == marks.format("\n| the table |\n\n")


@pytest.mark.parametrize("page", ["docs/files.md", "docs/speed.md"])
def test_the_docs_say_what_was_published(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert times.MARKED.search(text) or times.TARGETS.search(text)
    if not PUBLISHED.exists():
        pytest.skip("not published yet")
    assert times.in_page(text, PUBLISHED.parent) == text


def test_every_target_of_the_docs_is_timed():
    text = times.TARGETS.search((ROOT / "docs/files.md").read_text(encoding="utf-8"))[0]
    assert {row[2] for row in times.ROW.finditer(text)} <= {*targets(CONFIG)}
