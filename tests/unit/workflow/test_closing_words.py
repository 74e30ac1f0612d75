"""The closing words of a run say what it made and where to look, or what failed and what to do."""

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


def test_the_same_failure_is_told_once_with_the_end_of_its_log_and_what_to_do(tmp_path):
    logs = [tmp_path / "a.log", tmp_path / "b.log"]
    for log in logs:
        log.write_text("".join(f"epoch {i}\n" for i in range(100)) + "data: damaged; delete it and run again\n")
    said = closing_words.failed([job(log=log) for log in logs])
    assert said.count("damaged; delete it and run again") == 1
    assert "epoch 95\n" not in said
    assert "and 1 more" in said
    assert all(str(log) in said for log in logs)
    assert "Fix the error in the last line, then run the same command again" in said


def test_a_run_that_was_stopped_did_not_fail():
    assert closing_words.failed([]).startswith("Stopped before the end.")


def test_what_was_made_has_the_note_the_table_and_where_to_look(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results/quick").mkdir(parents=True)
    (tmp_path / "results/quick/table.md").write_text(TABLE)
    (tmp_path / "results/quick/explore.html").touch()
    block = {"note": "Quick look", "arms": {"kd": {"omit": [3]}}}
    said = closing_words.made(
        [job(outputs=["results/quick/table.md"])], 61, {"quick": block, "other": block}, ["Next: x"]
    )
    assert said.startswith("Made 1 file in 1 job and 61 s.\n\nquick (Quick look), test accuracy")
    assert "         class 3  Avg  Errors\nTeacher       97   98       7\nKD             2   50     999\n" in said
    assert "  results/quick/table.md      the whole table" in said
    assert "  results/quick/explore.html  a page to try the numbers on, in a browser" in said
    assert "bar_plot" not in said  # it is not there
    assert said.endswith("Next: x")


def test_a_run_that_made_no_file_has_no_summary():
    assert closing_words.made([job(outputs=[])], 1, {}, ["Next"]) == ""
