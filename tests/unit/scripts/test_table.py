import runpy
from types import SimpleNamespace

import numpy as np
import pytest

import table
from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv
from mythical_digit.tables import published
from mythical_digit.tables.statistics import estimate

LABELS = {"teacher": "Teacher", "kd-no3+bias": "KD_No3+B"}
ROWS = ["0", "1", "avg", "errors"]
OURS = {
    "teacher": [[99.0, 97.0], [99.0, 98.0], [99.0, 99.0]],
    "kd-no3+bias": [[90.0, 40.0], [91.0, 41.0], [92.0, 42.0]],
}
PUBLISHED = "class,teacher,kd-no3+bias\n0,99.5,91.0\n1,97.5,41.0\navg,98.5,65.0\n"


class Named(SimpleNamespace):
    """As Snakemake's named lists: attributes, and `get` for what may be absent."""

    def get(self, name):
        return getattr(self, name, None)


def make(folder, seeds=3, published=None):
    """Run the script on `seeds` seeds and return what it writes: CSV rows, Markdown, LaTeX."""
    lines = ["seed,model,class,n,correct,accuracy"]
    for seed in range(seeds):
        for model, values in OURS.items():
            lines += [f"{seed},{model},{label},100,{value:.0f},{value}" for label, value in enumerate(values[seed])]
    (folder / "metrics.csv").write_text("\n".join(lines) + "\n")
    inputs = Named(metrics=folder / "metrics.csv")
    if published is not None:
        (folder / "published.csv").write_text(published)
        inputs.published = folder / "published.csv"
    output = Named(csv=folder / "t.csv", md=folder / "t.md", tex=folder / "t.tex", html=folder / "t.html")
    snakemake = Named(
        input=inputs, output=output, params=Named(labels=LABELS, note=None, names=None), log=[folder / "log"]
    )
    runpy.run_path(table.__file__, {"snakemake": snakemake}, "__main__")
    return read_csv(output.csv), output.md.read_text(), output.tex.read_text()


def test_csv_has_means_half_widths_and_differences(tmp_path):
    rows, _, _ = make(tmp_path, published=PUBLISHED)
    assert [row["class"] for row in rows] == ROWS
    assert {row["n"] for row in rows} == {"3"}
    assert list(rows[0])[2:6] == ["teacher", "teacher_halfwidth", "teacher_published", "teacher_difference"]
    assert float(rows[1]["teacher"]) == 98
    assert float(rows[1]["teacher_halfwidth"]) == pytest.approx(4.3026527 / 3**0.5)
    assert float(rows[1]["teacher_published"]) == 97.5
    assert float(rows[1]["teacher_difference"]) == 0.5
    assert float(rows[2]["kd-no3+bias"]) == 66
    assert float(rows[2]["kd-no3+bias_halfwidth"]) == pytest.approx(4.3026527 / 3**0.5)


def test_markdown_states_measured_published_and_difference(tmp_path):
    _, text, _ = make(tmp_path, published=PUBLISHED)
    assert "n = 3 seeds with its 95 % confidence interval" in text
    assert "| 1 | 98.00 ± 2.48 | 41.00 ± 2.48 |" in text
    assert "| Avg | 98.50 ± 1.24 | 66.00 ± 2.48 |" in text
    assert "| Avg | 98.5 | 65.0 |" in text
    assert "| 0 | −0.50 | +0.00 |" in text


def test_the_errors_of_all_classes_are_counted_in_the_last_row(tmp_path):
    rows, text, latex = make(tmp_path, published=PUBLISHED)
    assert float(rows[3]["teacher"]) == 3  # 1 + 3, 1 + 2 and 1 + 1 of 200 images
    assert float(rows[3]["teacher_halfwidth"]) == pytest.approx(4.3026527 / 3**0.5)
    assert rows[3]["teacher_published"] == rows[3]["teacher_difference"] == ""
    assert "| Errors | 3.0 ± 2.5 | 68.0 ± 5.0 |" in text
    assert text.count("| Errors |") == 1  # none of what was published
    assert "\\midrule\nAvg" in latex


def test_only_averages_that_contradict_their_column_are_noted(tmp_path):
    _, text, _ = make(tmp_path, published=PUBLISHED)
    assert "contradict the mean of their own column: KD_No3+B 65.00, column 66.00." in text
    assert "contradict" not in make(tmp_path, published=PUBLISHED.replace("65.0", "66.04"))[1]


def test_latex_is_escaped_and_has_the_same_cells(tmp_path):
    _, _, text = make(tmp_path, published=PUBLISHED)
    assert r"Class & Teacher & KD\_No3+B \\" in text
    assert r"1 & 98.00 $\pm$ 2.48 & 41.00 $\pm$ 2.48 \\" in text
    assert r"0 & $-$0.50 & +0.00 \\" in text
    assert r"95 \% confidence" in text
    assert text.count(r"\toprule") == text.count(r"\begin{tabular}{lrr}") == text.count(r"\end{table}") == 3
    assert text.isascii()


def test_without_a_published_table_there_is_no_comparison(tmp_path):
    rows, text, latex = make(tmp_path)
    assert list(rows[0]) == ["class", "n", "teacher", "teacher_halfwidth", "kd-no3+bias", "kd-no3+bias_halfwidth"]
    assert "Published" not in text + latex
    assert "Difference" not in text + latex


def test_one_seed_has_no_interval_and_says_so(tmp_path):
    rows, text, latex = make(tmp_path, seeds=1, published=PUBLISHED)
    assert rows[0]["teacher_halfwidth"] == ""
    assert rows[0]["teacher_difference"] == "-0.5"
    assert "| 1 | 97.00 | 40.00 |" in text
    assert "needs at least two" in text
    assert "±" not in text
    assert "nan" not in (text + latex).lower()


def test_what_the_published_table_lacks_is_empty(tmp_path):
    rows, text, _ = make(tmp_path, published="class,teacher\n0,99.5\n1,\navg,98.5\n")
    assert rows[1]["teacher_published"] == rows[1]["teacher_difference"] == rows[0]["kd-no3+bias_published"] == ""
    assert "| 1 |  |  |" in text
    assert "nan" not in text


def test_a_published_table_that_is_none_is_named(tmp_path):
    path = tmp_path / "published.csv"
    for content in ("", "digit,teacher\n0,1\n", "class,teacher\n0,high\n"):
        path.write_text(content)
        with pytest.raises(UserError, match=r"published\.csv"):
            published.read_published(path, ["teacher"], ROWS)


def test_a_difference_that_rounds_to_zero_has_one_sign():
    assert table.signed(-0.004) == table.signed(0.004) == "+0.00"
    assert table.signed(-1.5) == "−1.50"


def test_full_precision_is_kept():
    ours = {"kd": estimate(np.array([[1 / 3, 1 / 3]]))}
    assert table.wide(["0", "avg"], ours, None)["kd"] == [1 / 3, 1 / 3]
