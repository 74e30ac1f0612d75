"""What the bytes of a result may depend on apart from code, config and data: packages, processor, device."""

import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from mythical_digit.training import numerics

PACKAGES = ("matplotlib", "numpy", "pillow", "safetensors", "scipy", "snakemake", "torch")
VECTOR_FLAGS = ("avx", "amx", "fma", "asimd", "sve")  # prefixes of the instruction sets that matter


def describe(compute: Mapping[str, str]) -> dict[str, object]:
    """Describe what this machine computes with under the `compute` block of the config; the same in every call."""
    return {
        "python": platform.python_version(),
        "packages": packages(),
        "processor": processor(),
        "device": device(compute),
    }


def packages() -> dict[str, str]:
    """Return the installed version of each package that may decide a byte."""
    return {name: version(name) for name in PACKAGES}


def device(compute: Mapping[str, str]) -> str:
    """Return what training runs on: `cpu`, or the name of the GPU."""
    if compute["device"] == "cpu":  # importing torch takes seconds
        return "cpu"
    chosen = numerics.set_up(compute, threads=1)
    import torch

    return torch.cuda.get_device_name(chosen) if chosen.type == "cuda" else chosen.type


def processor() -> dict[str, object]:
    """Return the processor's model, architecture and vector instruction sets, as far as the system reports them."""
    model, flags = _linux_processor() if Path("/proc/cpuinfo").exists() else _mac_processor()
    return {
        "model": model or platform.processor() or "unknown",
        "architecture": platform.machine(),
        "instruction_sets": sorted({flag for flag in flags if flag.startswith(VECTOR_FLAGS)}),
    }


def _linux_processor() -> tuple[str, list[str]]:
    lines = (line.partition(":") for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines())
    # The file lists every processor of the machine; they are alike, so the last one will do.
    fields = {name.strip(): value.strip() for name, _, value in lines}
    return fields.get("model name", ""), (fields.get("flags") or fields.get("Features") or "").split()


def _mac_processor() -> tuple[str, list[str]]:
    flags = _sysctl("machdep.cpu.features") + " " + _sysctl("machdep.cpu.leaf7_features")  # Intel only
    return _sysctl("machdep.cpu.brand_string"), flags.lower().split()


def _sysctl(name: str) -> str:
    try:
        return subprocess.run(["sysctl", "-n", name], capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""
