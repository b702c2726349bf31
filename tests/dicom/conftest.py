"""Fixtures for tests of DICOM objects."""

from __future__ import annotations

import pytest

from xray_studio.core.workers import process
from xray_studio.dicom.scan import headers


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read headers of all files that are asked for, however busy the machine is."""
    monkeypatch.setattr(headers, "SECONDS_PER_BATCH", 600.0)


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in this process what worker processes would do."""
    monkeypatch.setattr(process, "_inside", True)
