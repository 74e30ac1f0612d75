"""Makes results/{experiment}/table.{csv,md,tex} from metrics.csv and, where there is one, the published table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.accuracies import read_accuracies
from common.files import write_csv, write_text
from common.job import logged
from common.published import AVERAGE, contradictions, read_published
from common.statistics import Estimate, describe, estimate

LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "±": r"$\pm$",
        "−": "$-$",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)


@dataclass(frozen=True)
class Section:
    """A table as text: what it shows, and its columns by their heading, all of one length."""

    title: str
    caption: str
    columns: dict[str, list[str]]


def wide(
    rows: Sequence[str], ours: Mapping[str, Estimate], published: Mapping[str, np.ndarray] | None
) -> dict[str, list]:
    """Lay out the CSV table, column by column, in full precision (percent); None where nothing is defined."""
    columns = {"class": list(rows), "n": [result.n for result in list(ours.values())[:1] for _ in rows]}
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
) -> list[Section]:
    """Write out the tables to read: ours and, where there is a published table, that one and the difference."""
    n = next(iter(ours.values())).n
    heads = {"Class": [row.replace(AVERAGE, "Avg") for row in rows]}
    measured = {
        labels[model]: [
            f"{mean:.2f}" + ("" if np.isnan(halfwidth) else f" ± {halfwidth:.2f}")
            for mean, halfwidth in zip(result.mean, result.halfwidth, strict=True)
        ]
        for model, result in ours.items()
    }
    sign = "" if n == 1 else " After ±: half of the interval's width."
    caption = f"Test accuracy in percent. {describe(n)}.{sign} Avg: mean over the classes."
    tables = [Section("Measured", caption, heads | measured)]
    if published is not None:
        printed = {
            labels[model]: ["" if np.isnan(value) else str(value) for value in values.tolist()]
            for model, values in published.items()
        }
        differences = {
            labels[model]: ["" if np.isnan(value) else signed(value) for value in result.mean - published[model]]
            for model, result in ours.items()
        }
        wrong = "; ".join(
            f"{labels[model]} {printed:.2f}, column {mean:.2f}"
            for model, (printed, mean) in contradictions(published).items()
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


def signed(value: float) -> str:
    """Write a difference to two decimals with its sign; what rounds to zero has a plus."""
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")


def markdown(tables: Sequence[Section]) -> str:
    """Write the tables in Markdown."""
    blocks = []
    for table in tables:
        heads = [head.replace("|", r"\|") for head in table.columns]
        lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *zip(*table.columns.values(), strict=True)]
        blocks += [f"## {table.title}", table.caption, "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    return "\n\n".join(blocks) + "\n"


def latex(tables: Sequence[Section]) -> str:
    """Write the tables as LaTeX floats for the package booktabs."""
    blocks = [r"% Needs \usepackage{booktabs}."]
    for table in tables:
        caption = f"{table.title}. {table.caption}".translate(LATEX)
        head, *body = [
            " & ".join(cell.translate(LATEX) for cell in line) + r" \\"
            for line in [list(table.columns), *zip(*table.columns.values(), strict=True)]
        ]
        blocks += [
            r"\begin{table}",
            r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
            rf"\caption{{{caption}}}",
            rf"\begin{{tabular}}{{l{'r' * (len(table.columns) - 1)}}}",
            r"\toprule",
            head,
            r"\midrule",
            *body[:-1],
            r"\midrule",
            body[-1],
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
        ]
    return "\n".join(blocks) + "\n"


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        labels = snakemake.params.labels
        accuracies = read_accuracies(snakemake.input.metrics, labels)
        rows = [*map(str, accuracies.classes), AVERAGE]
        ours = {model: estimate(accuracies.with_average(model)) for model in labels}
        path = snakemake.input.get("published")
        published = read_published(path, list(labels), rows) if path else None
        columns = wide(rows, ours, published)
        write_csv(snakemake.output.csv, list(columns), zip(*columns.values(), strict=True))
        tables = sections(rows, labels, ours, published)
        write_text(snakemake.output.md, markdown(tables))
        write_text(snakemake.output.tex, latex(tables))
