"""What is in results/published/: its folders, what each is of, and their files."""

from collections.abc import Iterable
from dataclasses import dataclass

from mythical_digit.errors import UserError
from mythical_digit.study.experiments import label, models

# What a folder is of, in the order in which they are shown. A folder that is not here comes last, under its own name.
TITLES = {
    "hero": "The finding in one figure",
    "draw": "Draw a digit",
    "notebook": "The study, by its own recipe",
    "twenty-seeds": "The study, by its own recipe, twenty seeds",
    "paper": "The paper's recipe",
    "paper-soft": "The paper's recipe, with soft targets alone",
    "claims": "What was published, and whether it holds",
    "shuffled": "The study's recipe, with the images of every model shuffled",
    "orders": "The order of the teacher's images",
    "crossed-seeds": "Teachers crossed with students",
    "every-class": "Every class left out in turn, by the study's recipe",
    "every-class-paper": "Every class left out in turn, by the paper's recipe",
    "fashion-every-class": "Every class of Fashion-MNIST left out in turn, by the study's recipe",
    "fashion-every-class-paper": "Every class of Fashion-MNIST left out in turn, by the paper's recipe",
    "fashion-every-class-soft": "Every class of Fashion-MNIST left out in turn, on soft targets at T = 20 alone",
    "fashion-mlp": "Other people's networks on Fashion-MNIST",
    "pairs": "Two digits left out together",
    "search": "Which recipe makes a student recognise a class that it never saw?",
    "found": "The recipe that was found, confirmed",
    "found-limits": "From the recipe that was found to the paper's, step by step",
    "fashion-found": "The recipe that was found, on Fashion-MNIST",
    "chain": "From the study to the paper, step by step",
    "temperature": "Temperature against width",
    "grid": "Which temperature and weight of the soft targets?",
    "hard-labels": "Which weight of the hard labels for the paper's student?",
    "hard-labels-paper": "Which weight of the hard labels, with the paper's teacher?",
    "paper-batches": "Which batches, and how many epochs, for the paper's student?",
    "bf16": "Matrix products in bfloat16",
    "speed": "How fast it is",
    "scale": "How it grows with the number of students",
}
# Where a folder comes from that is not of one experiment.
ORIGINS = {
    "claims": "the experiments that `reference/claims.yaml` names",
    "draw": "the experiments `notebook` and `paper`",
    "hero": "the experiments `twenty-seeds`, `paper` and, for the film, `notebook`",
    "scale": "`benchmarks/scale.py`",
    "speed": "`benchmarks/speed.py`",
}
# Of the study and of the paper's recipe, whose single models look like those of `notebook` and `paper`.
VARIATIONS = ("shuffled", "orders", "pairs", "bf16", "paper-soft")
PICTURES = (".png", ".svg")


@dataclass(frozen=True)
class Folder:
    """A folder of results/published/: its name, what it is of, and its files by their paths below it, sorted."""

    name: str
    title: str
    files: tuple[str, ...]

    @property
    def origin(self) -> str:
        """What it was made from: an experiment of config.yaml, if it has a manifest."""
        of_experiment = f"the experiment `{self.name}`" if "manifest.json" in self.files else "see `rules/`"
        return ORIGINS.get(self.name, of_experiment)

    @property
    def figures(self) -> list[str]:
        """Its figures, without suffix; each is there as PNG and as SVG."""
        return list(dict.fromkeys(path.rpartition(".")[0] for path in self.files if path.endswith(PICTURES)))

    def ending(self, suffix: str) -> list[str]:
        """Its files with a suffix."""
        return [path for path in self.files if path.endswith(suffix)]


def folders(paths: Iterable[str]) -> list[Folder]:
    """The folders of the files at these paths below results/published/, in the order of TITLES."""
    files: dict[str, list[str]] = {}
    for path in sorted(paths):
        name, _, rest = path.partition("/")
        if rest:
            files.setdefault(name, []).append(rest)
    places = {name: place for place, name in enumerate(TITLES)}
    ordered = sorted(files, key=lambda name: (places.get(name, len(places)), name))
    return [Folder(name, TITLES.get(name, name), tuple(files[name])) for name in ordered]


def recipe(manifest: dict) -> str:
    """What an experiment trained, in a line, from its manifest: data, models, changes and seeds."""
    try:
        config = manifest["config"]["experiment"]
        students = ", ".join(label(config, model) for model in models(config) if not model.endswith("+bias"))
        varied = f"{len(config['steps'])} changes, step by step and each alone" if config.get("steps") else ""
        along = f"along {' and '.join(key.partition('.')[2] for key in config['sweep'])}" if "sweep" in config else ""
        rungs = config.get("search", {}).get("rungs")
        drawn = f"{rungs[0]['recipes']} recipes, by successive halving" if rungs else ""
        seeds = ", ".join(map(str, config["seeds"]))
        return "; ".join(filter(None, [f"{config['dataset']}: {students}", varied, along, drawn, f"seeds {seeds}"]))
    except KeyError as error:
        raise UserError(f"a manifest in results/published/ lacks {error}; make it anew with `publish`") from error
