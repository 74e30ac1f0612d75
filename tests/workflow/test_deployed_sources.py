"""What Snakemake ships to executors without a shared file system is all that a job needs: it runs there, elsewhere."""

import subprocess
import sys
import tarfile

import pytest
from project import Project

pytestmark = pytest.mark.slow

# As Snakemake's executors have it written; its command line has no way to ask for the archive alone.
ARCHIVE = """
from pathlib import Path
from snakemake.api import SnakemakeApi
from snakemake.settings.types import OutputSettings, ResourceSettings

with SnakemakeApi(OutputSettings()) as api:
    workflow = api.workflow(resource_settings=ResourceSettings(cores=2), snakefile=Path("Snakefile"))
    workflow.dag()
    workflow._workflow._prepare_dag(forceall=False, ignore_incomplete=True, lock_warn_only=True)
    workflow._workflow.write_source_archive(Path("sources.tar.xz"))
"""


def test_the_shipped_sources_run_in_another_folder(fresh, finished_project, tmp_path):
    for command in (["init", "--quiet"], ["add", "--all"]):  # Snakemake ships what git tracks
        subprocess.run(["git", *command], cwd=fresh.folder, check=True)
    subprocess.run([sys.executable, "-c", ARCHIVE], cwd=fresh.folder, check=True)
    elsewhere = tmp_path / "elsewhere"
    with tarfile.open(fresh.folder / "sources.tar.xz") as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 and newer have it
        archive.extractall(elsewhere)
    target = "results/notebook/seed-0/norm-no3/metrics.json"
    Project(elsewhere).run("--", target)
    assert (elsewhere / target).read_bytes() == (finished_project.folder / target).read_bytes()
