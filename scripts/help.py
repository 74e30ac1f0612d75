"""Print the targets, the knobs with their values, and example commands."""

import json
from collections.abc import Iterator, Mapping

from mythical_digit.workflow.job_log import logged

QUICK = "quick"  # the experiment of this project that is a look at what comes out


def examples(config: Mapping) -> dict[str, str]:
    """Commands that work with this config, and what each does."""
    first, blocks = config["run"][0], config["experiments"]
    owner = blocks[first].get("continues", first)  # its knobs are turned there
    temperature = 4 if blocks[owner]["distillation"]["temperature"] == 8 else 8
    knob = f"experiments={{{owner}: {{distillation: {{temperature: {temperature}}}}}}}"
    seeds = f"experiments={{{first}: {{seeds: [0]}}}}" if "seeds" in blocks[first] else "seeds=[0]"
    one = (f"--config '{seeds}'", "list the jobs of one seed without running them")
    if "search" in blocks[first]:  # which needs all of its seeds
        one = (first, "list the jobs of the first rung without running them")
    look = (QUICK, "see what comes out, in about a minute") if QUICK in blocks else (first, "make one experiment")
    return {
        f"snakemake --cores 4 {look[0]}": look[1],
        f"snakemake --dry-run {one[0]}": one[1],
        f"snakemake --cores 4 --config '{knob}'": "turn a knob",
    }


def knobs(config: Mapping, run: list[str]) -> Iterator[tuple[str, object]]:
    """The keys of the config as paths, with their values; without data sets, `hero` and experiments outside `run`."""
    kept = {name: block for name, block in config["experiments"].items() if name in run}
    config = {key: value for key, value in config.items() if key not in ("datasets", "hero")} | {"experiments": kept}
    yield from leaves(config)


def leaves(block: Mapping, path: str = "") -> Iterator[tuple[str, object]]:
    """The values in nested mappings that are not mappings themselves, by their paths."""
    for key, value in block.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def help_text(targets: Mapping[str, str], config: Mapping) -> str:
    """The help: targets (descriptions by name), knobs, examples."""
    width = max(map(len, targets))
    lines = ["Targets: snakemake --cores 4 TARGET"]
    for name, words in targets.items():
        lines.append(f"  {name:{width}}  {words}")
    lines += ["", f"Knobs of {', '.join(config['run'])}, in config.yaml (what they mean: docs/configuration.md)"]
    lines += [f"  {path}: {json.dumps(value, ensure_ascii=False)}" for path, value in knobs(config, config["run"])]
    lines += ["", "Examples", *(f"  {command}\n      {words}" for command, words in examples(config).items())]
    return "\n".join(lines)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        print(f"\n{help_text(snakemake.params.targets, snakemake.params.config)}\n")
