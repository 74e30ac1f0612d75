# What must hold before Snakemake reads the config: the shared package is this project's, and the config is valid YAML
# without duplicate keys (Snakemake would not say on which line a mistake is, and would take the last of two values).
import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path

from snakemake.exceptions import WorkflowError

PROJECT = Path(workflow.current_basedir).parent

# On the path for this import alone: a workflow that uses this one as a module may have a `table` or `report` of its
# own. Jobs find the package next to their script.
sys.path.insert(0, str(PROJECT / "scripts"))
import mythical_digit

sys.path.remove(str(PROJECT / "scripts"))

on_path = PathFinder.find_spec(mythical_digit.__name__)  # the one that jobs would find first, if there is one
for found in filter(None, [mythical_digit.__file__, on_path and on_path.origin]):
    if not os.path.samefile(found, PROJECT / "scripts/mythical_digit/__init__.py"):
        raise WorkflowError(
            f"{found}: this package has the name of the one in {PROJECT / 'scripts'}, which {PROJECT / 'Snakefile'} "
            "needs; rename it or take its folder off Python's path"
        )

if workflow.modifier.path_modifier.replace_prefix("results/x") != "results/x":
    raise WorkflowError(
        f"{PROJECT / 'Snakefile'}: cannot be used with `prefix` or `replace_prefix`, since it finds its files in results/; "
        "leave them out of the `module`"
    )

if os.path.lexists("results") and not os.path.isdir("results"):
    raise WorkflowError("results: is no folder, and all results go to one of this name; rename or remove it")

from mythical_digit.errors import UserError
from mythical_digit.study import yaml_syntax

try:
    for path in filter(Path.exists, map(Path, ["config.yaml", *workflow.overwrite_configfiles])):
        yaml_syntax.check(path)
except UserError as error:
    raise WorkflowError(str(error))
