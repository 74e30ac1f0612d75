"""What people see of a run: targets with descriptions, help, the quick look's note, a failure's last words."""

import pytest


def test_every_target_has_a_description(fresh):
    targets = [line for line in fresh.run("--list-target-rules").splitlines() if not line.startswith(("Using ", "["))]
    assert len(targets) > 8
    assert [line for line in targets if not line.endswith(".)")
            and not line.endswith("makes.)")] == []  # fmt: skip
    assert any(line.startswith("help (") for line in targets)


def test_help_prints_targets_knobs_and_commands_and_no_summary(fresh):
    said = fresh.run("help", cores=1)
    assert "  quick " in said
    assert "experiments.notebook.distillation.temperature: 4" in said
    assert "snakemake --cores 4 quick" in said
    assert "Made " not in said


def test_a_failure_ends_with_its_cause_and_what_to_do(fresh):
    fresh.change("datasets", "mnist", "sources", value=[{"folder": "nowhere"}])
    done = fresh.snakemake("--quiet", "rules", "progress", "--")
    assert done.returncode == 1
    _, _, last = done.stdout.partition("Failed: download mnist\n")
    assert "no such folder" in last
    assert "run the same command again" in last
    assert "\x1b" not in done.stdout


@pytest.mark.slow
def test_a_quick_look_says_on_every_table_and_figure_that_it_is_one(fresh):
    said = fresh.run("quick", cores=2)
    note = fresh.config["experiments"]["quick"]["note"]
    folder = fresh.folder / "results/quick"
    assert f"quick ({note})" in said
    assert "Look at\n  results/quick/table.md" in said
    for path in [*folder.glob("*.csv"), *folder.glob("*.md"), *folder.glob("*.tex")]:
        assert note in path.read_text(), path
    plain = fresh.copy(fresh.folder.parent / "plain")
    plain.change("experiments", "quick", "note", value="Another note")
    plain.run("quick", cores=2)
    figures = sorted(folder.rglob("*.svg"))
    assert len(figures) > 8
    for path in figures:
        assert path.read_bytes() != (plain.folder / path.relative_to(fresh.folder)).read_bytes(), path


def test_a_mistyped_target_names_the_nearest_one(fresh):
    done = fresh.snakemake("notbook")
    assert done.returncode == 1
    assert "There is no target 'notbook'; did you mean 'notebook'?" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_run_with_nothing_to_do_shows_the_table_again(finished):
    said = finished.run()
    assert "Nothing to be done" in said
    assert "notebook, test accuracy in percent:" in said
    assert "Look at\n  results/notebook/table.md" in said
    assert "test accuracy" not in finished.run("--dry-run")


def test_a_finished_job_is_one_line_unless_all_is_asked_for(finished):
    (finished.folder / "results/notebook/table.md").unlink()
    said = finished.run("results/notebook/table.md")
    assert [line.partition(":")[0] for line in said.splitlines() if line.startswith("table notebook")] == [
        "table notebook"
    ]
    assert "jobid" not in said
    (finished.folder / "results/notebook/table.md").unlink()
    assert "jobid" in finished.run("--printshellcmds", "results/notebook/table.md")


def test_plain_snakemake_needs_no_number_of_cores(finished):
    assert "Nothing to be done" in finished.snakemake(cores=None).stdout
