"""Answers of each test by themselves, and a detector that tells what it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.anomaly.fakes import NAME, Telling
from tests.ui.viewer.fakes import make_view
from xray_studio.core.registry import Entry, Registry
from xray_studio.services.anomaly import detectors, offers
from xray_studio.ui.session import Session


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep answers of each test by themselves."""
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> type[Telling]:
    """A detector that marks bright places beside those there are, asked first."""
    known = detectors.DETECTORS.entries().values()
    mine = Entry(NAME, "tests.services.anomaly.fakes:Telling")
    made = Registry("xray_studio.no_such_group", (mine, *known))
    for module in (detectors, offers):
        monkeypatch.setattr(module, "DETECTORS", made)
    monkeypatch.setattr(Telling, "asked", 0)
    monkeypatch.setattr(Telling, "sha256", Telling.sha256)
    return Telling


@pytest.fixture
def session() -> Session:
    """A session with a loop in view."""
    made = Session()
    made.update(view=make_view())
    return made
