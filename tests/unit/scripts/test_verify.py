"""The verdict on results: identical, equivalent or different, and why; on invented results of two models."""

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
from mythical_digit.records.equivalence import deviations, prediction_halfwidth
from mythical_digit.tables.accuracies import Accuracies

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
                "experiment": {"seeds": list(correct), "teacher": {}, "arms": {"kd": {}}, "bias": {}},
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


def test_an_accuracy_outside_of_its_interval_is_different_and_the_numbers_are_given(published):
    verdict, report = run_again(published, correct=CORRECT | {2: (992, 999)}).verify()
    assert verdict == "different"
    # (40 + 42 + 99.9) / 3, of both models; the class means stay within
    assert "notebook, kd, class 1: 60.63 % here, 42.00 ± " in report
    assert "points outside" in report
    assert "class 0:" not in report
    assert "2 accuracies outside" in report


@pytest.mark.parametrize(("name", "at"), [("model.safetensors", -1), ("metrics.json", 30)])
def test_a_damaged_file_is_named_and_makes_the_run_different(published, name, at):
    path = published.results / "notebook/seed-0/kd" / name
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    verdict, report = published.verify()
    assert verdict == "different"
    assert report.count(f"{path}: damaged") == 1
    assert "0 accuracies outside" in report
    assert "1 damaged" in report


def test_a_number_that_was_changed_in_the_metrics_contradicts_the_record_of_its_model(published):
    path = published.results / "notebook/metrics.csv"
    path.write_text(path.read_text().replace("0,kd,1,1000,400,40.0", "0,kd,1,1000,400,40.1"))
    verdict, report = published.verify()
    assert verdict == "different"
    assert "damaged (model kd, seed 0, class 1: 40.1, but 40.0 in " in report


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
    assert run_again(published, correct={7: (991, ones)}).verify()[0] == verdict


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


@pytest.mark.parametrize(
    "spoil",
    [Path.unlink, lambda path: path.write_text(path.read_text().replace("40.0", "41.0"))],
    ids=["gone", "other"],
)
def test_published_metrics_that_are_gone_or_not_of_the_manifest_are_refused(published, spoil):
    spoil(published.results / "published/notebook/metrics.csv")
    with pytest.raises(UserError, match=r"published/notebook/metrics\.csv: not there, or not the one"):
        run_again(published, noise=1e-6).verify()


def accuracies(*values):
    """One model with one class."""
    return Accuracies(tuple(range(len(values))), (0,), {"kd": np.array(values, dtype=float)[:, None]})


def test_the_interval_is_that_of_the_mean_of_new_seeds():
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    # t(0.975, 4) = 2.776, s = 1.5811; Hahn & Meeker's factor for 5 and 5: sqrt(1/5 + 1/5)
    assert prediction_halfwidth(values, k=5) == pytest.approx(2.7764 * 1.5811 * np.sqrt(0.4), rel=1e-4)
    assert prediction_halfwidth(values, k=1) == pytest.approx(2.7764 * 1.5811 * np.sqrt(1.2), rel=1e-4)
    assert prediction_halfwidth(values, k=1, comparisons=10) > prediction_halfwidth(values, k=1)


def test_all_intervals_together_hold_what_they_promise():
    rng = np.random.default_rng(0)
    values = rng.normal(90, 1, size=(2000, 2, 5, 10))  # runs, published and new, seeds, classes
    alarms = [
        any(deviations(*(Accuracies(tuple(range(5)), tuple(range(10)), {"kd": v}) for v in run), np.zeros(10)))
        for run in values
    ]
    assert 0.02 < np.mean(alarms) < 0.06


@pytest.mark.parametrize("seeds", [[50.0, 50.0, 50.0], [50.0]])
@pytest.mark.parametrize(("new", "far"), [(50.0, 0), (50.1, 0), (49.9, 0), (50.2, 2), (float("nan"), 2)])
def test_without_spread_one_image_per_class_is_no_difference(seeds, new, far):
    found = list(deviations(accuracies(*seeds), accuracies(new), one_image=np.array([0.1])))
    assert [deviation.row for deviation in found] == ["0", "avg"][:far]


def test_the_boundary_of_an_interval_is_within(monkeypatch):
    monkeypatch.setattr("mythical_digit.records.equivalence.prediction_halfwidth", lambda *_: np.array([2.0, 2.0]))
    assert not list(deviations(accuracies(50), accuracies(52), np.zeros(1)))
    assert len(list(deviations(accuracies(50), accuracies(52.001), np.zeros(1)))) == 2
