"""System packages: installed by root on Debian, else named in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

import pytest
from studio_setup import environment, processes, system
from studio_setup.console import SetupError


class Machine:
    """A machine that lacks some things, and the commands it was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[list[str]] = []
        self.status = 0
        self.patch = monkeypatch.setattr
        self.patch(sys, "platform", "linux")
        self.patch(environment, "exists", lambda: True)
        self.patch(system, "_loads", lambda _: True)
        self.patch(system, "_debian", lambda: True)
        self.patch(os, "geteuid", lambda: 1000)
        self.patch(processes, "ask", self.ask)

    def ask(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        return subprocess.CompletedProcess(command, self.status, "", "E: Unable to fetch\n")

    def lacks(self, *libraries: str) -> None:
        self.patch(system, "_loads", lambda library: library not in libraries)

    def lacks_venv(self) -> None:
        self.patch(environment, "exists", lambda: False)
        self.patch("importlib.util.find_spec", lambda name: None if name == "ensurepip" else name)

    def is_root(self) -> None:
        self.patch(os, "geteuid", lambda: 0)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_nothing_is_done_where_nothing_is_missing(machine: Machine) -> None:
    system.require()
    assert machine.commands == []


def test_anybody_is_told_the_one_command(machine: Machine) -> None:
    machine.lacks("libEGL.so.1", "libxcb-cursor.so.0")
    with pytest.raises(SetupError, match=r"sudo apt-get install libegl1 libxcb-cursor0$"):
        system.require()
    assert machine.commands == []


def test_root_has_them_installed(machine: Machine) -> None:
    machine.lacks("libEGL.so.1")
    machine.is_root()
    system.require()
    assert [command[2] for command in machine.commands] == ["update", "install"]
    assert machine.commands[1][-1] == "libegl1"


def test_a_failed_installation_says_why_and_how(machine: Machine) -> None:
    machine.lacks("libEGL.so.1")
    machine.is_root()
    machine.status = 100
    with pytest.raises(SetupError, match=r"Unable to fetch.*apt-get install libegl1$"):
        system.require()


def test_a_missing_venv_module_is_in_the_same_line(machine: Machine) -> None:
    machine.lacks_venv()
    machine.lacks("libGL.so.1")
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    with pytest.raises(SetupError, match=rf"apt-get install {package} libgl1$"):
        system.require()


def test_other_systems_hear_debians_names(machine: Machine) -> None:
    machine.lacks("libGL.so.1")
    machine.patch(system, "_debian", lambda: False)
    with pytest.raises(SetupError, match=r"install what Debian calls libgl1$"):
        system.require()


def test_windows_and_macos_bring_their_libraries(machine: Machine) -> None:
    machine.lacks("libGL.so.1")
    machine.patch(sys, "platform", "darwin")
    system.require()


def test_missing_peers_and_their_tests_are_named(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.patch(shutil, "which", lambda name: None if name in {"dciodvfy", "ffprobe"} else name)
    system.offer_peers()
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Skipped without dciodvfy: ")
    assert lines[2] == "To run them too: sudo apt-get install dicom3tools ffmpeg"


def test_root_has_the_peers_installed(machine: Machine) -> None:
    machine.patch(shutil, "which", lambda name: None if name == "dciodvfy" else name)
    machine.is_root()
    system.offer_peers()
    assert machine.commands[1][-1] == "dicom3tools"


def test_peers_that_cannot_be_had_do_not_stop_the_tests(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.patch(shutil, "which", lambda name: None if name == "dciodvfy" else name)
    machine.is_root()
    machine.status = 100
    system.offer_peers()
    assert "Skipped without dciodvfy" in capsys.readouterr().err
