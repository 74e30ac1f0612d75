"""How numbers are computed: the instruction set, the number of threads, the device.

On x86-64 the matrix products come from Intel's MKL. Its results depend on the processor and on the number of threads
unless conditional numerical reproducibility is asked for; PyTorch's own kernels depend on the vector width that they
were dispatched for. Both are fixed by environment variables that must be set before torch is imported: the workflow
sets them for every job (`environment`), and a job that trains or evaluates makes sure of it (`set_up`).
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from common.errors import UserError

if TYPE_CHECKING:
    import torch

ENVIRONMENTS = {
    "strict": {"MKL_CBWR": "AVX2,STRICT", "ATEN_CPU_CAPABILITY": "avx2"},
    "portable": {"MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "default"},
    "fast": {},
}
CUBLAS = {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}  # what CUDA's matrix products need to be deterministic


def environment(numerics: str) -> dict[str, str]:
    """Environment variables of a process that computes in the mode `numerics`: strict, portable or fast."""
    return {**ENVIRONMENTS[numerics], **CUBLAS}


def set_up(compute: Mapping[str, str], threads: int) -> "torch.device":
    """Prepare torch for one job and return the device to compute on.

    `compute` has `numerics` and `device`: auto, cpu or cuda; auto takes the first CUDA device where there is one.
    `threads` is what the job was given; torch takes no more than the machine has.

    Raises UserError if CUDA is asked for and not there, RuntimeError if the variables of `environment` are not set.
    """
    numerics, device = compute["numerics"], compute["device"]
    missing = {k: v for k, v in environment(numerics).items() if os.environ.get(k) != v}
    if missing:
        raise RuntimeError(f"numerics {numerics!r} needs these variables set before torch is imported: {missing}")
    import torch

    torch.set_num_threads(max(1, min(threads, available_processors())))
    torch.use_deterministic_algorithms(numerics != "fast")
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("compute.device is 'cuda', but torch finds no CUDA device; set it to 'auto' or 'cpu'")
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(device)


def available_processors() -> int:
    """Number of processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
