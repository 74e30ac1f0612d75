"""A mistake in the config stops the whole command before anything runs, with one message and exit status 1."""

import pytest

NOTEBOOK = ("experiments", "notebook")


def message(project, *arguments):
    """The one message of a run that must fail; nothing may have been made."""
    done = project.snakemake(*arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    assert not (project.folder / "results").exists()
    _, _, said = done.stdout.partition("\nWorkflowError in file ")
    _, message, *more = said.splitlines()
    assert [line for line in more if not line.startswith("  File ")] == []  # where Snakemake was
    return message


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ((*NOTEBOOK, "distillation", "temprature"), 4, "unknown key 'temprature'; did you mean 'temperature'?"),
        ((*NOTEBOOK, "teacher", "epochs"), "ten", "experiments.notebook.teacher.epochs: 'ten' is not a whole number"),
        (("compute", "numerics"), "fats", "compute.numerics: 'fats' is not allowed; did you mean 'fast'?"),
        (("run",), ["everything"], "run[0]: there is no experiment 'everything'"),
        ((*NOTEBOOK, "steps"), [1], "experiments.notebook.steps: [1] is not a mapping"),
        ((*NOTEBOOK, "steps"), {"a": {"label": "A", "teacher": "x"}}, "steps.a.teacher: there is no experiment 'x'"),
        ((*NOTEBOOK, "sweep"), {"student.epochs": [3, 0]}, "sweep.student.epochs[1]: 0 is out of range"),
    ],
)
def test_a_wrong_value_is_named(fresh, path, value, expected):
    fresh.change(*path, value=value)
    said = message(fresh)
    assert said.startswith("config.yaml: ")
    assert expected in said


def test_a_wrong_value_on_the_command_line_is_named(fresh):
    assert "seeds: 'all' is not a list" in message(fresh, "--config", "seeds=all")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("seeds: [7]\n", "duplicate key 'seeds' (first on line "),
        ("more: [1, 2\n", "not valid YAML: while parsing a flow sequence that begins on line "),
    ],
)
def test_a_config_that_is_not_yaml_or_has_duplicate_keys_is_named_with_its_line(fresh, text, reason):
    lines = len((fresh.folder / "config.yaml").read_text().splitlines())
    fresh.append("config.yaml", text)
    said = message(fresh)
    assert said.startswith((f"config.yaml, line {lines + 1}: ", f"config.yaml, line {lines + 2}: "))
    assert reason in said


def test_so_is_a_second_config_file(fresh):
    (fresh.folder / "mine.yaml").write_text("seeds: [1]\nrun: [notebook]\nseeds: [2]\n")
    assert "mine.yaml, line 3: duplicate key 'seeds'" in message(fresh, "--configfile", "mine.yaml")


def test_a_mistake_is_blamed_on_the_source_that_has_it(fresh):
    (fresh.folder / "mine.yaml").write_text("seeds: [-1]\n")
    assert message(fresh, "--configfile", "mine.yaml").startswith("mine.yaml: seeds[0]: -1 is out of range")
    given = ["--config", "experiments={tiny: {note: a: b}}"]
    assert message(fresh, *given).startswith("--config: experiments: '{tiny: {note: a: b}}' is not a mapping")


@pytest.mark.parametrize("content", ["", "text", "- run\n"])
def test_a_config_that_is_no_mapping_is_refused(fresh, content):
    (fresh.folder / "config.yaml").write_text(content)
    assert "keys at top level" in message(fresh)


@pytest.mark.parametrize("name", ["table", "help", "all"])
def test_an_experiment_with_the_name_of_a_target_is_refused(fresh, name):
    config = fresh.config
    config["experiments"][name] = config["experiments"]["notebook"]
    fresh.config = config
    done = fresh.snakemake("--dry-run")
    assert done.returncode == 1
    assert f"config.yaml: experiments.{name}: this is the name of a target; choose another" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize("kind", ["file", "link"])
def test_results_that_are_no_folder_are_named(fresh, kind):
    place = fresh.folder / "results"
    place.touch() if kind == "file" else place.symlink_to("nowhere")
    done = fresh.snakemake("--dry-run")
    assert done.returncode == 1
    assert "results: is no folder" in done.stdout
    assert "Traceback" not in done.stdout
