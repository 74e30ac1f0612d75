# What the rule `claims` reads, by what reference/claims.yaml names.
from functools import cache

from mythical_digit.claims import claim_checks, statement_students
from mythical_digit.claims import published_claims as claimed

CLAIMS = of_project("reference/claims.yaml")
NO_CLAIMS = {kind: {} for kind in claim_checks.KINDS}


@cache
def read_claims():
    """The claims, and the first mistake in them, if there is one.

    They are read only where they are asked for: a config without their experiments does without them. A mistake is
    left to the job, which then waits for nothing else: Snakemake shows an error in a rule's function with a traceback.
    """
    content = NO_CLAIMS
    try:
        content = claimed.read_claims(CLAIMS)
        claim_checks.check_references(content, config, CLAIMS)
    except UserError as error:
        return content, str(error)
    return content, None


def claims():
    content, mistake = read_claims()
    return NO_CLAIMS if mistake else content


def published_claims():
    """The copies that git keeps, where `run` has all the experiments that the claims need."""
    content, _ = read_claims()
    complete = {*claimed.experiments_of(content)} <= {*config["run"]}
    return expand("results/published/claims/claims.{kind}", kind=["csv", "md", "png", "svg"]) if complete else []


def students_of_statements():
    """What each statement is chosen from: units and temperature of each student, by the statement's name."""
    return {
        name: statement_students.students(EXPERIMENTS[statement["experiment"]], statement["arm"])
        for name, statement in claims()["statements"].items()
    }
