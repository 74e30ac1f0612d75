# From the numbers of all experiments to what they say of those that others published.


rule claims:
    """A verdict on every conclusion and number in reference/claims.yaml, from all experiments that it names."""
    input:
        claims=CLAIMS,
        tables=lambda _: claimed.files(claims()),
        metrics=lambda _: expand("results/{name}/metrics.csv", name=claimed.experiments_of(claims())),
        shifts=lambda _: expand("results/{name}/bias.csv", name=claimed.experiments_with_shifts(claims())),
        histories=lambda _: expand("results/{name}/histories.csv", name=claimed.experiments_with_history(claims())),
    output:
        csv="results/claims/claims.csv",
        md="results/claims/claims.md",
        png="results/claims/claims.png",
        svg=report(
            "results/claims/claims.svg",
            caption="../report/claims.rst",
            category="Claims",
            labels={"Shows": "verdicts, figure"},
        ),
        html=report(
            "results/claims/claims.html",
            caption="../report/claims_table.rst",
            category="Claims",
            labels={"Shows": "verdicts, table"},
        ),
    log:
        "results/logs/claims/claims.log",
    benchmark:
        "results/benchmarks/claims/claims.tsv"
    params:
        code=code("claims"),
        mistake=lambda _: read_claims()[1],
        labels=lambda _: {name: labels_in(name) for name in claimed.experiments_of(claims())},
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
    params:
        edited=lambda wildcards: edited(f"claims/{wildcards.file}"),
