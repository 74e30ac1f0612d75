"""Files that were not made with what the config says now are named before their numbers reach a table."""

from importlib.metadata import version
from types import SimpleNamespace

import pytest

from mythical_digit.errors import UserError
from mythical_digit.files import origin
from mythical_digit.files.checksums import sha256
from mythical_digit.files.origin import check, of_job, of_rule, recorded
from mythical_digit.files.records import write_json
from mythical_digit.files.tensors import save_tensors

MODEL = "results/mine/seed-{}/kd/model.safetensors"
METRICS = "results/mine/seed-{}/kd/metrics.json"


class Params(dict):
    """As Snakemake's: a mapping whose keys are attributes."""

    __getattr__ = dict.__getitem__


def params(**how):
    return {"recipe": {"epochs": 2}, "temperature": 4, **how}


class Models:
    """Models of two seeds with metrics, in a folder; `expected` is what the config says of them."""

    def __init__(self, folder):
        self.folder = folder
        self.expected = {}
        for seed in (0, 1):
            self.train(seed)
            self.evaluate(seed)
            for path, inputs, how in (
                (MODEL, [], params(seed=seed, code={"a.py": 1})),
                (METRICS, [MODEL.format(seed)], {"classes": 3, "code": {"b.py": 1}}),
            ):
                self.expected[path.format(seed).removeprefix("results/")] = of_rule(how, inputs)

    def job(self, inputs, **how):
        given = Params({"origins": getattr(self, "expected", {}), "code": {"a.py": 1}, **how})
        return SimpleNamespace(input=[str(self.folder / path) for path in inputs], params=given)

    def train(self, seed, device=None, **how):
        path = self.folder / MODEL.format(seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        history = path.with_name("history.csv")
        history.write_text(f"{seed}, {how}")
        job = self.job([], **{**params(seed=seed), **how})
        save_tensors(path, {"weight": 1.0}, of_job(job, path, [history], device))

    def evaluate(self, seed):
        path = self.folder / METRICS.format(seed)
        origins, self.expected = self.expected, {}
        made_from = recorded(self.folder / MODEL.format(seed))
        made_from |= of_job(self.job([MODEL.format(seed)], code={"b.py": 1}, classes=3), path)
        self.expected = origins
        write_json(path, {"errors": 1, "origin": made_from})

    def check(self, *names):
        names = names or (METRICS,)
        return check(self.job([name.format(seed) for name in names for seed in (0, 1)]))


@pytest.fixture
def models(tmp_path):
    return Models(tmp_path)


def refused(models, *names):
    with pytest.raises(UserError) as caught:
        models.check(*names)
    message = str(caught.value).replace(f"{models.folder}/", "")
    listed, _, remedy = message.partition("\nTo make them again, delete them and run the same command: rm ")
    return listed, remedy.split()


def test_files_of_the_config_belong_together_and_say_what_they_were_made_with(models):
    origins = models.check()
    assert set(origins) == set(models.expected)
    assert origins["mine/seed-1/kd/model.safetensors"]["params"] == params(seed=1)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"temperature": 40}, "made with temperature = 40, but the config says 4"),
        ({"recipe": {"epochs": 3}}, "made with recipe.epochs = 3, but the config says 2"),
        ({"recipe": {"epochs": 2, "order": "file"}}, 'made with recipe.order = "file", but the config says null'),
    ],
)
def test_a_model_of_another_config_is_named_and_not_what_follows_from_it(models, how, said):
    models.train(1, **how)
    models.evaluate(1)
    listed, remedy = refused(models)
    assert f"{MODEL.format(1)}: {said}" in listed
    assert METRICS.format(1) not in listed
    assert remedy == [MODEL.format(1)]


def test_metrics_of_another_config_are_named(models):
    models.expected["mine/seed-0/kd/metrics.json"]["params"]["classes"] = 10
    assert refused(models)[1] == [METRICS.format(0)]


def test_a_model_made_from_other_files_is_named(models):
    models.expected["mine/seed-0/kd/model.safetensors"]["inputs"] = ["other/seed-0/teacher/logits.safetensors"]
    assert refused(models)[1] == [MODEL.format(0)]


def test_models_of_different_versions_of_the_code_do_not_go_together(models):
    models.train(0, code={"a.py": 2})
    models.evaluate(0)
    listed, remedy = refused(models)
    assert "made by another version of the code" in listed
    assert remedy == [MODEL.format(0)]
    models.train(1, code={"a.py": 2})  # all of one version: as after `snakemake --touch`
    models.evaluate(1)
    models.check()


def test_models_of_different_packages_do_not_go_together(models, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(origin, "version", lambda name: f"1.0 of {name}")
        models.train(0)
    models.evaluate(0)
    listed, remedy = refused(models)
    assert (
        f"{MODEL.format(0)}: made with numpy 1.0 of numpy and torch 1.0 of torch, not numpy {version('numpy')}"
        in listed
    )
    assert remedy == [MODEL.format(0)]
    models.train(0)
    models.evaluate(0)
    models.check()


def test_models_of_different_devices_do_not_go_together(models):
    """The metrics are made from them wherever they were computed."""
    for seed, device in ((0, "cpu"), (1, "cuda")):
        models.train(seed, device=device)
        models.evaluate(seed)
    listed, remedy = refused(models)
    assert f"{MODEL.format(1)}: computed on cuda, not on cpu as most others; `compute.device`" in listed
    assert remedy == [MODEL.format(1)]
    models.train(0, device="cuda")
    models.evaluate(0)
    models.check()


def test_metrics_of_a_model_that_has_been_replaced_by_one_of_other_code_are_found(models):
    for seed in (0, 1):
        models.train(seed, code={"a.py": 2})
    assert {*refused(models, METRICS, MODEL)[1]} == {MODEL.format(seed) for seed in (0, 1)}


def test_files_that_do_not_say_what_they_were_made_with_are_named(models):
    save_tensors(models.folder / MODEL.format(1), {"weight": 1.0})
    write_json(models.folder / METRICS.format(0), {"errors": 1})
    listed, remedy = refused(models, MODEL, METRICS)
    assert listed.count("it does not say what it was made with") == 2
    assert {*remedy} == {MODEL.format(1), METRICS.format(0)}


def test_a_table_has_the_origin_of_the_file_that_it_was_made_with(models):
    history = MODEL.replace("model.safetensors", "history.csv")
    models.expected |= {
        name.replace("model.safetensors", "history.csv"): record for name, record in models.expected.items()
    }
    models.check(history)
    models.train(0, temperature=40)
    assert refused(models, history)[1] == [MODEL.format(0)]
    (models.folder / history.format(1)).write_text("another")
    with pytest.raises(UserError, match=r"seed-1/kd/history\.csv: not the one that was made with .*; delete both"):
        models.check(history)
    assert sha256(models.folder / history.format(0))
