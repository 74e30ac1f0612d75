"""Progress of a run: how far each training and the whole run are, and a line per finished job."""

import logging
import time

import pytest
from snakemake.logging import logger
from snakemake.settings.enums import Quietness

from mythical_digit.workflow import progress

LOG = """resumed after epoch 2
epoch 3  train_loss 0.5  train_accuracy 80  test_accuracy 90
epoch 4  train_loss 0.25  train_accuracy 85  test_accuracy 95.5
"""


OUTPUTS = ("results/notebook/seed-0/kd/model.safetensors",)


def job(name="train_student notebook/seed-0/kd", log=None, outputs=OUTPUTS, epochs=10):
    return progress.Job(name, log and str(log), list(outputs), epochs=epochs, started=100.0)


def test_a_training_is_shown_with_epoch_loss_accuracy_and_the_time_left():
    line = progress.training_line(job(), LOG, now=140.0)
    assert line == "[##....] notebook/seed-0/kd: epoch 4/10, loss 0.2500, test 95.5 %, 2 min left"
    assert len(line) < 80


def test_a_training_is_followed_within_its_epoch():
    line = progress.training_line(job(), f"{LOG}batch 30 of 60\n", now=150.0)
    assert line == "[##....] notebook/seed-0/kd: epoch 4.5/10, loss 0.2500, test 95.5 %, 2 min left"
    early = progress.training_line(job(), "batch 6 of 60\n", now=102.0)
    assert early == "[......] notebook/seed-0/kd: epoch 0.1/10, 3 min left"


def test_a_training_that_has_not_ended_an_epoch_has_no_numbers():
    assert "epoch 150/200," in progress.training_line(job(epochs=200), "epoch 150  train_loss 0.1\n", now=101.0)
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


def training_of(rule, _):
    return (10, 30.0) if rule == "train_student" else (None, 2.0)


@pytest.fixture
def followed(tmp_path):
    """A run of two trainings, of which one is at its fourth epoch of ten, and a table."""
    log = tmp_path / "a.log"
    log.write_text(LOG)
    followed = progress.Progress(training_of)
    jobs = [("train_student", {}), ("train_student", {}), ("table", {})]
    followed.start(lambda: jobs, {Quietness.PROGRESS}, brief=True)
    yield followed, log
    followed.stop()


def starts(followed, number, rule, log):
    info = {
        "log": [str(log)],
        "output": ["results/notebook/seed-0/kd/model.safetensors"],
        "wildcards": {"seed": "0"},
        "input": [],
    }
    followed.emit(logging.makeLogRecord({"event": "job_info", "rule_name": rule, "jobid": number, **info}))


def test_the_whole_run_is_weighed_by_work(followed):
    followed, log = followed
    starts(followed, 0, "train_student", log)
    starts(followed, 1, "table", log)
    followed.started = time.time() - 60
    followed.running[0].started = 0  # before its log
    assert followed.lines()[-1] == "[#.....] all: 19 %, 0 of 3 jobs, 60 s so far, 4 min left"  # 12 of 62
    followed.emit(logging.makeLogRecord({"event": "job_finished", "job_id": 0}))
    assert "all: 48 %, 1 of 3 jobs" in followed.lines()[-1]  # 30 of 62
    followed.emit(logging.makeLogRecord({"event": "job_error", "jobid": 1}))
    assert [len(followed.finished), len(followed.failed)] == [1, 1]


def test_a_run_is_not_said_to_be_done_before_it_is(followed):
    followed, _ = followed
    assert "] all: 99 %, 0 of 3 jobs" in followed._overall(61.9, 60)  # of 62


def test_jobs_that_a_checkpoint_adds_count_once_they_are_known(followed):
    followed, log = followed
    starts(followed, 0, "train_student", log)
    followed.planned = lambda: [("train_student", {})] * 3
    followed.emit(logging.makeLogRecord({"event": "progress", "done": 0, "total": 3}))
    assert followed.work == 62  # as many jobs as before: nothing was added
    followed.planned = lambda: [("train_student", {})] * 4
    followed.emit(logging.makeLogRecord({"event": "progress", "done": 0, "total": 4}))
    assert "0 of 4 jobs" in followed.lines()[-1]
    assert followed.work == 120
    followed.emit(logging.makeLogRecord({"event": "job_finished", "job_id": 0}))
    followed.planned = lambda: [("train_student", {"seed": "0"}), ("train_student", {})]  # two fewer, one of them done
    followed.emit(logging.makeLogRecord({"event": "progress", "done": 1, "total": 2}))
    assert "1 of 2 jobs" in followed.lines()[-1]
    followed.planned = lambda: [("train_student", {})] * 3  # that which is finished is no longer planned
    followed.emit(logging.makeLogRecord({"event": "progress", "done": 1, "total": 3}))
    assert "1 of 4 jobs" in followed.lines()[-1]


def test_jobs_that_a_checkpoint_adds_count_once_the_first_of_them_starts(followed):
    followed, log = followed
    jobs = [("train_student", {"seed": seed}) for seed in "012"]
    followed.planned = lambda: [("table", {})]
    followed._count()
    followed.planned = lambda: [("table", {}), *jobs]
    starts(followed, 0, "train_student", log)
    followed.running[0].started = 0  # before its log
    assert "all: 13 %, 0 of 4 jobs" in followed.lines()[-1]  # 12 of 92; not 600 %, 0 of 1 jobs


def test_a_line_is_printed_in_time_even_if_nothing_has_changed(followed, caplog, monkeypatch):
    followed, _ = followed
    caplog.set_level(logging.INFO, logger.name)
    monkeypatch.setattr(followed, "lines", lambda: ["the same"])
    ticks = iter([False, False, True])
    monkeypatch.setattr(followed.stopped, "wait", lambda _: next(ticks))
    followed._watch()
    assert caplog.messages == ["the same", "the same"]


def test_a_finished_job_is_one_line(followed, caplog):
    followed, log = followed
    caplog.set_level(logging.INFO, logger.name)
    starts(followed, 0, "train_student", log)
    followed.running[0].started = time.time() - 20
    followed.emit(logging.makeLogRecord({"event": "job_finished", "job_id": 0}))
    assert caplog.messages == ["train_student seed-0: 20 s, test 95.5 %"]


def test_last_words_that_cannot_be_said_do_not_fail_a_run():
    followed = progress.Progress(training_of)

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
