"""What a run shows of itself: bars that a terminal can take back, lines that a file can keep, and its last words."""

import io
import logging

import pytest

from help import help_text
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.markdown import Section
from mythical_digit.workflow import closing_words, progress

LOG = """resumed after epoch 2
epoch 3  train_loss 0.5  train_accuracy 80  test_accuracy 90
epoch 4  train_loss 0.25  train_accuracy 85  test_accuracy 95.5
"""
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


def test_a_training_is_shown_with_epoch_loss_accuracy_and_the_time_left():
    line = progress.training_line(job(), LOG, now=140.0)
    assert line == "[##....] notebook/seed-0/kd: epoch 4/10, loss 0.2500, test 95.5 %, 2 min left"
    assert len(line) < 80


def test_a_training_that_has_not_ended_an_epoch_has_no_numbers():
    assert progress.training_line(job(), "", now=101.0) == "[......] notebook/seed-0/kd: epoch 0/10"


@pytest.mark.parametrize(("seconds", "text"), [(4.4, "4 s"), (130, "2 min"), (3900, "1 h 05 min")])
def test_durations(seconds, text):
    assert progress.duration(seconds) == text


def test_the_log_of_an_earlier_run_is_not_shown(tmp_path):
    log = tmp_path / "a.log"
    log.write_text(LOG)
    late = progress.Job("a", str(log), ["results/a/b"], 10, started=log.stat().st_mtime + 1)
    assert progress.log_since(late) == ""
    assert progress.log_since(progress.Job("a", str(log), [], 10, started=0)) == LOG


def test_bars_are_erased_before_a_message_and_stand_below_it():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    screen = progress.Screen(handler)
    screen.show(["one", "two"])
    handler.emit(logging.makeLogRecord({"msg": "message"}))
    assert stream.getvalue() == "one\ntwo\n\x1b[2A\x1b[Jmessage\none\ntwo\n"


def test_jobs_are_followed_by_what_is_logged_of_them():
    followed = progress.Progress(lambda rule, _: 10 if rule == "train_student" else None)
    info = {"log": ["a.log"], "output": ["results/notebook/seed-0/kd/model.safetensors"], "wildcards": {"seed": "0"}}
    for number, rule in enumerate(("train_student", "train_student", "table")):
        record = {"event": "job_info", "rule_name": rule, "jobid": number, **info}
        followed.emit(logging.makeLogRecord(record))
    followed.emit(logging.makeLogRecord({"event": "progress", "done": 1, "total": 4}))
    assert len(followed.lines()) == 3  # two trainings and the workflow; nothing of the table
    followed.emit(logging.makeLogRecord({"event": "job_finished", "job_id": 0}))
    followed.emit(logging.makeLogRecord({"event": "job_error", "jobid": 1}))
    assert followed.lines() == []
    assert [len(followed.finished), len(followed.failed)] == [1, 1]


def test_last_words_that_cannot_be_said_do_not_fail_a_run():
    followed = progress.Progress(lambda *_: None)

    def words():
        raise OSError

    followed.end(words, logging.INFO)


def test_the_same_failure_is_told_once_with_the_end_of_its_log_and_what_to_do(tmp_path):
    logs = [tmp_path / "a.log", tmp_path / "b.log"]
    for log in logs:
        log.write_text("".join(f"epoch {i}\n" for i in range(100)) + "data: damaged; delete it and run again\n")
    said = closing_words.failed([job(log=log) for log in logs])
    assert said.count("damaged; delete it and run again") == 1
    assert "epoch 95\n" not in said
    assert "and 1 more" in said
    assert all(str(log) in said for log in logs)
    assert "run the same command again" in said


def test_a_run_that_was_stopped_did_not_fail():
    assert closing_words.failed([]).startswith("Stopped before the end.")


def test_what_was_made_has_the_note_the_table_and_where_to_look(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results/quick").mkdir(parents=True)
    (tmp_path / "results/quick/table.md").write_text(TABLE)
    block = {"note": "Quick look", "arms": {"kd": {"omit": [3]}}}
    said = closing_words.made(
        [job(outputs=["results/quick/table.md"])], 61, {"quick": block, "other": block}, ["Next: x"]
    )
    assert said.startswith("Made 1 file in 1 job and 61 s.\n\nquick (Quick look), test accuracy")
    assert "         class 3  Avg  Errors\nTeacher       97   98       7\nKD             2   50     999\n" in said
    assert "  results/quick/table.md  the whole table" in said
    assert "bar_plot" not in said  # it is not there
    assert said.endswith("Next: x")


def test_a_run_that_made_no_file_has_no_summary():
    assert closing_words.made([job(outputs=[])], 1, {}, ["Next"]) == ""


def test_a_note_stands_on_tables():
    table = Section("Title", "Caption.", {"a": ["1"]})
    assert noted([table], "Quick look")[0].caption == "Quick look. Caption."
    assert noted([table], None) == [table]
    columns, rows = noted_table(["a"], [(1,)], "Quick look")
    assert (columns, list(rows)) == (["a", "note"], [[1, "Quick look"]])
    columns, rows = noted_table(["a"], [(1,)], None)
    assert (columns, list(rows)) == (["a"], [[1]])


def test_help_names_targets_knobs_and_three_commands():
    config = {"run": ["a"], "seeds": [0], "datasets": {"x": 1}, "experiments": {"a": {"t": {"x": True}}, "b": {"y": 1}}}
    said = help_text({"all": "All.", "b": "That."}, config)
    assert "  all  All.\n" in said
    assert "  seeds: [0]\n  experiments.a.t.x: true\n" in said
    assert "experiments.b" not in said
    assert said.count("\n  snakemake ") == 3
