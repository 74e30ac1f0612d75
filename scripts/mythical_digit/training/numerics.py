"""How numbers are computed: the instruction set, the number of threads, the device.

On x86-64, torch takes its matrix products from Intel's MKL. MKL's results depend on the processor and the number of
threads unless it is asked for conditional numerical reproducibility. PyTorch's own kernels depend on the vector width
they are dispatched for, and so do NumPy's exponentials and the OpenBLAS behind its matrix products. Environment
variables fix all of these, if set before torch and NumPy are imported. The workflow sets them for every job
(`environment`), and a training job checks them (`set_up`). Where they have no effect, few enough threads make no
difference (`fit_threads`).
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from mythical_digit.errors import UserError

if TYPE_CHECKING:
    import torch

ENVIRONMENTS = {
    "strict": {
        "MKL_CBWR": "AVX2,STRICT",
        "ATEN_CPU_CAPABILITY": "avx2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    },
    "portable": {
        "MKL_CBWR": "COMPATIBLE",
        "ATEN_CPU_CAPABILITY": "default",
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    },
    "fast": {},
}
# The most threads a job may use without its bytes depending on their number. Measured with torch 2.15.0 and its MKL on
# random shapes: in strict mode, 1 and 2 threads agree for products of 1,200 outputs or more (smaller ones are split
# along their sums), 4 and 8 do not; in portable mode, 1 and 2 differ at most sizes.
MOST_THREADS = {"strict": 2, "portable": 1}
SMALLEST_PRODUCT = 2048  # outputs
LONGEST_SUM = 2**15  # terms: torch divides longer sums among its threads

CUBLAS = {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}  # what CUDA's matrix products need to be deterministic


def environment(numerics: str) -> dict[str, str]:
    """Environment variables for a process that computes in the mode `numerics`: strict, portable or fast."""
    return {**ENVIRONMENTS[numerics], **CUBLAS}


def set_up(compute: Mapping[str, str], threads: int) -> "torch.device":
    """Prepare torch for one job and return the device to compute on.

    `compute` has `numerics` and `device`: auto, cpu or cuda. auto takes the first CUDA device, or else the processor.
    torch gets `threads` threads at most, and never more than the mode or the machine allows.

    Raises UserError if `device` is cuda and torch finds none, RuntimeError if a variable of `environment` is not set.
    """
    numerics, device = compute["numerics"], compute["device"]
    missing = {k: v for k, v in environment(numerics).items() if os.environ.get(k) != v}
    if missing:
        raise RuntimeError(f"numerics {numerics!r} needs these variables set before torch is imported: {missing}")
    import torch

    most = MOST_THREADS.get(numerics, threads)
    torch.set_num_threads(max(1, min(threads, most, available_processors())))
    # Not use_deterministic_algorithms: it imports torch's compiler, which takes as long as importing torch itself.
    torch.set_deterministic_debug_mode("default" if numerics == "fast" else "error")
    torch.utils.deterministic.fill_uninitialized_memory = False  # nothing here reads memory before writing it
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("compute.device is 'cuda', but torch finds no CUDA device; set it to 'auto' or 'cpu'")
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(device)


def fit_threads(numerics: str, rows: Iterable[int], widths: Sequence[int]) -> None:
    """Limit torch to one thread if products are so small, or batches so large, that threads change the bytes.

    `rows` are the batch sizes to come, `widths` the layer sizes: inputs, hidden, classes. Does nothing in a mode that
    does not promise the same bytes on any number of threads.
    """
    import torch

    rows = list(rows)
    smallest = min(min(rows) * min(widths[1:]), *(a * b for a, b in pairwise(widths)))
    if numerics in MOST_THREADS and (smallest < SMALLEST_PRODUCT or max(rows) > LONGEST_SUM):
        torch.set_num_threads(1)


def available_processors() -> int:
    """Number of processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
