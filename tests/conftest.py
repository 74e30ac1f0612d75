"""What all tests need: the numerics of the pipeline, set before anything imports torch."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

from common import numerics

os.environ.update(numerics.environment("strict"))
