"""Fixtures of report tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.report.made_up import MadeUp, known
from xray_studio.services.report import engines


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[MadeUp]]:
    """Let one engine be there, which is made up."""

    monkeypatch.setattr(engines, "engines_known", known)
    monkeypatch.setattr(engines, "engine_called", lambda _name: MadeUp())
    yield MadeUp
    MadeUp.abstains, MadeUp.held = "", None
