"""A small demonstration, made once and shared: every kind of object, with few frames."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

SIZE = 64
FRAMES = 14


def few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no run of the demonstration more than a few frames."""
    from xray_studio.services.demonstration import angiography

    few = tuple(replace(one, frames=min(one.frames, FRAMES)) for one in angiography.RECIPES)
    monkeypatch.setattr(angiography, "RECIPES", few)


@pytest.fixture(scope="session")
def demonstration_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache folder that holds the small demonstration and nothing else."""
    from xray_studio.core.job import run
    from xray_studio.services.demonstration import demonstration

    cache = tmp_path_factory.mktemp("demonstration")
    with pytest.MonkeyPatch.context() as here:
        here.setenv("XRAY_STUDIO_CACHE", str(cache))
        few_frames(here)
        run(demonstration(SIZE))
    return cache


@pytest.fixture
def small_demonstration(demonstration_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program find the small demonstration in its cache; returns that folder."""
    from xray_studio.services import demonstration as module

    made = module.demonstration
    few_frames(monkeypatch)
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(demonstration_cache))
    monkeypatch.setattr(module, "demonstration", lambda: made(SIZE))
    return demonstration_cache
