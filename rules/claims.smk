# What was published against what was measured, of all experiments that reference/claims.yaml names: `snakemake claims`.
from functools import cache

from common import claims as claimed

CLAIMS = "reference/claims.yaml"


NO_CLAIMS = {"tables": {}, "numbers": {}, "statements": {}}


@cache
def read_claims():
    """The claims, and the first mistake in them, if there is one.

    They are read only where they are asked for: a config without their experiments does without them. A mistake is
    left to the job, which then waits for nothing else: Snakemake shows an error in a rule's function with a traceback.
    """
    content = NO_CLAIMS
    try:
        content = claimed.read_claims(CLAIMS)
        claimed.check_references(content, config, CLAIMS)
    except UserError as error:
        return content, str(error)
    return content, None


def claims():
    content, mistake = read_claims()
    return NO_CLAIMS if mistake else content


def published_claims():
    """The copies that git keeps, where `run` has all the experiments that the claims need."""
    content, _ = read_claims()
    complete = {*claimed.needed_experiments(content)} <= {*config["run"]}
    return expand("results/published/claims/claims.{kind}", kind=["csv", "md", "png", "svg"]) if complete else []


def labels_by_experiment():
    return {
        name: {model: experiments.label(EXPERIMENTS[name], model) for model in experiments.models(EXPERIMENTS[name])}
        for name in claimed.needed_experiments(claims())
    }


def students_of_statements():
    """What each statement is chosen from: units and temperature of each student, by the statement's name."""
    return {
        name: claimed.students(EXPERIMENTS[statement["experiment"]], statement["arm"])
        for name, statement in claims()["statements"].items()
    }


rule claims:
    input:
        claims=CLAIMS,
        tables=lambda _: [table["file"] for table in claims()["tables"].values()],
        metrics=lambda _: expand("results/{name}/metrics.csv", name=claimed.needed_experiments(claims())),
        shifts=lambda _: expand("results/{name}/bias.csv", name=claimed.needing_bias(claims())),
    output:
        csv="results/claims/claims.csv",
        md="results/claims/claims.md",
        png="results/claims/claims.png",
        svg="results/claims/claims.svg",
    log:
        "results/logs/claims/claims.log",
    benchmark:
        "results/benchmarks/claims/claims.tsv"
    conda:
        "../envs/environment.yaml"
    params:
        code=code("claims"),
        mistake=lambda _: read_claims()[1],
        labels=lambda _: labels_by_experiment(),
        students=lambda _: students_of_statements(),
    script:
        "../scripts/claims.py"


use rule publish_file as publish_claims with:
    input:
        "results/claims/{file}",
    output:
        "results/published/claims/{file}",
    log:
        "results/logs/claims/publish_claims.{file}.log",
    wildcard_constraints:
        file=r"claims\.\w+",
