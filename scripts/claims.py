"""Makes results/claims/claims.{csv,md,html,png,svg}: what was published against what was measured, and the verdicts.

From reference/claims.yaml, and from metrics.csv and bias.csv of the experiments that it names. The verdicts' rules
are in mythical_digit/claims/verdicts.py.
"""

from pathlib import Path

from mythical_digit.claims.figure import draw
from mythical_digit.claims.judging import judge_numbers, judge_statement
from mythical_digit.claims.published_claims import numbers, read_claims
from mythical_digit.claims.text import COLUMNS, markdown, rows
from mythical_digit.errors import UserError
from mythical_digit.figures.style import save
from mythical_digit.files.atomic import write_csv, write_text
from mythical_digit.tables.accuracies import class_sizes, read_accuracies
from mythical_digit.tables.html import page
from mythical_digit.tables.published import AVERAGE, contradictions, read_published
from mythical_digit.tables.shifts import read_shifts
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params = snakemake.params
        if params.mistake:
            raise UserError(params.mistake)
        claims = read_claims(snakemake.input.claims)
        measured = {Path(path).parent.name: path for path in snakemake.input.metrics}
        accuracies = {name: read_accuracies(path, params.labels[name]) for name, path in measured.items()}
        sizes = {name: class_sizes(path) for name, path in measured.items()}
        shifts = {Path(path).parent.name: read_shifts(path) for path in snakemake.input.shifts}
        wrong = {}
        for name, table in claims["tables"].items():
            rows_of_table = [*map(str, accuracies[table["experiment"]].classes), AVERAGE]
            published = read_published(table["file"], list(params.labels[table["experiment"]]), rows_of_table)
            wrong |= {(name, model): mean for model, (_, mean) in contradictions(published).items()}
        results = list(judge_numbers(numbers(claims, params.labels), accuracies, sizes, shifts, wrong))
        judged = [
            judge_statement(
                name, found, params.students[name], accuracies[found["experiment"]], sizes[found["experiment"]]
            )
            for name, found in claims["statements"].items()
        ]
        write_csv(snakemake.output.csv, COLUMNS, rows(results, judged))
        text = markdown(results, judged, claims["sources"], params.labels, claims["tables"])
        write_text(snakemake.output.md, text)
        write_text(snakemake.output.html, page("Verdicts on the published claims", text))
        save(draw(results, params.labels, claims["tables"]), [snakemake.output.png, snakemake.output.svg])
