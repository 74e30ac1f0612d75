"""Make results/report.html: another Snakemake reports on the finished results and how they were made.

report.js, next to this script, is added to its page.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.files.atomic import atomic
from mythical_digit.workflow.job_log import logged

ADDED = Path(__file__).with_suffix(".js")


def report(snakefile: str, results: Sequence[str], config: Mapping, path: str | Path) -> str:
    """Write the report to `path`, whole or not at all, and return Snakemake's output.

    `config` is the workflow's whole config: the other Snakemake reads it after config.yaml, so that it also knows what
    this one was given on the command line. A report takes no lock, which this Snakemake holds while it waits.

    Raises UserError if the report cannot be made.
    """
    with atomic(path) as part, tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "config.json"
        settings.write_text(json.dumps(config))
        html = Path(folder) / "report.html"  # Snakemake needs the suffix
        options = ["--configfile", str(settings), "--report", str(html), "--snakefile", snakefile]
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", *options, "--", *results],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise UserError(f"{path}: Snakemake could not make the report:\n{done.stdout}")
        body, end, rest = html.read_text(encoding="utf-8").rpartition("</body>")
        added = f"<script>\n{ADDED.read_text(encoding='utf-8')}</script>\n"
        part.write_text(f"{body}{added}{end}{rest}", encoding="utf-8", newline="")
    return done.stdout


if __name__ == "__main__":
    with logged(snakemake.log[0]) as log:
        params = snakemake.params
        log.info("%s", report(params.snakefile, snakemake.input.results, params.config, snakemake.output[0]))
