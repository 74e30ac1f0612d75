"""The whole pipeline on the small data set: what it makes, that it is right, and that it is the same each time."""

import csv
import json

import pytest
from project import BLOCK

MODELS = ["teacher", "norm", "kd", "norm-no3", "kd-no3", "norm-no3+bias", "kd-no3+bias"]


def rows(project, name):
    with (project.folder / "results/notebook" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_promised_file_is_there(finished_project):
    results = finished_project.results()
    promised = [
        f"notebook/{name}"
        for name in ("metrics.csv", "bias.csv", "bias.md", "explore.html", "table.csv", "table.md", "table.tex")
    ]
    for figure in ("bar_plot", "bias_curve", "confusion", "unseen_digits/kd-no3", "soft_targets/kd-no3"):
        promised += [f"notebook/{figure}.{kind}" for kind in ("png", "svg")]
    for curve in (*MODELS[:5], "comparison"):
        promised += [f"notebook/learning_curves/{curve}.{kind}" for kind in ("png", "svg")]
    assert set(promised) <= set(results)
    assert all(results[name] for name in promised)
    assert not [name for name in results if name.startswith("notebook/unseen_digits/norm")]  # there is nothing to see
    assert not [name for name in results if name.endswith(".part")]


def test_metrics_are_tidy_and_complete(finished_project):
    table = rows(finished_project, "metrics.csv")
    assert list(table[0]) == ["seed", "model", "class", "n", "correct", "accuracy"]
    keys = [(int(row["seed"]), row["model"], int(row["class"])) for row in table]
    assert keys == [(seed, model, number) for seed in (0, 1) for model in MODELS for number in range(10)]
    assert all(float(row["accuracy"]) == 100 * int(row["correct"]) / int(row["n"]) for row in table)
    assert sum(int(row["n"]) for row in table if (row["seed"], row["model"]) == ("0", "kd")) == 400


def test_the_arms_do_what_they_are_for(finished_project):
    accuracy = {(row["model"], row["class"]): float(row["accuracy"]) for row in rows(finished_project, "metrics.csv")}
    assert accuracy["teacher", "3"] > 80
    assert accuracy["norm", "3"] > 80
    assert accuracy["norm-no3", "3"] == 0
    assert accuracy["kd-no3+bias", "3"] > accuracy["kd-no3", "3"]


def test_evaluation_in_numpy_agrees_with_training_in_torch(finished_project):
    for model in MODELS[:5]:
        last = rows(finished_project, f"../notebook/seed-0/{model}/history.csv")[-1]
        record = json.loads((finished_project.folder / f"results/notebook/seed-0/{model}/metrics.json").read_text())
        assert record["accuracy"] == pytest.approx(float(last["test_accuracy"]), abs=1e-4)


def test_another_run_with_other_cores_and_another_folder_name_gives_the_same_bytes(finished_project, tmp_path):
    again = type(finished_project).create(tmp_path / "ein Ordner, ça va")
    again.run("--config", "seeds=[0]", cores=1)
    first, second = finished_project.results(), again.results()
    shared = {name for name in first if name.startswith(("data/", "notebook/seed-0/"))}
    assert shared <= set(second)
    assert [name for name in shared if first[name] != second[name]] == []


def test_a_damaged_model_is_named_and_not_evaluated(finished):
    path = finished.folder / "results/notebook/seed-0/kd/model.safetensors"
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    done = finished.snakemake("--forcerun", "evaluate", "--until", "evaluate")
    assert done.returncode == 1
    assert "results/notebook/seed-0/kd/model.safetensors: damaged" in done.stdout
    assert "Traceback" not in done.stdout


def test_when_no_source_is_left_the_message_says_how_to_supply_the_files(fresh):
    fresh.change("datasets", "mnist", "sources", value=[{"folder": "nowhere"}, {"url": "http://127.0.0.1:9/{file}.gz"}])
    done = fresh.snakemake()
    assert done.returncode == 1
    assert "no source has this file" in done.stdout
    assert "no such folder" in done.stdout
    assert "host could not be reached" in done.stdout
    assert "- folder: that/folder" in done.stdout
    assert "Traceback" not in done.stdout


def test_what_numpy_computes_has_one_thread_at_any_cores(finished_project):
    said = finished_project.run("--dry-run", "--forceall", cores=64)
    bodies = {block["body"]: block["rule"] for block in BLOCK.finditer(said)}
    computed = [body for body, rule in bodies.items() if rule in ("evaluate", "choose_bias")]
    assert len(computed) > 10
    assert [body for body in computed if "threads: " in body] == []
    assert any("threads: " in body for body in bodies)  # of a job that has several, it is said
