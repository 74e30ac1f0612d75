"""What `numerics.environment` asks for reaches the libraries that compute."""

import json
import os
import subprocess
import sys

import pytest

from mythical_digit.training import numerics

PROBE = """
import hashlib
import json

import numpy as np
values = np.random.default_rng(0).normal(size=90_000)
square = values.reshape(300, 300)
computed = {"exponentials": np.exp(values), "logarithms": np.log(np.abs(values)), "products": square @ square}
digests = {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in computed.items()}
print(json.dumps({"simd": np.show_config(mode="dicts")["SIMD Extensions"].get("found", []), **digests}))
"""


def computed(variables):
    """What NumPy computes, and with which instruction sets beyond its baseline, in a process with these variables."""
    inherited = {name: value for name, value in os.environ.items() if name not in numerics.environment("strict")}
    done = subprocess.run([sys.executable, "-c", PROBE], env=inherited | variables, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


def test_strict_holds_numpy_to_avx2_whatever_the_processor_has():
    strict, fast = (computed(numerics.environment(mode)) for mode in ("strict", "fast"))
    assert set(strict["simd"]) == {"X86_V3"} & set(fast["simd"])
    if "X86_V4" not in fast["simd"]:
        pytest.skip("this processor has no AVX-512, so nothing would differ")
    assert all(strict[name] != fast[name] for name in ("exponentials", "logarithms", "products"))


def test_portable_holds_numpy_to_what_all_processors_share():
    assert computed(numerics.environment("portable"))["simd"] == []


def test_no_mode_restricts_onednn_from_which_the_products_in_bf16_come():
    program = "import torch; torch.nn.functional.conv2d(torch.ones(4, 8, 16, 16), torch.ones(8, 8, 3, 3))"
    inherited = {name: value for name, value in os.environ.items() if name not in numerics.environment("strict")}

    def instructions(**variables):
        variables = inherited | {"ONEDNN_VERBOSE": "1"} | variables
        done = subprocess.run(
            [sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=True
        )
        return next(line for line in done.stdout.splitlines() if "cpu,isa:" in line)

    assert instructions(ONEDNN_MAX_CPU_ISA="SSE41") != instructions()  # so that a restriction would show
    assert {instructions(**numerics.environment(mode)) for mode in numerics.ENVIRONMENTS} == {instructions()}


def test_a_job_that_trains_does_not_import_torchs_compiler():
    program = """
import sys
from mythical_digit.training import numerics
from mythical_digit.training import loop
from mythical_digit.training.adam import Adam
from mythical_digit.training.network import Mlp
from mythical_digit.training.randomness import stream

numerics.set_up({"numerics": "strict", "device": "cpu"}, 1)
Adam(Mlp.initialised((4, 3, 2), stream(0, "test")).parameters())
print(*sorted({".".join(name.split(".")[:2]) for name in sys.modules} & {"torch._inductor", "torch._dynamo"}))
"""
    variables = {**os.environ, **numerics.environment("strict"), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
