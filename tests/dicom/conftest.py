"""Fixtures for tests of DICOM objects."""

from __future__ import annotations

import pytest

from xray_studio.core.workers import process


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in this process what worker processes would do."""
    monkeypatch.setattr(process, "_inside", True)
