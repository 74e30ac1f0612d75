"""Models of different configs never share a table, even where Snakemake takes them for up to date."""

import json
import shutil

import pytest

KD = [f"results/notebook/seed-{seed}/{arm}/model.safetensors" for seed in (0, 1) for arm in ("kd", "kd-no3")]


def forget(project):
    shutil.rmtree(project.folder / ".snakemake")
    return []


def refused(project, *arguments):
    """What a run says that must stop before its first job, without a traceback, and change no result."""
    before = project.results()
    done = project.snakemake(*arguments)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    assert project.results() == before
    return done.stdout


@pytest.mark.parametrize("how", [forget, lambda _: ["--rerun-triggers", "mtime"]], ids=["no .snakemake", "mtime"])
@pytest.mark.parametrize("seeds", [[0, 1], [0, 1, 2]], ids=["nothing to do", "another seed to train"])
def test_models_of_an_earlier_temperature_are_named(finished, how, seeds):
    arguments = how(finished)
    finished.change("experiments", "notebook", "distillation", "temperature", value=40)
    finished.change("seeds", value=seeds)
    said = refused(finished, *arguments)
    for path in KD:
        assert f"{path}: made with distillation.temperature = 4, but the config says 40" in said
    assert all(path in said.partition("the same command: rm ")[2] for path in KD)
    assert "test accuracy" not in said


def test_a_table_of_a_seed_or_a_model_that_is_gone_is_named(finished):
    forget(finished)
    for block in ("arms", "bias"):
        finished.config = without(finished.config, block, "norm-no3")
    said = refused(finished)
    for name, column in (("metrics", "model"), ("bias", "arm"), ("histories", "model")):
        path = f"results/notebook/{name}.csv"
        assert f"{path}: has rows of seed 0, {column} norm-no3, against the config" in said
        (finished.folder / path).unlink()
    finished.run()
    assert "Norm No3" not in (finished.folder / "results/notebook/table.md").read_text()


def without(config, block, arm):
    del config["experiments"]["notebook"][block][arm]
    for page in ("hero", "draw"):  # they name that arm
        config.pop(page, None)
    return config


@pytest.mark.slow
def test_once_these_are_deleted_all_is_of_the_new_temperature(finished):
    arguments = forget(finished)
    finished.change("experiments", "notebook", "distillation", "temperature", value=40)
    finished.change("seeds", value=[0, 1, 2])
    for path in KD:
        (finished.folder / path).unlink()
    finished.run(*arguments)
    record = json.loads((finished.folder / "results/notebook/provenance.json").read_text())
    distilled = [params for each in record["origins"].values() if (params := each["params"]).get("distillation")]
    assert [params["distillation"]["temperature"] for params in distilled] == [40] * 6
