"""Progress of a run: bars that are redrawn in a terminal, plain lines elsewhere."""

import io
import logging

import pytest

from mythical_digit.workflow import progress

LOG = """resumed after epoch 2
epoch 3  train_loss 0.5  train_accuracy 80  test_accuracy 90
epoch 4  train_loss 0.25  train_accuracy 85  test_accuracy 95.5
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
    info["input"] = ["results/data/mnist.safetensors"]
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


@pytest.mark.parametrize("words", progress.USER_REQUESTS)
def test_an_interruption_by_the_user_is_noticed(words):
    followed = progress.Progress(lambda *_: None)
    followed.emit(logging.makeLogRecord({"msg": "Finished"}))
    assert not followed.stopped_by_user
    followed.emit(logging.makeLogRecord({"msg": f"{words}, this might take some time."}))
    assert followed.stopped_by_user
