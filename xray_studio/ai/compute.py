"""What networks are computed on: graphics processor or processor, threads, kind of number."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import torch

from xray_studio.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Compute:
    """Where a network runs: `device` "cuda" or "cpu", threads, and whether in bfloat16."""

    device: str = "cpu"
    threads: int = 1
    bfloat16: bool = False

    @property
    def dtype(self) -> torch.dtype:
        """The kind of number that layers compute in; weights and sums stay float32."""
        return torch.bfloat16 if self.bfloat16 else torch.float32

    def facts(self) -> dict[str, Any]:
        """Return what is told of it."""
        number = "bfloat16" if self.bfloat16 else "float32"
        return {"device": self.device, "threads": self.threads, "number": number}


def found(threads: int = 0) -> Compute:
    """Return what this machine has: a graphics processor where there is one.

    `threads` 0 takes as many as there are processors. Processors compute in bfloat16 only where
    they have instructions for it: elsewhere it is emulated, which is slower than float32. Raises
    UsageError for a number below 0.
    """
    if threads < 0:
        raise UsageError("The number of threads is at least 1, or 0 for one a processor.")
    count = threads or os.cpu_count() or 1
    if torch.cuda.is_available():
        return Compute("cuda", count, torch.cuda.is_bf16_supported())
    return Compute("cpu", count, _has_bfloat16())


def _has_bfloat16() -> bool:
    """Tell whether the processor multiplies in bfloat16 (AVX-512 BF16 or AMX)."""
    # There is no public question: PyTorch itself asks these before it compiles for a processor.
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in asked)
