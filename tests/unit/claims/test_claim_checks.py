"""A mistake in the claims is named in one line, with what is allowed."""

import copy

import pytest
import yaml
from claims_of_project import CLAIMS, CONFIG
from project import ROOT

from mythical_digit.claims import claim_checks
from mythical_digit.claims import published_claims as claimed
from mythical_digit.errors import UserError

SCHEMA = (ROOT / "reference/claims.schema.yaml").read_text()
MISSING = object()


def changed(path, value):
    claims = copy.deepcopy(CLAIMS)
    *parents, last = path.split(".")
    block = claims
    for key in parents:
        block = block[key]
    if value is MISSING:
        del block[last]
    else:
        block[last] = value
    return claims


def test_the_claims_of_the_project_are_right():
    claim_checks.check_references(CLAIMS, CONFIG, "reference/claims.yaml")


@pytest.mark.parametrize(
    ("path", "value", "parts"),
    [
        ("numbers.teacher.experiment", "papr", ["numbers.teacher.experiment", "'papr'", "mean 'paper'?", "notebook"]),
        ("numbers.teacher.model", "tutor", ["numbers.teacher.model", "has no model 'tutor'", "allowed: teacher, hard"]),
        ("numbers.only-7-8-bias.model", "hard", ["only-7-8-bias.model", "arm with a bias", "distilled-only78"]),
        ("numbers.only-7-8-bias.way", "orcale", ["numbers.only-7-8-bias.way", "mean 'oracle'?", "none, fixed, prior"]),
        ("numbers.only-7-8-bias.class", 7, ["only-7-8-bias.class", "[7, 8] together", "leave out the class"]),
        ("numbers.only-7-8-bias.quantity", "average", ["only-7-8-bias.quantity", "allowed with a way: accuracy"]),
        ("numbers.teacher.quantity", "eror", ["numbers.teacher.quantity", "'eror'", "accuracy, average, errors"]),
        ("numbers.teacher.class", 10, ["numbers.teacher.class", "no class 10", "0 to 9"]),
        ("numbers.teacher.source", "book", ["numbers.teacher.source", "no source 'book'", "paper, study"]),
        ("numbers.teacher.valu", "67", ["numbers.teacher", "unknown key 'valu'", "mean 'value'?"]),
        ("numbers.teacher.value", MISSING, ["numbers.teacher", "'value' is missing"]),
        ("numbers.teacher.value", 67, ["numbers.teacher.value", "67 is not text"]),
        ("numbers.teacher.value", "some", ["numbers.teacher.value", "'some'", "A number as printed, in quotes"]),
        ("numbers.teacher.contrast", MISSING, ["numbers.teacher", "'contrast' is missing"]),
        ("numbers.teacher.contrast", "distiled", ["numbers.teacher.contrast", "no number 'distiled'", "'distilled'?"]),
        ("numbers.teacher.contrast", "only-7-8", ["numbers.teacher.contrast", "in %, not errors"]),
        ("numbers.teacher.same_as", "tutor", ["numbers.teacher.same_as", "no number 'tutor'"]),
        ("numbers.teacher.epoch", 3, ["numbers.teacher.epoch", "not of an epoch", "train_loss"]),
        ("numbers.teacher.quantity", "shift", ["numbers.teacher.quantity", "add the key way"]),
        ("numbers.study-kd.quantity", "overfitting", ["study-kd.contrast", "in %, not nats"]),
        ("numbers.study-shift-gains.minus.model", "kd-3", ["study-shift-gains.minus.model", "no model 'kd-3'"]),
        ("conclusions.shift-is-cheap.other_than", 12, ["shift-is-cheap.other_than", "no class 12", "0 to 9"]),
        ("conclusions.shift-is-cheap.side", "abov", ["shift-is-cheap.side", "'abov'", "mean 'above'?"]),
        ("conclusions.only-7-8-need-a-shift.minus", MISSING, ["only-7-8-need-a-shift", "minus"]),
        ("conclusions.hard-labels-overfit.class", 3, ["hard-labels-overfit", "of a whole epoch", "leave out class"]),
        ("conclusions.hard-labels-overfit.model", "norm-no3+bias", ["hard-labels-overfit.model", "no model"]),
        (
            "conclusions.teacher",
            CLAIMS["conclusions"]["shift-is-cheap"],
            ["numbers.teacher", "conclusions.teacher too"],
        ),
        ("tables.study-table.file", "nowhere.csv", ["study-table.file", "no file '", "/nowhere.csv'"]),
        ("tables.study-table.experiment", "paper", ["study-table.file", "column 'norm'", "no model of 'paper'"]),
        ("tables.study-table.contrasts.kd", "nrm", ["study-table.contrasts", "no column 'nrm'", "mean 'norm'?"]),
        ("tables.study-table.contrasts.kd", MISSING, ["study-table.contrasts", "none for the column 'kd'"]),
        ("histories.study-epochs.columns", ["train_cross_entropy"], ["study-epochs.columns", "lacks 'train_cross_"]),
        ("histories.study-epochs.experiment", "paper", ["study-epochs.file", "'kd'", "'paper' does not train"]),
        ("histories.study-epochs.contrasts.kd", MISSING, ["study-epochs.contrasts", "none for the model 'kd'"]),
        ("statements.wide-students.arm", "hard", ["wide-students.arm", "no distilled arm 'hard'", "distilled"]),
        ("statements.wide-students.units", {"min": 900}, ["wide-students", "two temperatures", "800x800 at T = 1"]),
        ("statements.wide-students.temperatures", {"above": 30}, ["wide-students", "two temperatures"]),
        ("statements.narrow-students.units", {"min": 30}, ["narrow-students.units", "one width, not 800x800, 300x300"]),
        ("statements.narrow-students.temperatures", {"min": 1}, ["narrow-students.temperatures", "below and above"]),
        ("statements.narrow-students.rule", "bset", ["narrow-students.rule", "'bset'", "mean 'best'?"]),
        ("statements.narrow-students.margin", MISSING, ["narrow-students", "'margin' is missing"]),
    ],
)
def test_a_mistake_is_named(tmp_path, path, value, parts):
    (tmp_path / "claims.schema.yaml").write_text(SCHEMA)
    (tmp_path / "claims.yaml").write_text(yaml.safe_dump(changed(path, value)))
    with pytest.raises(UserError) as caught:
        claim_checks.check_references(claimed.read_claims(tmp_path / "claims.yaml"), CONFIG, "claims.yaml")
    message = str(caught.value)
    assert "claims.yaml: " in message
    assert "\n" not in message
    assert [part for part in parts if part not in message] == [], message


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("tables.study-table", "class,teacher\n12,99\n", "'12' in its column class"),
        ("tables.study-table", "class,techer\n1,99\n", "column 'techer'"),
        ("tables.study-table", "class,teacher\n1,high\n", "'high' for teacher, class 1"),
        ("tables.study-table", "class,teacher\n", "has no rows"),
        ("histories.study-epochs", "model,epoch,test_accuracy\nkd,0,91.3\n", "the epoch '0'"),
        ("histories.study-epochs", "model,epoch,test_accuracy\nkd,1,high\n", "'high' for kd, epoch 1"),
    ],
)
def test_a_table_with_other_rows_columns_or_cells_is_named(tmp_path, name, content, part):
    (tmp_path / "table.csv").write_text(content)
    claims = changed(f"{name}.file", str(tmp_path / "table.csv"))
    claims["histories"]["study-epochs"]["columns"] = ["test_accuracy"]
    with pytest.raises(UserError, match=part):
        claim_checks.check_references(claims, CONFIG, "claims.yaml")


def test_a_file_that_is_not_yaml_is_named(tmp_path):
    (tmp_path / "claims.schema.yaml").write_text(SCHEMA)
    (tmp_path / "claims.yaml").write_text("numbers: {")
    with pytest.raises(UserError, match=r"claims\.yaml: not readable as YAML"):
        claimed.read_claims(tmp_path / "claims.yaml")
