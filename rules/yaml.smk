# Is the config YAML, and no key twice in it? Asked before Snakemake reads it, which would not say in which line a mistake
# is, and of two values take the last.
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

PROJECT = Path(workflow.current_basedir).parent
sys.path.insert(0, str(PROJECT / "scripts"))

from mythical_digit.study import yaml_syntax
from mythical_digit.errors import UserError

try:
    for path in filter(Path.exists, map(Path, ["config.yaml", *workflow.overwrite_configfiles])):
        yaml_syntax.check(path)
except UserError as error:
    raise WorkflowError(str(error))
