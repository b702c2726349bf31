"""Fixtures of the set-up's tests: a project of its own, so that the real one is never touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from studio_setup import environment, pip_install, places

LOCK = """\
[run]
numpy==2.4.6 \\
    --hash=sha256:00

[develop]
ruff==0.17.5 ; sys_platform == "linux" \\
    --hash=sha256:11
"""


@dataclass
class Project:
    """A folder with a lock, and what pip was asked to install into its environment."""

    root: Path
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    fails: type[BaseException] | None = None
    made: int = 0

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    def install(self, requirements: Path, _environment: Path, **options: Any) -> None:
        self.asked.append((requirements.read_text("utf-8").split("==")[0], options))
        if self.fails is not None:
            raise self.fails("no network")

    def make(self, environment: Path) -> None:
        self.made += 1
        places.site_packages(environment).mkdir(parents=True, exist_ok=True)
        places.scripts(environment).mkdir(parents=True, exist_ok=True)
        places.python(environment).write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", "utf-8")
        places.python(environment).chmod(0o755)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project at an awkward path; neither pip nor venv is really called."""
    fake = Project(tmp_path / "a student's Röntgen copy")
    lock = fake.root / "packaging" / "requirements.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text(LOCK, "utf-8")
    monkeypatch.setattr(places, "ROOT", fake.root)
    monkeypatch.setattr(places, "ENVIRONMENT", fake.environment)
    monkeypatch.setattr(places, "LOCK", lock)
    monkeypatch.setattr(environment, "_make", fake.make)
    monkeypatch.setattr(pip_install, "install", fake.install)
    return fake
