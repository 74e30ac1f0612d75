"""Models of different configs never share a table, even where Snakemake takes them for up to date."""

import json
import shutil

import pytest

KD = [f"results/notebook/seed-{seed}/{arm}/model.safetensors" for seed in (0, 1) for arm in ("kd", "kd-no3")]

# What is made of models that no temperature changes may have the new seed.
WITHOUT_KD = (
    *(f"notebook/learning_curves/{model}." for model in ("teacher", "norm", "norm-no3")),
    "notebook/soft_targets/",
)


def forget(project):
    shutil.rmtree(project.folder / ".snakemake")
    return []


@pytest.mark.parametrize("how", [forget, lambda _: ["--rerun-triggers", "mtime"]], ids=["no .snakemake", "mtime"])
def test_models_of_an_earlier_temperature_are_named_and_the_table_stays(finished, how):
    before = finished.results()
    arguments = how(finished)
    finished.change("experiments", "notebook", "distillation", "temperature", value=40)
    finished.change("seeds", value=[0, 1, 2])
    done = finished.snakemake("--keep-going", *arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    said = (finished.folder / "results/logs/notebook/summarize.log").read_text()
    for path in KD:
        assert f"{path}: made with distillation.temperature = 4, but the config says 40" in said
    assert said.strip().endswith("the same command: rm " + " ".join(KD))
    after = finished.results()
    changed = {name for name in before if name in after and after[name] != before[name]}
    assert {name for name in changed if not name.startswith(WITHOUT_KD)} == set()


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
