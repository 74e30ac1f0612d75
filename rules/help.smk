# The targets and knobs, printed.


rule help:
    """Print the targets, the knobs with their values, and example commands."""
    log:
        "results/logs/help.log",
    params:
        targets=lambda _: {
            rule.name: rule.docstring
            for rule in sorted(workflow.rules, key=lambda rule: rule.name)
            if not rule.has_wildcards()
        },
        config=config,
    script:
        "../scripts/help.py"
