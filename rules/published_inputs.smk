# What git keeps of the results, what the report shows, and the files of folders that pages are made of.
import hashlib

from mythical_digit.records import manifests


def published(experiment):
    """What git keeps of an experiment: what is presented, the numbers behind it, and the checksums of all.

    Of one that continues another, no figures: they look like those of the other.
    """
    kept = [
        path
        for path in summaries(experiment)
        if "continues" not in EXPERIMENTS[experiment] or path.endswith((".csv", ".md", ".tex"))
    ]
    copies = [path.replace("results/", "results/published/", 1) for path in kept]
    return [*copies, f"results/published/{experiment}/manifest.json"]


def to_publish():
    """What git keeps of the experiments that `run` names, and of what is made of several where these are all it needs."""
    experiments = [path for experiment in config["run"] for path in published(experiment)]
    others = published_of_several()
    return [*experiments, *others, *sorted({f"{os.path.dirname(path)}/manifest.json" for path in others})]


def published_of_several():
    """The copies of what is made of several experiments."""
    return [*published_claims(), *published_draw(), *published_hero()]


def in_report():
    """The figures and tables of the experiments that `run` names, and the claims where these are all they need."""
    drawn = [path for path in published_hero() if "hero.svg" in path]
    claims = [path.replace("results/published/", "results/") for path in (*published_claims(), *drawn)]
    shown = [path for experiment in config["run"] for path in (*presented(experiment), *pages(experiment))]
    return [*claims, *shown]


def in_manifest(wildcards):
    """The files that the manifest of a folder is of which is made of several experiments."""
    folder = f"results/published/{wildcards.folder}/"
    return [path.replace("published/", "", 1) for path in published_of_several() if path.startswith(folder)]


def edited(copy, *sources):
    """When a copy was changed by hand, by its path below results/published/: as a param, it has the copy made again.

    Snakemake asks only for the times of files. It notes the params from before the job: the run after next copies again.
    """
    sources = sources or [f"results/{copy}"]
    return manifests.edited(Path("results/published", copy), [*map(Path, sources)])


def below_published(path):
    return path.removeprefix("results/published/")


def files_below(folder):
    """The files in a folder, by their paths below it, but for the index of what is published."""
    paths = {path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()}
    return sorted(path for path in paths - {"README.md"} if "__pycache__" not in path)


def fingerprints_below(places):
    """The content of files and of all files in folders, by path: as a param, it makes stale what shows them."""
    files = [
        file
        for place in places
        for file in ([f"{place}/{path}" for path in files_below(place)] if Path(place).is_dir() else [place])
    ]
    return {file: fingerprint_of_content(file) for file in files}


def fingerprint_of_content(file):
    """Nothing of a file that is missing or cannot be read: the job says so, in one message."""
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]
    except OSError:
        return None
