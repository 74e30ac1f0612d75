"""What the commands in this folder share: the package on the path, the config, prepared data, errors in one message."""

import argparse
import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"  # where the package is
sys.path.insert(0, str(SCRIPTS))

from mythical_digit.errors import UserError  # noqa: E402 (it is below SCRIPTS)
from mythical_digit.files.records import write_json  # noqa: E402
from mythical_digit.records.manifests import MANIFEST, manifest_of  # noqa: E402
from mythical_digit.study import yaml_syntax  # noqa: E402

PUBLISHED = ROOT / "results/published"
BENCHMARKED = "notebook"  # the experiment whose data and recipes are measured

log = logging.getLogger("benchmark")


def execute(main: Callable[[argparse.Namespace], None], parser: argparse.ArgumentParser) -> None:
    """Call `main` with the command line's arguments; on a UserError, print its message and exit with status 1."""
    arguments = parser.parse_args()
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)
    try:
        main(arguments)
    except UserError as error:
        sys.exit(str(error))


QUIET = ("--quiet", "progress", "rules", "host", "reason")


def write_manifest(folder: Path) -> None:
    """Write the checksums of the files of a folder of PUBLISHED next to them: `site` checks them."""
    files = sorted(path for path in folder.glob("[!.]*") if path.name != MANIFEST)
    write_json(folder / MANIFEST, manifest_of(files, folder.parent))


def snakemake(folder: Path, *arguments: str, quiet: Sequence[str] = QUIET) -> str:
    """Run Snakemake in a folder; return what it said. Raises UserError, with its last words, if it fails."""
    command = [sys.executable, "-m", "snakemake", *quiet, *arguments]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        said = f"snakemake {' '.join(arguments)} failed in {folder} (exit status {done.returncode})"
        raise UserError(f"{said}:\n{done.stdout[-2000:]}")
    return done.stdout


def prepared(processors: int) -> tuple[dict, Path, Path]:
    """Let Snakemake check the config and prepare the data of BENCHMARKED, where it is not ready.

    Returns the config, the path of the prepared data and the folder of the IDX files that it comes from. Raises
    UserError if the config has a mistake or Snakemake fails.
    """
    path = ROOT / "config.yaml"
    yaml_syntax.check(path)
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        dataset = config["experiments"][BENCHMARKED]["dataset"]
    except (KeyError, TypeError) as error:
        raise UserError(f"{path}: no experiment {BENCHMARKED!r}; the benchmarks measure it, so put it back") from error
    data, raw = Path(f"results/data/{dataset}.safetensors"), Path(f"results/data/{dataset}/raw")
    snakemake(ROOT, "--cores", str(processors), str(data), str(raw / "train-images-idx3-ubyte"))
    return config, ROOT / data, ROOT / raw
