"""What jobs cost on this machine: trainings by their operations and measured rates, others by those that ran."""

import json
import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path

from command import log
from dry_run import Job
from speed import finish, settings_of, start

from mythical_digit.study import experiments
from mythical_digit.study.config import completed
from mythical_digit.study.dataset_mistakes import training_images
from mythical_digit.study.recipe import Recipe
from mythical_digit.training import cost, numerics

COSTLY = ("hidden", "dropout", "input_dropout", "max_norm", "batch_size")  # what the rate of a training depends on
IMAGES = 12_000  # of an epoch that is timed
PLANNING = 2.0  # seconds of a run that finds nothing to do
UNKNOWN = 1.5  # seconds of a job whose rule did not run


class Work:
    """What jobs cost, in seconds of a processor."""

    def __init__(self, config: Mapping, data: Path, processors: int):
        """`config` as it is in the file, `data`: the prepared data that a training reads to be timed."""
        self.given, self.config = config, completed(config)
        self.data, self.processors = data, processors
        self.blocks = {name: experiments.expanded(block) for name, block in self.config["experiments"].items()}
        self.rates: dict[str, float] = {}  # operations per second, by recipe and precision
        self.starts: list[float] = []  # seconds until a training has its data
        self.rules: dict[str, list[float]] = {}  # seconds of the jobs that ran

    def training(self, job: Job) -> tuple[str, int] | None:
        """What the rate of a training depends on, and its operations; None if the job does not train."""
        if job.rule not in ("train_teacher", "train_student"):
            return None
        name = job.wildcards["experiment"]
        block, arm = self.blocks[name], job.wildcards.get("arm")
        dataset = self.config["datasets"][block["dataset"]]
        images, pixels = training_images(dataset)
        omitted = len(experiments.omitted(block, arm)) / dataset["classes"] if arm else 0  # classes are about equal
        recipe = experiments.student(block, arm) if arm else block["teacher"]
        images = round((images - block.get("held_out", 0)) * (1 - omitted))
        key = [experiments.compute(self.config, name)["precision"], {k: recipe[k] for k in COSTLY if k in recipe}]
        return json.dumps(key), cost.training_operations(Recipe(**recipe), pixels, dataset["classes"], images)

    def measure(self, jobs: Iterable[Job]) -> None:
        """Measure the rates of the trainings among the jobs, on all processors at once."""
        keys = {found[0] for job in jobs if (found := self.training(job))} - self.rates.keys()
        settings, pixels = settings_of(self.config), self.pixels()
        for precision in sorted({json.loads(key)[0] for key in keys}):
            recipes = {key: json.loads(key)[1] | {"epochs": 1, "learning_rate": 1e-3} for key in sorted(keys)}
            recipes = {key: recipe for key, recipe in recipes.items() if json.loads(key)[0] == precision}
            settings |= {"recipes": recipes, "turns": 1, "images": IMAGES}
            settings["compute"] = {**self.config["compute"], "precision": precision}
            variables = numerics.environment(settings["compute"]["numerics"])
            answers = finish(
                [start("training_step.py", self.data, settings, variables) for _ in range(self.processors)]
            )
            self.starts += [answer["start"] for answer in answers]
            for key, recipe in recipes.items():
                images = min(IMAGES, pixels[0])
                operations = cost.training_operations(Recipe(**recipe), pixels[1], settings["classes"], images)
                self.rates[key] = operations / statistics.median(s for a in answers for s in a[key]["epochs"])
                log.info("%s: %.1f GFLOP/s", key, self.rates[key] / 1e9)

    def pixels(self) -> tuple[int, int]:
        """Training images of the data on which rates are measured, and the pixels of each."""
        return training_images(self.config["datasets"][self.data.stem])

    def seconds(self, job: Job) -> float:
        """What a job costs, once the rates are measured."""
        if found := self.training(job):
            return statistics.median(self.starts) + found[1] / self.rates[found[0]]
        every = self.rules.get(job.rule) or [UNKNOWN]
        return statistics.mean(every)

    def estimated(self, jobs: Iterable[Job]) -> tuple[float, float]:
        """Wall time and processor time of jobs: the longest first, each on the processor that is free first."""
        loads = [0.0] * self.processors
        for seconds in sorted(map(self.seconds, jobs), reverse=True):
            loads[loads.index(min(loads))] += seconds
        return PLANNING + max(loads), PLANNING + sum(loads)
