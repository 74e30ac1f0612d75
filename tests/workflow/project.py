"""A copy of the workflow with a small config, and what the tests do with it: run it, change it, ask what is stale."""

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import forked_snakemake
import yaml
from drawn_digits import write_dataset

ROOT = Path(__file__).parent.parent.parent
WORKFLOW = [
    "Snakefile",
    "config.yaml",
    "config.schema.yaml",
    "report",
    "rules",
    "scripts",
    "profiles",
    "reference",
    "envs",
    "CITATION.cff",
    "benchmarks",
]
RECORDS = ("provenance.json", "ro-crate-metadata.json")  # of the time and the machine: no run repeats them
QUICK = {"epochs": 3, "batch_size": 100, "learning_rate": 0.01}
BLOCK = re.compile(r"^(?:local)?(?:rule|checkpoint) (?P<rule>\w+):\n(?P<body>(?:    .*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """A job that Snakemake would run, as it says it."""

    rule: str
    wildcards: dict[str, str]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def name(self) -> str:
        """`rule` or `rule:model` or `rule:model:seed`, as far as the rule has these."""
        model = self.wildcards.get("model") or self.wildcards.get("arm")
        return ":".join(filter(None, [self.rule, model, self.wildcards.get("seed")]))


class Project:
    """The workflow in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def create(cls, folder: Path) -> "Project":
        """A copy of the workflow whose config is small: drawn digits, narrow networks, three epochs, two seeds."""
        for name in WORKFLOW:
            source, target = ROOT / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        project = cls(folder)
        config = project.config
        dataset = config["datasets"]["mnist"]
        dataset["files"] = write_dataset(folder / "digits")
        dataset["sources"] = [{"folder": "digits"}]
        for block in config["experiments"].values():
            if "held_out" in block:
                block["held_out"] = 300  # of 1,500
        config["experiments"]["order-from-30000"]["teacher"]["order"] = "file from 700"
        del config["experiments"]["found"]["recipes"]  # it ties the shifted classes of several experiments
        config["seeds"] = [0, 1]
        config["compute"]["device"] = "cpu"
        for name in ("notebook", "quick"):
            for role, hidden in (("teacher", [64, 64]), ("student", [32, 32])):
                config["experiments"][name][role] |= {"hidden": hidden, "dropout": 0.2, **QUICK}
        project.config = config
        return project

    def copy(self, folder: Path) -> "Project":
        """The same project elsewhere, results, modification times and Snakemake's records included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)

    @property
    def config(self) -> dict:
        return yaml.safe_load((self.folder / "config.yaml").read_text())

    @config.setter
    def config(self, config: dict) -> None:
        (self.folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def change(self, *path: str | int, value: object) -> None:
        """Set one value of config.yaml."""
        config = self.config
        block = config
        for key in path[:-1]:
            block = block[key]
        block[path[-1]] = value
        self.config = config

    def shrink(self) -> None:
        """Make small what `claims` needs beside `notebook`: its seeds, narrow networks, few epochs and values."""
        config = self.config
        paper, temperature = (config["experiments"][name] for name in ("paper", "temperature"))
        paper["teacher"] |= {"hidden": [64, 64], **QUICK}
        paper["student"] |= {"hidden": [32, 32], **QUICK}
        temperature["student"] |= QUICK | {"epochs": 1}
        temperature["sweep"] = {"student.hidden": [[300, 300], [30, 30]], "distillation.temperature": [2, 3, 10, 20]}
        fashion = config["experiments"]["fashion-mlp"]
        fashion["student"] |= QUICK | {"epochs": 1}
        fashion |= {"dataset": "mnist", "teacher": "notebook"}  # the drawn digits
        paper["seeds"] = temperature["seeds"] = fashion["seeds"] = [0]
        config["experiments"]["twenty-seeds"]["seeds"] = config["seeds"]
        self.config = config

    def rewrite(self, name: str, change: Callable[[str], str]) -> None:
        """Put in the place of a file's text what `change` makes of it."""
        path = self.folder / name
        path.write_text(change(path.read_text()))

    def append(self, name: str, text: str) -> None:
        """Change a file by adding to its end."""
        self.rewrite(name, lambda before: before + text)

    def snakemake(self, *arguments: str, cores: int | None = 2) -> subprocess.CompletedProcess:
        """Run Snakemake and return what came of it, stdout and stderr together in `stdout`."""
        limit = [] if cores is None else ["--cores", str(cores)]
        if "--dry-run" in arguments:
            return forked_snakemake.snakemake(self.folder, [*limit, *arguments])
        return subprocess.run(
            [sys.executable, "-m", "snakemake", *limit, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )

    def run(self, *arguments: str, cores: int = 2) -> str:
        """Run Snakemake, which must succeed; return what it said."""
        done = self.snakemake(*arguments, cores=cores)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def jobs(self, *arguments: str, cores: int = 2) -> dict[str, Job]:
        """What Snakemake would run, each job by the first file that it makes; rules that make none are left out."""
        jobs = {}
        for block in BLOCK.finditer(self.run("--dry-run", *arguments, cores=cores)):
            lines = dict(re.findall(r"^    (\w+): (.*)$", block["body"], re.MULTILINE))
            wildcards, inputs, outputs = (
                tuple(filter(None, lines.get(key, "").split(", "))) for key in ("wildcards", "input", "output")
            )
            if outputs:
                jobs[outputs[0]] = Job(block["rule"], dict(pair.split("=", 1) for pair in wildcards), inputs, outputs)
        return jobs

    def stale(self, *arguments: str, cores: int = 2) -> set[str]:
        """The names of these jobs."""
        return {job.name for job in self.jobs(*arguments, cores=cores).values()}

    def results(self, pattern: str = "*") -> dict[str, bytes]:
        """The content of every result, by its path below results/; without logs, benchmarks and records of the run.

        `pattern` is of their names. A file that vanishes meanwhile, as a run may have it, is not there.
        """
        folder, found = self.folder / "results", {}
        for path in sorted(folder.rglob(pattern)):
            place = path.relative_to(folder)
            if path.is_file() and place.parts[0] not in ("logs", "benchmarks") and path.name not in RECORDS:
                with contextlib.suppress(FileNotFoundError):
                    found[place.as_posix()] = path.read_bytes()
        return found
