"""Fixtures of window tests: no screen is needed, and the program is the real one."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.studies import write_study
from tests.ui.waiting import PatientBot
from xray_studio.ui.look.theme import apply_theme, px, tokens
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.main import main
from xray_studio.ui.main_window import MainWindow

Script = Callable[[MainWindow], object]
Drive = Callable[..., int]


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """A robot that waits as long as a busy machine needs; Qt's program is there with it."""
    assert qapp is not None
    return PatientBot(request)


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two patients, a cine of two runs, five slices and two files to skip."""
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(autouse=True)
def dark_again() -> Iterator[None]:
    """Dress the program as usual after a test that dressed it otherwise."""
    yield
    app = QApplication.instance()
    if isinstance(app, QApplication) and (tokens() is not DARK or px(100) != 100):
        apply_theme(app)


@pytest.fixture
def drive(qtbot: QtBot) -> Drive:
    """Run the real `main()` on paths and let a script act in place of the person."""

    def run(script: Script, *paths: Path) -> int:
        def act(window: MainWindow) -> int:
            with qtbot.waitActive(window):
                window.activateWindow()
            script(window)
            return 0

        return main([str(path) for path in paths], act)

    return run
