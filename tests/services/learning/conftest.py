"""What tests of learning share."""

from __future__ import annotations

from typing import Any

import pytest

from xray_studio.core.job import Job, Progress
from xray_studio.core.workers.process import load
from xray_studio.services.learning.inference.engine import Engine


def asked_at_once(
    _engine: Engine, function: str, arguments: tuple[Any, ...], *_more: Any, **_others: Any
) -> Job[Any]:
    """Answer as `Engine.asked` does, in this process."""
    yield Progress()
    return load(function)(*arguments)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines ask in this process, which has its libraries loaded."""
    monkeypatch.setattr(Engine, "asked", asked_at_once)
