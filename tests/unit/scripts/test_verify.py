"""The verdict on results: identical, equivalent or different, and why; on invented results of two models."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import verify
from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import from_confusion
from mythical_digit.files.checksums import checksums
from mythical_digit.files.records import write_csv, write_json
from mythical_digit.files.tensors import save_tensors

MODELS = ("teacher", "kd")
COMPUTE = {"device": "cpu", "precision": "fp32", "numerics": "strict"}
ENVIRONMENT = {"processor": {"model": "Abacus"}, "packages": {"torch": "2.15.0"}}
# Images of class 0 and 1, of 1,000 each, that a model gets right, by seed.
CORRECT = {0: (990, 400), 1: (991, 420), 2: (992, 440)}


@pytest.fixture(autouse=True)
def same_machine(monkeypatch):
    monkeypatch.setattr(verify.machine, "describe", lambda _: ENVIRONMENT)


class Run:
    """Results of an experiment in a folder, and what `verify` says of them."""

    def __init__(self, results, correct=CORRECT, noise=0.0):
        self.results = results
        self.experiments = {
            "notebook": {
                "experiment": {"seeds": list(correct), "teacher": {}, "arms": {"kd": {"omit": []}}, "bias": {}},
                "compute": COMPUTE,
            }
        }
        rows = []
        for seed, (zeros, ones) in correct.items():
            for model in MODELS:
                folder = results / f"notebook/seed-{seed}/{model}"
                save_tensors(folder / "model.safetensors", {"weight": np.full((2, 2), seed + noise)})
                record = from_confusion(np.array([[zeros, 1000 - zeros], [1000 - ones, ones]]))
                write_json(folder / "metrics.json", record)
                rows += [(seed, model, label, 1000, right, right / 10) for label, right in enumerate((zeros, ones))]
        write_csv(results / "notebook/metrics.csv", ("seed", "model", "class", "n", "correct", "accuracy"), rows)

    def files(self):
        paths = [path for path in self.results.rglob("*") if path.is_file() and "published" not in path.parts]
        return checksums(sorted(paths), self.results)

    def publish(self):
        record = {"files": self.files(), "config": self.experiments["notebook"], "environment": ENVIRONMENT}
        write_json(self.results / "published/notebook/manifest.json", record)
        shutil.copy(self.results / "notebook/metrics.csv", self.results / "published/notebook")
        return self

    def verify(self):
        verdict, lines = verify.verify(self.results, self.files(), self.experiments)
        assert lines[-1].startswith(verdict)
        return verdict, "\n".join(lines)


@pytest.fixture
def published(tmp_path):
    return Run(tmp_path).publish()


def run_again(published, **changes):
    """Another run in place of the published one."""
    shutil.rmtree(published.results / "notebook")
    return Run(published.results, **changes)


def test_the_same_bytes_are_identical(published):
    verdict, report = published.verify()
    assert verdict == "identical"
    assert "weights: 6 of 6 identical" in report
    assert "13 of 13 files" in report


def test_other_weights_with_accuracies_within_their_intervals_are_equivalent(published):
    verdict, report = run_again(published, noise=1e-6).verify()
    assert verdict == "equivalent"
    assert "weights: 0 of 6 identical" in report
    assert "environment of notebook: as published" in report
    assert "seed-1/kd/model.safetensors" not in report  # one line says it of all


def test_a_file_with_other_bytes_is_named_where_others_of_its_kind_are_identical(published):
    save_tensors(published.results / "notebook/seed-1/kd/model.safetensors", {"weight": np.zeros(3)})
    verdict, report = published.verify()
    assert verdict == "equivalent"
    assert "other bytes: notebook/seed-1/kd/model.safetensors" in report


def test_what_differs_in_the_environment_is_said(published, monkeypatch):
    here = ENVIRONMENT | {"processor": {"model": "Loom"}}
    monkeypatch.setattr(verify.machine, "describe", lambda _: here)
    _, report = run_again(published, noise=1e-6).verify()
    assert "environment of notebook: processor.model: Abacus published, Loom here" in report
    assert "torch" not in report


def test_a_seed_that_got_other_images_right_is_different_and_the_numbers_are_given(published):
    verdict, report = run_again(published, correct=CORRECT | {2: (992, 999)}).verify()
    assert verdict == "different"
    assert "notebook: compared seed by seed (seeds 0, 1, 2)" in report
    assert "notebook, kd, all classes: 79.87 % here, 70.55 ± " in report
    assert "points outside" in report
    assert "class 1, seed 2: 999 correct here, 440 published" in report
    assert "3 comparisons outside of their margins" in report  # each model, and all of them class by class


@pytest.mark.parametrize(("name", "at"), [("model.safetensors", -1), ("metrics.json", 30)])
def test_a_damaged_file_is_named_and_makes_the_run_different(published, name, at):
    path = published.results / "notebook/seed-0/kd" / name
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    verdict, report = published.verify()
    assert verdict == "different"
    assert report.count(f"{path}: damaged") == 1
    assert "0 comparisons outside" in report
    assert "1 damaged" in report


def test_a_number_that_was_changed_in_the_metrics_contradicts_the_record_of_its_model(published):
    path = published.results / "notebook/metrics.csv"
    path.write_text(path.read_text().replace("0,kd,1,1000,400,40.0", "0,kd,1,1000,400,40.1"))
    verdict, report = published.verify()
    assert verdict == "different"
    assert "damaged (model kd, seed 0, class 1: 40.1, but 40.0 in " in report


def test_the_seeds_of_an_experiment_that_continues_another_are_looked_for_there(published):
    folder = published.results / "more"
    shutil.copytree(published.results / "notebook", folder)
    shutil.rmtree(folder / "seed-0")
    shutil.rmtree(folder / "seed-1")
    block = published.experiments["notebook"]["experiment"]
    published.experiments["more"] = {"experiment": {**block, "continues": "notebook"}, "compute": COMPUTE}
    assert published.verify()[0] == "identical"
    path = folder / "metrics.csv"
    path.write_text(path.read_text().replace("0,kd,1,1000,400,40.0", "0,kd,1,1000,400,40.1"))
    source = published.results / "notebook/seed-0/kd/metrics.json"
    assert f"{path}: damaged (model kd, seed 0, class 1: 40.1, but 40.0 in {source})" in published.verify()[1]


def test_a_damaged_file_that_was_not_published_is_named_as_well(published):
    more = run_again(published, correct=CORRECT | {3: (991, 410)})
    path = more.results / "notebook/seed-3/kd/model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    assert f"{path}: damaged" in more.verify()[1]


def test_one_of_the_published_seeds_is_identical_as_far_as_it_goes(published):
    verdict, report = run_again(published, correct={1: CORRECT[1]}).verify()
    assert verdict == "identical"
    assert "4 of 4 files" in report
    assert "not compared, since published, but not made with this config: 8" in report
    assert "not compared, since made of other seeds than the published: 1" in report
    assert "config: notebook.experiment.seeds: [0, 1, 2] published, [1] here" in report


@pytest.mark.parametrize(("ones", "verdict"), [(430, "equivalent"), (990, "different")])
def test_new_seeds_are_judged_by_their_accuracies(published, ones, verdict):
    found, report = run_again(published, correct={7: (991, ones)}).verify()
    assert found == verdict
    assert "notebook: no seed in common" in report


def test_other_test_images_cannot_be_compared(published):
    path = run_again(published, noise=1e-6).results / "notebook/metrics.csv"
    path.write_text(re.sub(r",1000,(\d+),", lambda row: f",2000,{2 * int(row[1])},", path.read_text()))
    with pytest.raises(UserError, match=r"notebook/metrics\.csv: of other test images than .*published"):
        published.verify()


def test_without_a_model_in_common_there_is_nothing_to_compare(published):
    renamed = {"seeds": [0, 1, 2], "teacher": "paper", "arms": {"other": {"omit": []}}, "bias": {}}
    published.experiments["notebook"] = {"experiment": renamed, "compute": COMPUTE}
    folder = published.results / "notebook"
    for path in folder.glob("seed-*/*"):
        path.rename(path.with_name("other")) if path.name == "kd" else shutil.rmtree(path)
    rows = (folder / "metrics.csv").read_text().splitlines(keepends=True)
    (folder / "metrics.csv").write_text("".join(row.replace(",kd,", ",other,") for row in rows if "teacher" not in row))
    with pytest.raises(UserError, match=r"notebook/metrics\.csv: no model in common with "):
        published.verify()


def test_each_experiment_has_a_verdict_of_its_own(published):
    """That of an experiment which is not published says nothing of it, but damage to it is named."""
    stray = published.results / "mine/seed-0/kd/model.safetensors"
    save_tensors(stray, {"weight": np.zeros(3)})
    stray.write_bytes(stray.read_bytes()[:-1])
    published.experiments["mine"] = published.experiments["notebook"]
    found = verify.compared(published.results, published.files(), published.experiments)
    assert [(one.name, one.verdict, len(one.same)) for one in found] == [
        ("notebook", "identical", 13),
        ("mine", "different", 0),
    ]
    verdict, report = published.verify()
    assert verdict == "different"
    assert f"{stray}: damaged" in report


def test_what_is_attested_of_an_experiment(published):
    (found,) = verify.compared(published.results, published.files(), published.experiments)
    record = found.record(published.files())
    assert (record["verdict"], record["identical"]) == ("identical", 13)
    assert record["files"] == published.files()
    assert record["config"] == published.experiments["notebook"]


def test_another_config_is_said(published):
    published.experiments["notebook"]["compute"] = COMPUTE | {"numerics": "fast"}
    assert "config: notebook.compute.numerics: strict published, fast here" in published.verify()[1]


def test_without_a_manifest_the_message_says_what_to_do(tmp_path):
    with pytest.raises(UserError, match=r"manifest\.json: not there.*from git.*`publish`"):
        Run(tmp_path).verify()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not a readable record"),
        ("[]", "not a readable record"),
        ("{}", "not a manifest as this version writes it ('files' is missing)"),
        ('{"files": 1}', "('files' is missing)"),
        ('{"files": {}, "environment": {}}', "('config' is missing)"),
        ('{"files": {}, "environment": {}, "config": {"seeds": [0]}}', "(another `config`)"),
        ('{"files": {}, "environment": {}, "config": {"experiment": {"seeds": [0], "arms": 3}}}', "(another `config`)"),
    ],
)
def test_a_manifest_that_is_none_or_of_another_version_is_refused_in_words(published, content, reason):
    path = published.results / "published/notebook/manifest.json"
    path.write_text(content)
    with pytest.raises(UserError) as caught:
        published.verify()
    assert str(caught.value).startswith(f"{path}: ")
    assert reason in str(caught.value)
    assert "Error" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "seed,model\n0,kd\n", "seed,model,class,accuracy\n0,kd,one,40.0\n"])
def test_metrics_that_are_no_table_are_named_in_words(published, content):
    path = published.results / "notebook/metrics.csv"
    path.write_text(content)
    verdict, report = published.verify()
    assert verdict == "different"
    assert f"{path}: damaged (no" in report
    assert "Error" not in report


def test_an_experiment_that_was_not_published_has_nothing_to_compare_with(published):
    published.experiments = {"mine": published.experiments["notebook"]}
    with pytest.raises(UserError, match=r"mine/manifest\.json: not there, .*published are: notebook"):
        published.verify()


@pytest.mark.parametrize("name", ["metrics.csv", "table.csv", "bar_plot.svg"])
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (Path.unlink, "missing, but "),
        (lambda path: path.write_text(path.read_text().replace("40.0", "41.0")), "not the file that "),
        (lambda path: path.write_text(""), "empty; "),
    ],
    ids=["gone", "other", "empty"],
)
@pytest.mark.parametrize("noise", [0, 1e-6], ids=["same bytes", "other bytes"])
def test_a_published_file_that_is_not_of_its_manifest_is_refused_whatever_was_computed(
    tmp_path, noise, spoil, says, name
):
    run = Run(tmp_path)
    if name != "metrics.csv":
        (tmp_path / "notebook" / name).write_text("40.0")
    run.publish()
    path = Path(shutil.copy(tmp_path / "notebook" / name, tmp_path / "published/notebook"))
    spoil(path)
    again = run_again(run, noise=noise) if noise else run
    with pytest.raises(UserError, match=rf"^{re.escape(str(path))}: {says}.*from git.*`publish`$"):
        again.verify()


def diverge(metrics, model, seed):
    lines = metrics.read_text().splitlines()
    told = [
        f"{line.rsplit(',', 2)[0]},diverged,diverged" if line.startswith(f"{seed},{model},") else line for line in lines
    ]
    metrics.write_text("\n".join(told) + "\n")


def test_a_student_of_a_sweep_that_diverged_is_compared_by_that(tmp_path):
    accuracies = {seed: (zeros + 1, ones) for seed, (zeros, ones) in CORRECT.items()}
    here, published = (Run(tmp_path / name, correct) for name, correct in (("here", accuracies), ("there", CORRECT)))
    block = {"seeds": list(CORRECT), "teacher": {}, "arms": {"kd": {"label": "KD", "omit": []}}, "bias": {}}
    config = {"experiment": {**block, "sweep": {"student.epochs": [1]}}, "compute": COMPUTE}
    for run in (here, published):
        path = run.results / "notebook/metrics.csv"
        path.write_text(path.read_text().replace(",kd,", ",kd~epochs=1,"))
        diverge(path, "kd~epochs=1", 0)
    (here.results / "published").mkdir()
    shutil.copytree(published.results / "notebook", here.results / "published/notebook")
    assert verify.outside("notebook", here.results, config, {"config": config}) == []
    diverge(here.results / "published/notebook/metrics.csv", "teacher", 1)
    found = verify.outside("notebook", here.results, config, {"config": config})
    assert list(map(str, found)) == ["teacher, training: diverged as published alone"]
