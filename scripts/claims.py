"""Makes results/claims/claims.{csv,md,html,png,svg}: what was published against what was measured, and the verdicts.

From reference/claims.yaml, and from metrics.csv, bias.csv and histories.csv of the experiments that it names. The rules
are in mythical_digit/claims: verdicts.py, intervals.py, temperatures.py.
"""

from mythical_digit.claims.csv_rows import COLUMNS, rows
from mythical_digit.claims.figure import draw
from mythical_digit.claims.judging import contradicted_averages, judge_conclusion, judge_numbers, judge_temperatures
from mythical_digit.claims.measuring import read_measurements
from mythical_digit.claims.published_claims import conclusions, numbers, read_claims
from mythical_digit.claims.text import markdown
from mythical_digit.errors import UserError
from mythical_digit.figures.style import save
from mythical_digit.files.atomic import write_text
from mythical_digit.files.records import write_csv
from mythical_digit.tables.html import page
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    with logged(snakemake.log[0]):
        params, files = snakemake.params, snakemake.input
        if params.mistake:
            raise UserError(params.mistake)
        claims = read_claims(files.claims)
        ours = read_measurements(files.metrics, files.shifts, files.histories, params.labels)
        wrong = contradicted_averages(claims["tables"], params.labels, ours)
        results = judge_numbers(numbers(claims, params.labels), ours, wrong)
        judged = [judge_conclusion(conclusion, ours) for conclusion in conclusions(claims)]
        judged += [
            judge_temperatures(name, statement, params.students[name], ours)
            for name, statement in claims["statements"].items()
        ]
        write_csv(snakemake.output.csv, COLUMNS, rows(results, judged))
        text = markdown(results, judged, claims, params.labels, wrong)
        write_text(snakemake.output.md, text)
        write_text(snakemake.output.html, page("Verdicts on what was published", text))
        save(draw(results, judged), [snakemake.output.png, snakemake.output.svg])
