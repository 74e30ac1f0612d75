"""Makes results/{experiment}/table.{csv,md,tex,html} from metrics.csv and the published table, if there is one."""

from collections.abc import Mapping, Sequence

import numpy as np

from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.study.class_labels import Names, short
from mythical_digit.tables.accuracies import read_accuracies
from mythical_digit.tables.experiment_note import noted, noted_table
from mythical_digit.tables.html import page
from mythical_digit.tables.latex import latex
from mythical_digit.tables.markdown import Section, explained, markdown, plus_minus, signed
from mythical_digit.tables.published import AVERAGE, contradictions, read_published
from mythical_digit.tables.statistics import Estimate, describe, estimate
from mythical_digit.workflow.job_log import logged

ERRORS = "errors"
HEADS = {AVERAGE: "Avg", ERRORS: "Errors"}  # of the rows below the classes


def wide(
    rows: Sequence[str], ours: Mapping[str, Estimate], published: Mapping[str, np.ndarray] | None, names: Names = None
) -> dict[str, list]:
    """Lay out the CSV table, column by column, in full precision: percent, and counts in the row of the errors.

    None marks what is not defined. Classes with `names` have these in a column of their own.
    """
    columns = {"class": list(rows), "n": [result.n for result in list(ours.values())[:1] for _ in rows]}
    if names:
        columns = {"class": columns["class"], "name": [*names, None, None], "n": columns["n"]}
    for model, result in ours.items():
        numbers = {model: result.mean, f"{model}_halfwidth": result.halfwidth}
        if published is not None:
            numbers |= {f"{model}_published": published[model], f"{model}_difference": result.mean - published[model]}
        for name, values in numbers.items():
            columns[name] = [None if np.isnan(value) else value for value in values.tolist()]
    return columns


def sections(
    rows: Sequence[str],
    labels: Mapping[str, str],
    ours: Mapping[str, Estimate],
    published: Mapping[str, np.ndarray] | None,
    names: Names = None,
) -> list[Section]:
    """Write the tables to read: ours and, if there is a published one, that one and the difference.

    The last of `rows`, the errors, are counts and appear in the first table only; all others are percent.
    """
    n = next(iter(ours.values())).n
    heads = {"Class": [HEADS.get(row) or short(int(row), names) for row in rows]}
    measured = {
        labels[model]: [*plus_minus(result)[:-1], plus_minus(result, digits=1)[-1]] for model, result in ours.items()
    }
    unseen = any(np.isnan(result.mean).any() for result in ours.values())
    below = "Avg: mean over the classes. Errors: number of test images." + (" n/a: no test image." if unseen else "")
    caption = f"Test accuracy in percent. {describe(n)}.{explained(n)} {below}"
    tables = [Section("Measured", caption, heads | measured)]
    if published is not None:
        heads = {"Class": heads["Class"][:-1]}
        percent = {model: values[:-1] for model, values in published.items()}
        printed = {
            labels[model]: ["" if np.isnan(value) else str(value) for value in values.tolist()]
            for model, values in percent.items()
        }
        differences = {
            labels[model]: ["" if np.isnan(value) else signed(value) for value in result.mean[:-1] - percent[model]]
            for model, result in ours.items()
        }
        wrong = "; ".join(
            f"{labels[model]} {printed:.2f}, column {mean:.2f}"
            for model, (printed, mean) in contradictions(percent).items()
        )
        note = f" Printed averages that contradict the mean of their own column: {wrong}." if wrong else ""
        tables += [
            Section("Published", f"Test accuracy in percent, as printed.{note}", heads | printed),
            Section(
                "Difference",
                "Measured mean minus published value, in percentage points; Avg is compared with the printed average.",
                heads | differences,
            ),
        ]
    return tables


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        labels, note, names = snakemake.params.labels, snakemake.params.note, snakemake.params.names
        accuracies = read_accuracies(snakemake.input.metrics, labels)
        rows = [*map(str, accuracies.classes), AVERAGE, ERRORS]
        ours = {
            model: estimate(np.column_stack([accuracies.with_average(model), accuracies.errors[model]]))
            for model in labels
        }
        path = snakemake.input.get("published")
        published = read_published(path, list(labels), rows) if path else None
        columns = wide(rows, ours, published, names)
        write_csv(snakemake.output.csv, *noted_table(list(columns), zip(*columns.values(), strict=True), note))
        tables = noted(sections(rows, labels, ours, published, names), note)
        text = markdown(tables)
        write_text(snakemake.output.md, text)
        write_text(snakemake.output.html, page("Accuracy per class", text))
        write_text(snakemake.output.tex, latex(tables, HEADS[AVERAGE]))
