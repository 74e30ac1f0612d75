"""Data sets that are laid out otherwise than MNIST, and the real Fashion-MNIST, through the whole pipeline."""

import csv
import gzip
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from drawn_digits import draw
from idx_files import idx_bytes
from project import QUICK

from mythical_digit.files.tensors import load_tensors

FASHION = Path("/usr/share/datasets/fashion-mnist")  # of Debian's package dataset-fashion-mnist
SMALL = {"hidden": [16], "dropout": 0, **QUICK, "epochs": 1}
LETTERS = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"]


def experiment(dataset, unseen):
    return {
        "dataset": dataset,
        "seeds": [0],
        "teacher": SMALL,
        "student": SMALL,
        "distillation": {"temperature": 4, "alpha": 0.9, "scale_by_t_squared": False},
        "arms": {"kd": {"label": "KD", "distilled": True, "omit": [unseen]}},
        "bias": {"kd": {"classes": [unseen], "value": 3.5}},
    }


def rows(project, name, experiment="other"):
    with (project.folder / "results" / experiment / name).open(newline="") as file:
        return list(csv.DictReader(file))


def write_letters(folder):
    """Digits as EMNIST stores letters: labels from 1, transposed; label 11 is only trained, label 3 is nowhere."""
    folder.mkdir()
    files = {}
    for prefix, n, seed in (("train", 1100, 0), ("t10k", 300, 1)):
        images, labels = draw(n, seed)
        labels += 1
        labels[labels == 3] = 11 if prefix == "train" else 1
        for kind, array in (("images-idx3", images.transpose(0, 2, 1)), ("labels-idx1", labels)):
            content, name = idx_bytes(array), f"{prefix}-{kind}-ubyte"
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
            files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return files


def test_labels_from_1_transposed_images_and_labels_that_never_occur(fresh):
    config = fresh.config
    config["datasets"]["letters"] = {
        **config["datasets"]["mnist"],
        "classes": 11,
        "class_names": LETTERS,
        "first_label": 1,
        "transposed": True,
        "files": write_letters(fresh.folder / "letters"),
        "sources": [{"folder": "letters"}],
    }
    config["experiments"]["other"] = experiment("letters", 4)
    fresh.config = config
    said = fresh.run("--", "other")
    assert re.search(r"^ +E +Avg +Errors$", said, re.MULTILINE)  # in the closing words
    data = load_tensors(fresh.folder / "results/data/letters.safetensors")
    assert np.array_equal(data["train_images"][1], draw(1100, 0)[0][1])
    assert {*data["train_labels"].tolist()} == {*range(11)} - {2}
    table = {row["class"]: row for row in rows(fresh, "table.csv")}
    assert [table[str(label)]["name"] for label in range(11)] == LETTERS
    assert [label for label in table if not table[label]["kd"]] == ["2", "10"]
    assert float(table["avg"]["teacher"]) == pytest.approx(
        np.mean([float(table[str(label)]["teacher"]) for label in range(11) if label not in (2, 10)])
    )
    text = (fresh.folder / "results/other/table.md").read_text()
    assert "| C | n/a | n/a | n/a |" in text
    assert "n/a: no test image." in text


def test_every_class_is_left_out_in_turn(fresh):
    """On four of the letters, all with images, so that it takes little time."""
    images, labels = draw(1000, 0)
    config, files = fresh.config, {}
    (fresh.folder / "four").mkdir()
    for prefix, part in (("train", slice(800)), ("t10k", slice(800, None))):
        chosen = labels[part] < 4
        for kind, array in (("images-idx3", images[part][chosen]), ("labels-idx1", labels[part][chosen])):
            content, name = idx_bytes(array), f"{prefix}-{kind}-ubyte"
            (fresh.folder / "four" / name).write_bytes(content)
            files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    four = {"classes": 4, "class_names": LETTERS[:4], "files": files, "sources": [{"folder": "four"}]}
    config["datasets"]["four"] = config["datasets"]["mnist"] | four
    block = {key: value for key, value in experiment("four", 3).items() if key not in ("arms", "bias")}
    every = {"label": "KD", "distilled": True, "bias": 3.5}
    config["experiments"]["other"] = block | {"every_class": every}
    config["experiments"]["some"] = block | {
        "teacher": "other",
        "distillation": {**block["distillation"], "temperature": 2},
        "every_class": {**every, "classes": [3, 1]},
        "recipes": {"T = 2": {"arm": "no1"}, "T = 4": {"experiment": "other", "arm": "no1"}},
    }
    fresh.config = config
    said = fresh.run("--", "other")
    assert "every class left out in turn" in said
    found = {(row["name"], row["way"], row["measure"]): row for row in rows(fresh, "every_class.csv")}
    shifts = {(row["arm"], row["way"]): row for row in rows(fresh, "bias.csv")}
    for label, name in enumerate(LETTERS[:4]):
        record = json.loads((fresh.folder / f"results/other/seed-0/no{label}/bias.json").read_text())
        assert float(found[name, "", "auroc"]["mean"]) == record["auroc"]
        assert found[name, "fixed", "errors"]["mean"] == f"{float(shifts[f'no{label}', 'fixed']['errors'])}"
    table = rows(fresh, "soft_target_map.csv")
    assert len(table) == 4 * 4
    assert {row["taught_by"] for row in table} == {"0", "1", "2", "3", "all"}
    learned = {(row["class"], *list(row.values())[2:5]): row["value"] for row in rows(fresh, "learned.csv")}
    for label in range(4):
        for shift in ("none", "prior"):
            accuracy = float(shifts[f"no{label}", shift]["class_accuracy"])
            assert float(learned[str(label), "unseen", shift, "accuracy"]) == pytest.approx(accuracy)
    assert "Nothing to be done" in fresh.run("--dry-run", "--", "other")
    # Some of the classes, and a student of each experiment side by side.
    fresh.run("--", "some")
    folder = fresh.folder / "results/some"
    assert {path.name for path in (folder / "seed-0").iterdir()} == {"no1", "no1+bias", "no3", "no3+bias"}
    taught = [(row["class"], row["taught_by"]) for row in rows(fresh, "soft_target_map.csv", "some")]
    assert taught == [(label, other) for label in "31" for other in (*"0123", "all") if other != label]
    of_both = {(row["recipe"], row["way"], row["measure"]): row["mean"] for row in rows(fresh, "recipes.csv", "some")}
    assert float(of_both["T = 4", "prior", "errors"]) == float(shifts["no1", "prior"]["errors"])
    record = json.loads((folder / "seed-0/no1/bias.json").read_text())
    assert float(of_both["T = 2", "", "auroc"]) == record["auroc"]
    text = (folder / "recipes.md").read_text()
    assert "| temperature | 2 | 4 |" in text
    assert "| less T = 4 |" in text


@pytest.mark.skipif(not FASHION.is_dir(), reason="Debian's package dataset-fashion-mnist is not installed")
def test_the_real_fashion_mnist(fresh):
    config = fresh.config
    config["experiments"]["other"] = experiment("fashion-mnist", 9)
    fresh.config = config
    fresh.run("--", "other")
    data, dataset = load_tensors(fresh.folder / "results/data/fashion-mnist.safetensors"), config["datasets"]
    pixels = data["train_images"] / 255
    assert dataset["fashion-mnist"]["mean"] == pytest.approx(pixels.mean(), abs=5e-5)
    assert dataset["fashion-mnist"]["std"] == pytest.approx(pixels.std(), abs=5e-5)
    names = [row["name"] for row in rows(fresh, "table.csv")]
    assert names == [*dataset["fashion-mnist"]["class_names"], "", ""]
    assert "| Ankle boot |" in (fresh.folder / "results/other/table.md").read_text()
    assert "On Ankle boot" in (fresh.folder / "results/other/bias.md").read_text()
    assert '"name":"Ankle boot"' in (fresh.folder / "results/other/explore.html").read_text()
