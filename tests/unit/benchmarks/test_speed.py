"""The ratios that the speed benchmark computes from its measurements."""

import pytest
import speed
import yaml
from project import ROOT

TEACHER = {"hidden": [1200, 1200], "dropout": 0.5, "epochs": 10, "batch_size": 1024, "learning_rate": 0.001}
SETTINGS = {
    "recipes": {"teacher": TEACHER, "student": TEACHER | {"hidden": [300, 300]}},
    "arms": {"norm": {"distilled": False, "omit": []}, "kd-no3": {"distilled": True, "omit": [3]}},
    "classes": 10,
}
EPOCH = 0.748e12  # operations of the teacher


@pytest.fixture
def rows():
    # Two processes at a time; each takes 10 s for an epoch's products and 12.5 s for the epoch.
    step = {"start": 3.0} | {role: {"products": [10.0, 10.0], "epochs": [12.5, 12.5]} for role in SETTINGS["recipes"]}
    loops = [{"teacher": 20.0, "norm": 6.0, "kd-no3": 7.0}, {"teacher": 22.0, "norm": 6.0, "kd-no3": 7.0}]
    runs = {"processors": 2, "all": [200.0], "jobs": 360.0, "training jobs": 300.0}
    runs |= {"nothing": [2.0, 3.0], "bias": [20.0], "seed": [50.0]}
    found = speed.summarised(speed.measurements(SETTINGS, (0, 1), 60_000, 784, [step, step], loops, runs))
    return {name: dict(zip(speed.COLUMNS[1:], row, strict=True)) for name, *row in found}


def test_rates_of_processes_side_by_side_are_added(rows):
    rate = rows["Matrix products of the teacher's training, 2 processes side by side"]
    assert rate["median"] == pytest.approx(2 * EPOCH / 10 / 1e9, rel=0.01)
    assert rows["Matrix products alone against an epoch of the teacher, 2 processes side by side"]["median"] == 80


def test_the_usual_loop_counts_all_epochs_and_models(rows):
    usual = rows["A loop as it is usually written, one seed"]
    assert (usual["least"], usual["most"], usual["n"]) == (10 * 33, 10 * 35, 2)
    assert rows["The usual loop against the pipeline, per seed"]["median"] == pytest.approx(340 / 100)


def test_the_floor_counts_all_models_of_a_seed_without_the_omitted_class(rows):
    student = 0.9e12
    floor = (10 * EPOCH + 1.9 * student) / (2 * EPOCH / 10)
    assert rows["The floor: matrix products of one seed"]["median"] == pytest.approx(floor, rel=0.01)
    assert rows["The floor against the pipeline, per seed"]["median"] == pytest.approx(floor, rel=0.01)


def test_the_time_in_no_job_is_the_rest_of_the_processors_time(rows):
    assert rows["Processors' time in jobs that train"]["median"] == 75
    assert rows["Processors' time in no job: Snakemake, the start of jobs, waiting"]["median"] == pytest.approx(10)


def test_the_table_has_unit_and_range():
    text = speed.markdown([("Rate", "GFLOP/s", 151.26, 149.0, 160.0, 3), ("Once", "s", 2.04, 2.04, 2.04, 1)], "it")
    assert "| Rate | 151 GFLOP/s | 149 to 160 | 3 |" in text
    assert "| Once | 2.0 s |  | 1 |" in text


def test_the_scripts_get_their_settings_from_the_config():
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    settings = speed.settings_of(config)
    assert settings["recipes"]["teacher"]["hidden"] == [1200, 1200]
    assert settings["normalisation"] == {"mean": 0.1307, "std": 0.3081}
    assert set(SETTINGS) < set(settings)
