"""What networks are computed on."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from xray_studio.ai import compute
from xray_studio.core.errors import UsageError


def test_a_processor_without_bfloat16_computes_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    here = compute.found(2)
    assert here.dtype is torch.float32
    assert here.facts() == {"device": "cpu", "threads": 2, "number": "float32"}
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: True)
    assert compute.found().dtype is torch.bfloat16
    with pytest.raises(UsageError, match="at least 1"):
        compute.found(-1)


def test_a_graphics_processor_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: False)
    assert compute.found(1) == compute.Compute("cuda", 1, bfloat16=False)


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="only Linux tells flags in a file")
def test_bfloat16_is_what_the_processor_says_of_itself() -> None:
    flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    has = "avx512_bf16" in flags or "amx_tile" in flags
    assert compute._has_bfloat16() == has
