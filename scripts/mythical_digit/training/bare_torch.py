"""torch without what only its compiler needs: the import takes two thirds of the time. Import it before others do.

For its compiler and for tensors without values (device "meta"), torch says in Python which shape each operation
returns, and takes 0.7 s of every job to say it. No training on a processor asks; `numerics.set_up` imports it where one
runs on another device, as a `torch.Generator` needs it. Every operation gives the same bytes.
"""

import gc
import sys
from types import ModuleType

__all__ = ["torch"]

LEFT_OUT = "_meta_registrations"

if "torch" in sys.modules:
    import torch
else:
    collecting = gc.isenabled()
    gc.disable()  # an import makes many objects and hardly any garbage
    sys.modules[f"torch.{LEFT_OUT}"] = ModuleType(f"torch.{LEFT_OUT}")
    import torch

    # Whoever asks for it after all gets the real one.
    del sys.modules[f"torch.{LEFT_OUT}"]
    vars(torch).pop(LEFT_OUT, None)
    if collecting:
        gc.enable()
