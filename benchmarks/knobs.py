"""The knobs that are turned to see what must be made again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dry_run import Job

from mythical_digit.study import experiments


@dataclass(frozen=True)
class Knob:
    """A change of one value of an experiment.

    change   from the experiment's block and seeds, what to put into it; nothing if it has no such knob
    changed  whether a job does something else then: from the job, the arm that it is of, empty if of none of the
             experiment's, and the seeds before
    """

    name: str
    change: Callable[[Mapping, Sequence[int]], dict]
    changed: Callable[[Job, Mapping, Sequence[int]], bool]


def distilled(block: Mapping) -> bool:
    """Whether an experiment has distilled arms whose temperature is not its very subject."""
    return not {"sweep", "steps", "search"} & block.keys() and any(
        arm["distilled"] for arm in block.get("arms", {}).values()
    )


KNOBS = (
    Knob(
        "another bias",
        lambda block, _: (
            {"bias": {arm: {"value": -shift["value"]} for arm, shift in block["bias"].items()}}
            if block.get("bias")
            else {}
        ),
        lambda job, arm, _: bool(arm) and job.rule in ("inject_bias", "choose_bias"),
    ),
    Knob(
        "one more seed",
        lambda _, seeds: {"seeds": [*seeds, max(seeds) + 1]},
        lambda job, _, seeds: job.wildcards.get("seed") == str(max(seeds) + 1),
    ),
    Knob(
        "another temperature",
        lambda block, _: (
            {"distillation": {"temperature": 2 * block["distillation"]["temperature"]}} if distilled(block) else {}
        ),
        lambda job, arm, _: job.rule == "train_student" and arm.get("distilled", False),
    ),
)


def turned(config: Mapping, target: str, knob: Knob) -> list[str]:
    """The arguments that turn a knob of the experiments that are a target; none if it has no such knob.

    `config` is as it is in the file: what an experiment has of another is not its own to change.
    """
    blocks = {name: config["experiments"][name] for name in turnable(config, target)}
    changes = {name: knob.change(block, experiments.seeds(config, name)) for name, block in blocks.items()}
    changes = {name: change for name, change in changes.items() if change}
    return ["--config", f"experiments={json.dumps(changes)}"] if changes else []


def turnable(config: Mapping, target: str) -> list[str]:
    """The experiments that are a target."""
    return config["run"] if target == "all" else [target] if target in config["experiments"] else []


def changes(config: Mapping, blocks: Mapping, target: str, knob: Knob) -> Callable[[Job], bool]:
    """The function that says whether a job does something else once a knob is turned; `blocks` are expanded."""
    names = turnable(config, target)
    seeds = max((experiments.seeds(config, name) for name in names), key=max)

    def changed(job: Job) -> bool:
        name = job.wildcards.get("experiment")
        return knob.changed(job, blocks[name]["arms"].get(job.wildcards.get("arm"), {}) if name in names else {}, seeds)

    return changed
