"""The closing words of a run say what it made and where to look, or what failed and what to do."""

import os

import pytest

from mythical_digit.workflow import closing_words, progress

TABLE = """## Measured

Words.

| Class | Teacher | KD |
| --- | ---: | ---: |
| 0 | 99 | 98 |
| 3 | 97 | 2 |
| Avg | 98 | 50 |
| Errors | 7 | 999 |

## More

| a |
"""


def job(name="train_student notebook/seed-0/kd", log=None, outputs=("results/notebook/seed-0/kd/model.safetensors",)):
    return progress.Job(name, log and str(log), list(outputs), epochs=10, started=100.0)


@pytest.fixture
def scripts(tmp_path):
    """A folder of scripts, of which `evaluate` lacks a package and `table` has a slip on its first line."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "train_student.py").write_text("import os\n")
    (folder / "evaluate.py").write_text("import os\nimport a_missing_package\n")
    (folder / "table.py").write_text("WIDTH = WIDHT\n")
    return folder


def test_the_same_failure_is_told_once_with_the_end_of_its_log_and_what_to_do(tmp_path, scripts):
    logs = [tmp_path / "a.log", tmp_path / "b.log"]
    for log in logs:
        log.write_text("".join(f"epoch {i}\n" for i in range(100)) + "Error: data: damaged; delete it and run again\n")
    jobs = [job(f"train_student notebook/seed-{number}/kd", log) for number, log in enumerate(logs)]
    said = closing_words.failed(jobs, scripts)
    assert said.count("damaged; delete it and run again") == 1
    assert "epoch 95\n" not in said
    assert "and 1 more" in said
    assert all(str(log) in said for log in logs)
    assert "Fix the error in the last line, then run the same command again" in said
    assert "killed" not in said


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "evaluate notebook/seed-0/kd",
            "evaluate.py cannot start: ModuleNotFoundError: No module named 'a_missing_package'",
        ),
        ("table notebook", "table.py cannot start: NameError: name 'WIDHT' is not defined"),
    ],
)
def test_a_script_that_cannot_start_says_why_and_where_and_was_not_killed(tmp_path, scripts, name, reason):
    said = closing_words.failed([job(name, tmp_path / "none.log")], scripts)
    assert reason in said
    assert f'File "{scripts}' in said
    assert "none.log" not in said
    assert "killed" not in said


def test_a_foreign_module_on_the_path_is_named(tmp_path, scripts, monkeypatch):
    (scripts / "sweep.py").write_text("from json import dumps\nfrom colorsys import rgb_to_hls\n")
    (tmp_path / "colorsys.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    said = closing_words.failed([job("sweep grid", tmp_path / "none.log")], scripts)
    assert f"cannot import name 'rgb_to_hls' from 'colorsys' ({tmp_path / 'colorsys.py'})" in said


def test_a_job_without_a_word_in_its_log_was_killed(tmp_path, scripts):
    log = tmp_path / "a.log"
    for text in ("", "epoch 1  train_loss 0.5\n"):
        log.write_text(text)
        said = closing_words.failed([job(log=log)], scripts)
        assert "it was killed, perhaps for lack of memory" in said
        assert "To continue, run the same command again" in said
        assert "Fix the error" not in said


def test_the_log_of_an_earlier_run_is_not_quoted(tmp_path, scripts):
    log = tmp_path / "a.log"
    log.write_text("Error: of yesterday\n")
    os.utime(log, (50, 50))
    said = closing_words.failed([job(log=log)], scripts)
    assert "yesterday" not in said
    assert "it ended before its log began" in said


def test_a_run_that_was_interrupted_did_not_fail(tmp_path, scripts):
    log = tmp_path / "a.log"
    log.write_text("epoch 1  train_loss 0.5\n")
    said = closing_words.failed([job(log=log)], scripts, by_user=True)
    assert said.startswith("Stopped by you; run the same command to continue")
    assert "Failed" not in said
    assert "loss" not in said


def test_an_interrupted_run_still_names_what_failed_before(tmp_path, scripts):
    log = tmp_path / "a.log"
    log.write_text("Error: data: damaged\n")
    assert "data: damaged" in closing_words.failed([job(log=log)], scripts, by_user=True)


def test_a_run_that_ended_without_a_failed_job_points_to_the_reason_above(scripts):
    assert closing_words.failed([], scripts).startswith("Stopped before the end, for the reason above.")


def test_inputs_that_are_dated_in_the_future_are_named(tmp_path):
    paths = [tmp_path / name for name in ("now", "tomorrow")]
    for path in paths:
        path.touch()
    now = paths[0].stat().st_mtime
    os.utime(paths[1], (now + 86400, now + 86400))
    late, early = (progress.Job("a b", None, [], inputs=[str(path)]) for path in reversed(paths))
    assert closing_words.from_the_future([early, late, late], now).endswith(f"give them today's date: touch {paths[1]}")
    assert closing_words.from_the_future([early], now) == ""


def test_what_was_made_has_the_note_the_table_and_where_to_look(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results/quick").mkdir(parents=True)
    (tmp_path / "results/quick/table.md").write_text(TABLE)
    (tmp_path / "results/quick/explore.html").touch()
    (tmp_path / "results/quick/provenance.json").touch()
    block = {"note": "Quick look", "arms": {"kd": {"omit": [3]}}}
    said = closing_words.made(
        [job(outputs=["results/quick/table.md"])],
        61,
        {"quick": block, "other": block},
        {"quick": [f"results/quick/{name}" for name in ("table.md", "bar_plot.png", "explore.html")]},
        ["Next: x"],
    )
    assert said.startswith("Made 1 file in 1 job and 61 s.\n\nquick (Quick look), test accuracy")
    assert "         class 3  Avg  Errors\nTeacher       97   98       7\nKD             2   50     999\n" in said
    assert "  results/quick/table.md      the whole table" in said
    assert "  results/quick/explore.html  a page to try the numbers on, in a browser" in said
    assert "bar_plot" not in said  # it is not there
    assert "provenance" not in said  # it is there, but of an earlier config
    assert "published" not in said  # there is nothing published to stand next to
    assert said.endswith("Next: x")


def test_a_run_that_made_no_file_has_no_summary():
    assert closing_words.made([job(outputs=[])], 1, {}, {}, ["Next"]) == ""
