"""The published verdicts follow from the published tables, which git keeps next to them."""

import runpy
from types import SimpleNamespace

from claims_of_project import BLOCKS, CLAIMS, LABELS
from project import ROOT

import claims as script
from mythical_digit.claims import published_claims as claimed
from mythical_digit.claims import statement_students

PUBLISHED = ROOT / "results/published"


def test_published_verdicts_are_those_of_the_published_tables(tmp_path):
    files = SimpleNamespace(
        claims=ROOT / "reference/claims.yaml",
        metrics=[PUBLISHED / name / "metrics.csv" for name in claimed.experiments_of(CLAIMS)],
        shifts=[PUBLISHED / name / "bias.csv" for name in claimed.experiments_with_shifts(CLAIMS)],
        histories=[PUBLISHED / name / "histories.csv" for name in claimed.experiments_with_history(CLAIMS)],
    )
    students = {
        name: statement_students.students(BLOCKS[statement["experiment"]], statement["arm"])
        for name, statement in CLAIMS["statements"].items()
    }
    made = {kind: tmp_path / f"claims.{kind}" for kind in ("csv", "md", "html", "png", "svg")}
    params = SimpleNamespace(labels=LABELS, students=students, mistake=None)
    job = SimpleNamespace(input=files, output=SimpleNamespace(**made), params=params, log=[tmp_path / "log"])
    runpy.run_path(script.__file__, {"snakemake": job}, "__main__")
    for kind in ("csv", "md"):
        assert made[kind].read_bytes() == (PUBLISHED / f"claims/claims.{kind}").read_bytes()
