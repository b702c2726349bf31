"""Builds, each made once for all tests: python3 packaging/bootstrap.py test -m build -n 0."""

from __future__ import annotations

import faulthandler
import subprocess
import sys
from pathlib import Path

import pytest
from studio_setup import builds, lockfile, pip_install, places

from tests.build.program import Program


def _wheel_program(folder: Path) -> Program:
    """Install the wheel, and the locked libraries beside it, into an environment of its own."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    requirements = folder / "requirements.txt"
    for section in lockfile.group(lockfile.read(places.LOCK), "run"):
        requirements.write_text(section.text, "utf-8")
        pip_install.install(requirements, environment, hashed=section.hashed, again=False)
    pip = [places.python(environment), "-m", "pip", "install", "--no-index", "--no-deps"]
    subprocess.run([*pip, builds.wheel(folder / "dist")], check=True)
    return Program(places.scripts(environment) / "xray-studio", _home(folder))


def _one_folder_program(folder: Path) -> Program:
    return Program(builds.one_folder(folder / "dist") / "xray-studio", _home(folder))


def _home(folder: Path) -> Path:
    home = folder / "a home"
    home.mkdir()
    return home


MAKERS = {"wheel": _wheel_program, "one-folder": _one_folder_program}


@pytest.fixture(scope="module", params=MAKERS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program from the wheel, then from the one-folder build."""
    faulthandler.cancel_dump_traceback_later()  # a build may take longer than any test is given
    return MAKERS[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def demonstration(program: Program) -> Path:
    """The folder that the program's own demonstration has filled."""
    folder = program.home / "demonstration"
    program.run("demo", "--headless", "--out", folder)
    return folder
