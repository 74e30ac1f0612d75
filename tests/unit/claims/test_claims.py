"""The claims of the repository: they say what was published, a mistake in them is named, and what is made of them."""

import copy
import runpy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from matplotlib.text import Text
from project import ROOT

import claims as script
from mythical_digit.claims import published_claims as claimed
from mythical_digit.claims.verdicts import Verdict
from mythical_digit.errors import UserError
from mythical_digit.evaluation.shift_choices import SHIFT_CHOICES as WAYS
from mythical_digit.files.atomic import read_csv, write_csv
from mythical_digit.study import experiments
from mythical_digit.tables.accuracies import COLUMNS, Accuracies

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
BLOCKS = {name: experiments.expanded(block) for name, block in CONFIG["experiments"].items()}
CLAIMS = claimed.read_claims(ROOT / "reference/claims.yaml")
SCHEMA = (ROOT / "reference/claims.schema.yaml").read_text()
LABELS = {
    name: {model: experiments.label(BLOCKS[name], model) for model in experiments.models(BLOCKS[name])}
    for name in ("notebook", "paper", "temperature")
}
MISSING = object()
SIZES = dict.fromkeys(range(10), 1000)


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


def test_every_number_of_both_sources_is_claimed():
    numbers = {number.id: number for number in claimed.numbers(CLAIMS, LABELS)}
    claimed.check_references(CLAIMS, CONFIG, "reference/claims.yaml")
    paper = [number.printed for number in numbers.values() if number.source == "paper"]
    assert paper == ["67", "146", "74", "206", "133", "109", "14", "98.6", "47.3", "13.2"]
    assert len(numbers) == len(paper) + 7 * 11
    table = read_csv(ROOT / "reference/original_table.csv")
    for row in table:
        for model in LABELS["notebook"]:
            assert numbers[f"study/{model}/{row['class']}"].printed == row[model]


def test_a_count_is_exact_and_a_percentage_is_rounded_to_its_last_digit():
    numbers = {number.id: number for number in claimed.numbers(CLAIMS, LABELS)}
    assert numbers["teacher"].rounding == 0
    assert numbers["only-7-8"].rounding == pytest.approx(0.05)
    assert numbers["study/kd/avg"].rounding == pytest.approx(0.005)


def test_the_ways_are_those_of_the_biases():
    assert yaml.safe_load(SCHEMA)["$defs"]["way"]["enum"] == list(WAYS) == list(script.WAYS)


@pytest.mark.parametrize(
    ("path", "value", "parts"),
    [
        ("numbers.teacher.experiment", "papr", ["numbers.teacher.experiment", "'papr'", "mean 'paper'?", "notebook"]),
        ("numbers.teacher.model", "tutor", ["numbers.teacher.model", "has no model 'tutor'", "allowed: teacher, hard"]),
        ("numbers.only-7-8-bias.model", "hard", ["only-7-8-bias.model", "arm with a bias", "distilled-only78"]),
        ("numbers.only-7-8-bias.way", "orcale", ["numbers.only-7-8-bias.way", "mean 'oracle'?", "none, fixed, prior"]),
        ("numbers.only-7-8-bias.class", 7, ["only-7-8-bias.class", "[7, 8] together", "leave out the class"]),
        ("numbers.only-7-8-bias.quantity", "average", ["only-7-8-bias.quantity", "allowed with a way: accuracy"]),
        ("numbers.teacher.quantity", "eror", ["numbers.teacher.quantity", "'eror'", "average, errors, error_rate"]),
        ("numbers.teacher.class", 10, ["numbers.teacher.class", "no class 10", "0 to 9"]),
        ("numbers.teacher.source", "book", ["numbers.teacher.source", "no source 'book'", "paper, study"]),
        ("numbers.teacher.valu", "67", ["numbers.teacher", "unknown key 'valu'", "mean 'value'?"]),
        ("numbers.teacher.value", MISSING, ["numbers.teacher", "'value' is missing"]),
        ("numbers.teacher.value", 67, ["numbers.teacher.value", "67 is not text"]),
        ("numbers.teacher.value", "some", ["numbers.teacher.value", "'some'", "A number as printed, in quotes"]),
        ("quantities.errors.better", "less", ["quantities.errors.better", "'less'", "higher, lower"]),
        ("tables.study.file", "nowhere.csv", ["tables.study.file", "no file '", "/nowhere.csv'"]),
        ("tables.study.experiment", "paper", ["tables.study.file", "column 'norm'", "no model of 'paper'"]),
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
        claimed.check_references(claimed.read_claims(tmp_path / "claims.yaml"), CONFIG, "claims.yaml")
    message = str(caught.value)
    assert "claims.yaml: " in message
    assert "\n" not in message
    assert [part for part in parts if part not in message] == [], message


def test_a_table_with_other_rows_columns_or_cells_is_named(tmp_path):
    for content, part in (
        ("class,teacher\n12,99\n", "'12' in its column class"),
        ("class,techer\n1,99\n", "column 'techer'"),
        ("class,teacher\n1,high\n", "'high' for teacher, class 1"),
    ):
        (tmp_path / "table.csv").write_text(content)
        claims = changed("tables.study.file", str(tmp_path / "table.csv"))
        with pytest.raises(UserError, match=part):
            claimed.check_references(claims, CONFIG, "claims.yaml")


def test_a_file_that_is_not_yaml_is_named(tmp_path):
    (tmp_path / "claims.schema.yaml").write_text(SCHEMA)
    (tmp_path / "claims.yaml").write_text("numbers: {")
    with pytest.raises(UserError, match=r"claims\.yaml: not readable as YAML"):
        claimed.read_claims(tmp_path / "claims.yaml")


def number(**values):
    plain = {"id": "x", "says": "X", "source": "paper", "printed": "1", "unit": "%", "better": "higher"}
    return claimed.Number(**{**plain, "quantity": "accuracy", "experiment": "paper", "model": "kd", **values})


ACCURACIES = Accuracies((0, 1), (0, 1), {"kd": np.array([[90.0, 75.0], [100.0, 50.0]])})
SHIFTS = {("kd", "oracle"): {"n": np.array([14, 14]), "errors": np.array([2, 7])}
          | {"class_n": np.array([4, 4]), "class_errors": np.array([1, 3])}}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "measured", "one_image"),
    [
        ({"label": 1}, [75, 50], 25),
        ({}, [100 * 12 / 14, 100 * 12 / 14], 100 / 14),
        ({"quantity": "average"}, [82.5, 75], (10 + 25) / 4),
        ({"quantity": "errors"}, [2, 2], 1),
        ({"quantity": "errors", "label": 0}, [1, 0], 1),
        ({"quantity": "error_rate", "label": 0}, [10, 0], 10),
        ({"quantity": "errors", "way": "oracle"}, [2, 7], 1),
        ({"quantity": "errors", "way": "oracle", "label": 1}, [1, 3], 1),
        ({"quantity": "accuracy", "way": "oracle", "label": 1}, [75, 25], 25),
        ({"quantity": "error_rate", "way": "oracle"}, [100 * 2 / 14, 50], 100 / 14),
    ],
)
def test_each_quantity_is_measured_on_its_images(values, measured, one_image):
    found = script.measure(number(**values), values.get("way"), ACCURACIES, {0: 10, 1: 4}, SHIFTS)
    np.testing.assert_allclose(found.values, measured)
    assert found.one_image == pytest.approx(one_image)


def test_an_average_that_its_column_contradicts_is_judged_by_the_column_beside():
    average = number(quantity="average", printed="50.00", table="t")
    sizes = {"paper": {0: 10, 1: 4}}
    judge = lambda wrong: next(script.judge_numbers([average], {"paper": ACCURACIES}, sizes, {}, wrong))  # noqa: E731
    found = judge({("t", "kd"): 79.0})
    assert found.verdict is Verdict.CONTRADICTS_ITSELF
    assert found.note == "mean of its own column: 79.00, reproduced"
    assert judge({("t", "other"): 79.0}).verdict is Verdict.REPRODUCED


def errors_of(experiment, model):
    """Invented: errors of 1,000 images in each class."""
    if experiment == "temperature":
        units, temperature = claimed.students(BLOCKS[experiment], "distilled")[model]
        return [30 if units == [30, 30] and not 2.5 <= temperature <= 4 else 10] * 10
    return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def make(folder, seeds):
    """Run the script on invented results and return what it writes: the CSV by id, Markdown, and the names of files."""
    metrics = []
    for name, labels in LABELS.items():
        rows = [
            (seed, model, label, 1000, 1000 - (errors + seed), 100 * (1000 - (errors + seed)) / 1000)
            for seed in range(seeds)
            for model in labels
            for label, errors in enumerate(errors_of(name, model))
        ]
        metrics.append(folder / name / "metrics.csv")
        write_csv(metrics[-1], COLUMNS, rows)
    rows = [
        (seed, arm, way, 3.5 + seed, 10000, 109 + 90 * (way == "fixed") + seed, 1000, 14 + seed)
        for seed in range(seeds)
        for arm in BLOCKS["paper"]["bias"]
        for way in WAYS
    ]
    columns = ("seed", "arm", "way", "shift", "n", "errors", "class_n", "class_errors")
    write_csv(folder / "paper/bias.csv", columns, rows)
    students = {
        name: claimed.students(BLOCKS[statement["experiment"]], statement["arm"])
        for name, statement in CLAIMS["statements"].items()
    }
    output = {kind: folder / f"claims.{kind}" for kind in ("csv", "md", "html", "png", "svg")}
    job = SimpleNamespace(
        input=SimpleNamespace(claims="reference/claims.yaml", metrics=metrics, shifts=[folder / "paper/bias.csv"]),
        output=SimpleNamespace(**output),
        params=SimpleNamespace(labels=LABELS, students=students, mistake=None),
        log=[folder / "log"],
    )
    runpy.run_path(script.__file__, {"snakemake": job}, "__main__")
    return {row["id"]: row for row in read_csv(output["csv"])}, output["md"].read_text()


def test_the_table_compares_each_claim_with_what_it_names(tmp_path):
    rows, _ = make(tmp_path, seeds=3)
    assert len(rows) == 89
    assert rows["no-threes-bias"]["mean"] == "110.0"  # by the bias that the test images choose
    assert rows["no-threes-bias"]["verdict"] == "reproduced"
    assert "fixed bias, shift 3.50 to 5.50: 200.0 (" in rows["no-threes-bias"]["note"]
    assert rows["no-threes-bias"]["note"].endswith("not reproduced")
    assert rows["distilled"]["verdict"] == "reproduced"  # 45, 55, 65 errors for 74
    assert rows["hard-student"]["verdict"] == "exceeded"  # and for 146
    assert rows["no-threes-on-threes"]["mean"] == "4.0"
    assert rows["study/norm-no3/3"]["verdict"] == "exceeded"
    assert float(rows["study/kd/0"]["mean"]) == pytest.approx(99.9)
    assert rows["study/kd-no3+bias/avg"]["verdict"] == "contradicts itself"
    assert rows["wide-students"]["verdict"] == "reproduced"
    assert rows["narrow-students"]["verdict"] == "reproduced"


def test_the_summary_counts_the_verdicts_of_the_table(tmp_path):
    rows, text = make(tmp_path, seeds=3)
    for verdict in Verdict:
        counts = [
            sum(row["verdict"] == verdict and row["source"] == source for row in rows.values())
            for source in ("paper", "study")
        ]
        assert f" {verdict} | {counts[0]} | {counts[1]} | " in text
    assert "bias chosen on the test images (oracle)" in text
    assert "- KD No3+B, class 3: 39.1 published, 99.60" in text
    assert "margin 36" in text
    assert text.count("| Avg |") == 1


def test_one_seed_shows_no_interval_and_says_so(tmp_path):
    rows, text = make(tmp_path, seeds=1)
    assert {row["verdict"] for row in rows.values()} == {"undecided", "contradicts itself"}
    assert {row["low"] for row in rows.values()} == {""}
    assert "One seed has no interval" in text
    assert "In brackets" not in text
    assert "nan" not in text.lower()


def figure(seeds):
    values = {
        model: np.tile(np.linspace(95, 96, seeds)[:, None], (1, 10)) for labels in LABELS.values() for model in labels
    }
    accuracies = dict.fromkeys(LABELS, Accuracies(tuple(range(seeds)), tuple(range(10)), values))
    shifts = {column: np.full(seeds, 100.0) for column in ("shift", "errors", "class_errors")}
    shifts = {(model, way): shifts | {"n": np.full(seeds, 1e4), "class_n": np.full(seeds, 1e3)}
              for model in values for way in WAYS}  # fmt: skip
    numbers = claimed.numbers(CLAIMS, LABELS)
    sizes = dict.fromkeys(LABELS, SIZES)
    results = list(script.judge_numbers(numbers, accuracies, sizes, {"paper": shifts}, {}))
    return results, script.draw(results, LABELS, CLAIMS["tables"])


def test_each_published_number_is_drawn_where_it_is_in_the_look_of_its_verdict():
    results, drawn = figure(seeds=3)
    numbers, _, *panels = drawn.get_axes()
    points = {line.get_ydata()[0]: line for line in numbers.lines if line.get_marker() not in ("None", "|")}
    rates = [0.67, 1.46, 0.74, 2.06, 13.3, 1.09, 1.4, 1.4, 47.3, 13.2]  # of 10,000 images, and of 1,000 threes
    np.testing.assert_allclose([points[row].get_xdata()[0] for row in range(10)], rates)
    looks = [script.STYLES[result.verdict]["marker"] for result in results[:10]]
    assert [points[row].get_marker() for row in range(10)] == looks
    assert [panel.get_title(loc="left") for panel in panels] == list(LABELS["notebook"].values())
    norm_no3 = [line for line in panels[3].lines if line.get_ydata()[0] == 3 and line.get_marker() == "^"]
    assert norm_no3[0].get_xdata()[0] == pytest.approx(0.0 - 95.5)


def test_the_legend_of_all_verdicts_fits():
    results = [replace(result, verdict=list(Verdict)[row % 5]) for row, result in enumerate(figure(seeds=3)[0])]
    drawn = script.draw(results, LABELS, CLAIMS["tables"])
    drawn.draw_without_rendering()
    (legend,) = drawn.legends
    assert {str(verdict) for verdict in Verdict} <= {text.get_text() for text in legend.get_texts()}
    box = legend.get_window_extent()
    assert drawn.bbox.x0 <= box.x0
    assert box.x1 <= drawn.bbox.x1


def test_the_figure_says_how_many_seeds_and_what_the_interval_is():
    words = [text.get_text() for text in figure(seeds=3)[1].findobj(Text)]
    assert "n = 3 seeds; one run: its 95 % prediction interval" in words
    assert "One seed (n = 1), which has no interval" in [text.get_text() for text in figure(1)[1].findobj(Text)]


def test_two_runs_write_the_same_bytes(tmp_path):
    for name in ("here", "there"):
        make(tmp_path / name, seeds=2)
    for kind in ("csv", "md", "html", "png", "svg"):
        assert (tmp_path / f"here/claims.{kind}").read_bytes() == (tmp_path / f"there/claims.{kind}").read_bytes()
