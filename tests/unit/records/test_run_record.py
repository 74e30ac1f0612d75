"""The record of a run: what its jobs cost, and which part of it another run should repeat."""

import json

from mythical_digit.files.records import read_json, write_json
from mythical_digit.records.manifests import repeatable
from mythical_digit.records.run_record import benchmarks_of, cost, describe_run

HEADER = "s\th:m:s\tmax_rss\tmax_vms\n"
CONFIG = {"experiment": {"dataset": "mnist", "seeds": [0]}, "compute": {"device": "cpu"}}


def test_cost_adds_up_wall_time_and_takes_the_peak_of_memory(tmp_path):
    for name, row in {"evaluate.kd": "1.5\t0:00:01\t30.5\t0", "evaluate.norm": "2\t0:00:02\t20\t0"}.items():
        (tmp_path / f"{name}.tsv").write_text(f"{HEADER}{row}\n")
    (tmp_path / "table.tsv").write_text(f"{HEADER}0.1\t0:00:00\t-\t-\n")
    assert cost(sorted(tmp_path.iterdir())) == {
        "evaluate": {"jobs": 2, "wall_seconds": 3.5, "max_memory_mb": 30.5},
        "table": {"jobs": 1, "wall_seconds": 0.1, "max_memory_mb": None},
    }


def test_benchmarks_of_seeds_and_models_that_the_config_no_longer_has_do_not_count(tmp_path):
    kept = [
        "data/mnist/prepare",
        "mine/table",
        "mine/rung.2",
        "mine/seed-0/evaluate.kd+bias",
        "mine/seed-0/train_teacher",
    ]
    gone = ["data/other/prepare", "mine/seed-1/train_teacher", "mine/seed-0/evaluate.norm", "other/table"]
    for name in kept + gone:
        path = tmp_path / f"{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = benchmarks_of(tmp_path, "mine", CONFIG, ["teacher", "kd", "kd+bias"])
    assert {path.relative_to(tmp_path).with_suffix("").as_posix() for path in found} == set(kept)


def test_two_runs_repeat_files_config_and_environment_to_the_byte(tmp_path):
    result = tmp_path / "results/mine/table.csv"
    result.parent.mkdir(parents=True)
    result.write_text("same")
    for name in ("one", "two"):
        record = describe_run([result], CONFIG, tmp_path, [], {}, tmp_path / "results")
        write_json(tmp_path / f"{name}.json", repeatable(record | {"made": name}))
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    manifest = read_json(tmp_path / "one.json")
    assert set(manifest) == {"files", "config", "environment"}
    assert list(manifest["files"]) == ["mine/table.csv"]
    assert manifest["config"] == json.loads(json.dumps(CONFIG))
