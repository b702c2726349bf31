"""The screen the tests get."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from studio_setup import display
from studio_setup.console import SetupError


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Linux without a screen."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_screen_that_is_there_is_used(no_screen: pytest.MonkeyPatch, name: str) -> None:
    no_screen.setenv(name, ":7")
    assert display.present()
    with display.for_tests() as variables:
        assert variables == {}


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_one(no_screen: pytest.MonkeyPatch, platform: str) -> None:
    no_screen.setattr(sys, "platform", platform)
    assert display.present()


def test_without_screen_and_xvfb_qt_draws_off_screen(no_screen: pytest.MonkeyPatch) -> None:
    no_screen.setattr(shutil, "which", lambda _: None)
    with display.for_tests() as variables:
        assert variables == {"QT_QPA_PLATFORM": "offscreen"}


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
@pytest.mark.usefixtures("no_screen")
def test_a_virtual_screen_ends_with_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(popen(*arguments, **options))  # type: ignore[call-overload]  # passed on
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    with display.for_tests() as variables:
        number = variables["DISPLAY"].removeprefix(":")
        assert Path(f"/tmp/.X11-unix/X{number}").exists()
        assert started[0].poll() is None
    assert started[0].poll() is not None


@pytest.mark.usefixtures("no_screen")
def test_a_virtual_screen_that_does_not_start_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "Xvfb"
    broken.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(SetupError, match="did not start"), display.for_tests():
        pass
