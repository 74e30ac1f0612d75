"""The whole pipeline in the other two modes of `compute.numerics`; the other tests are of the strict one."""

import json

import pytest
from project import Project


def run_with(numerics, folder, cores):
    """A project of one seed after its run in the mode `numerics`."""
    project = Project.create(folder)
    project.change("seeds", value=[0])
    project.change("compute", "numerics", value=numerics)
    project.run(cores=cores)
    provenance = json.loads((folder / "results/notebook/provenance.json").read_text())
    assert provenance["config"]["compute"]["numerics"] == numerics
    return project


@pytest.mark.slow
def test_portable_gives_the_same_bytes_at_any_cores(tmp_path):
    one, four = (run_with("portable", tmp_path / str(cores), cores).results() for cores in (1, 4))
    assert sorted(one) == sorted(four)
    assert [name for name in one if one[name] != four[name]] == []


@pytest.mark.slow
def test_fast_makes_every_file(finished_project, tmp_path):
    promised = {name for name in finished_project.results() if "/seed-1/" not in name}
    assert set(run_with("fast", tmp_path / "fast", cores=4).results()) == promised
