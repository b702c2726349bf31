"""What tests of learning share."""

from __future__ import annotations

from typing import Any

import pytest

from xray_studio.core.job import Job, Progress
from xray_studio.core.workers.process import load
from xray_studio.services.learning.inference.engine import Engine


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines ask in this process, which has its libraries loaded."""

    def asked(
        _engine: Engine, function: str, arguments: tuple[Any, ...], *_more: Any, **_others: Any
    ) -> Job[Any]:
        yield Progress()
        return load(function)(*arguments)

    monkeypatch.setattr(Engine, "asked", asked)
