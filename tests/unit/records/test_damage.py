"""Tables of all seeds against the files that they were made from."""

import pytest

from mythical_digit.errors import UserError
from mythical_digit.files.records import write_csv, write_json
from mythical_digit.records.damage import damage
from mythical_digit.records.kept import Summary, check_kept
from mythical_digit.tables.histories import ALL_COLUMNS, TYPES

EPOCHS = {(seed, model): [(epoch, *[seed + epoch / 8] * 5) for epoch in (1, 2)] for seed in (0, 5) for model in "ab"}


@pytest.fixture
def table(tmp_path):
    """A table of histories: of seed 0 in another experiment's folder, of seed 5 in its own."""
    for (seed, model), epochs in EPOCHS.items():
        write_csv(tmp_path / f"{'more' if seed else 'first'}/seed-{seed}/{model}/history.csv", TYPES, epochs)
    rows = [(*key, *epoch) for key, epochs in EPOCHS.items() for epoch in epochs]
    write_csv(tmp_path / "more/histories.csv", ALL_COLUMNS, rows)
    return tmp_path / "more/histories.csv"


def folders(table):
    return {"0": table.parents[1] / "first/seed-0", "5": table.parent / "seed-5"}


def test_a_table_of_its_files_is_as_it_was(table):
    assert damage(table, folders(table)) is None
    check_kept([str(table)], {}, {str(table): Summary(["a", "b"], folders(table))})


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("5,b,2,5.25", "5,b,2,5.5", "model b, seed 5, epoch 2: 5.5, but 5.25 in "),
        ("5,b,2", "5,b,3", "not a table of what is in the history.csv of its models"),
        ("5,b,2", "5,c,2", "model c, seed 5, epoch 2: there is no "),
        ("seed,", "sead,", "not a table of"),
    ],
)
def test_what_contradicts_its_file_is_damaged(table, before, after, says):
    table.write_text(table.read_text().replace(before, after))
    assert f"{table}: damaged ({says}" in damage(table, folders(table))
    with pytest.raises(UserError, match=str(table)):
        check_kept([str(table)], {}, {str(table): Summary(["a", "b"], folders(table))})


def test_a_table_of_other_seeds_than_the_config_says_is_not_kept(table):
    summary = Summary(["a", "b"], folders(table) | {"6": table.parent / "seed-6"})
    with pytest.raises(UserError, match=r"histories\.csv: lacks the rows of seed 6, model a, against the config"):
        check_kept([str(table)], {}, {str(table): summary})


def test_a_network_that_diverged_has_no_row_of_shifts(tmp_path):
    write_json(tmp_path / "seed-0/kd/bias.json", {"ways": {"none": {}}})
    write_json(tmp_path / "seed-1/kd/bias.json", {"ways": {}})
    write_csv(tmp_path / "bias.csv", ("seed", "arm"), [(0, "kd")])
    found = {seed: tmp_path / f"seed-{seed}" for seed in ("0", "1")}
    check_kept([str(tmp_path / "bias.csv")], {}, {str(tmp_path / "bias.csv"): Summary(["kd"], found)})
    (tmp_path / "seed-1/kd/bias.json").write_text("{}")
    with pytest.raises(UserError, match="lacks the rows of seed 1, arm kd"):
        check_kept([str(tmp_path / "bias.csv")], {}, {str(tmp_path / "bias.csv"): Summary(["kd"], found)})
