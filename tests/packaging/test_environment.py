"""The environment is made once and mended when something changed or went wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from studio_setup import environment, lockfile, places, processes
from studio_setup.console import SetupError

from tests.packaging.conftest import Project

FIRST = {"hashed": True, "again": False}


def test_a_second_start_has_nothing_to_do(project: Project) -> None:
    environment.prepare("run")
    environment.prepare("run")
    assert project.asked == [("numpy", FIRST)]
    assert project.made == 1


def test_tools_come_on_top_of_the_program(project: Project) -> None:
    environment.prepare("run")
    environment.prepare("run", "develop")
    assert [name for name, _ in project.asked] == ["numpy", "ruff"]


def test_a_changed_section_alone_is_installed_again(project: Project) -> None:
    environment.prepare("run", "develop")
    places.LOCK.write_text(places.LOCK.read_text("utf-8").replace("0.17.5", "0.17.6"), "utf-8")
    environment.prepare("run", "develop")
    assert project.asked[2:] == [("ruff", FIRST)]


def test_what_differs_between_machines_is_installed_without_hashes(project: Project) -> None:
    with places.LOCK.open("a", encoding="utf-8") as lock:
        lock.write("\n[run-unhashed]\ntorch==2.13.0\n")
    environment.prepare("run")
    assert project.asked == [("numpy", FIRST), ("torch", {"hashed": False, "again": False})]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, SetupError])
def test_an_interrupted_installation_starts_over(
    project: Project, fault: type[BaseException]
) -> None:
    project.fails = fault
    with pytest.raises(fault):
        environment.prepare("run")
    project.fails = None
    environment.prepare("run")
    environment.prepare("run")
    assert project.asked[1:] == [("numpy", {"hashed": True, "again": True})]
    assert project.made == 1


def test_tools_that_cannot_be_had_leave_the_program_usable(project: Project) -> None:
    environment.prepare("run")
    project.fails = SetupError
    with pytest.raises(SetupError):
        environment.prepare("run", "develop")
    environment.prepare("run")
    assert [name for name, _ in project.asked] == ["numpy", "ruff"]


def test_an_environment_cut_short_while_it_was_made_is_made_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.make(project.environment)
    environment.Stamp(begun=[environment.ITSELF]).save(project.environment)
    monkeypatch.setattr(environment, "_usable", lambda _: True)
    environment.prepare("run")
    assert project.made == 2


def test_an_environment_without_a_working_python_is_made_again(project: Project) -> None:
    project.make(project.environment)
    places.python(project.environment).unlink()
    environment.prepare("run")
    assert project.made == 2


def test_an_environment_made_by_hand_is_taken_over(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.make(project.environment)
    answer = subprocess.CompletedProcess([], 0, environment._kind() + "\n", "")
    monkeypatch.setattr(processes, "ask", lambda _: answer)
    environment.prepare("run")
    assert project.made == 1
    assert project.asked == [("numpy", FIRST)]


def test_a_moved_project_gets_a_new_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.prepare("run")
    monkeypatch.setattr(places, "ROOT", project.root / "moved")
    environment.prepare("run")
    assert project.made == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"unknown": 1}'])
def test_an_unreadable_stamp_counts_as_none(project: Project, text: str) -> None:
    environment.prepare("run")
    (project.environment / environment.STAMP).write_text(text, "utf-8")
    environment.prepare("run")
    assert [name for name, _ in project.asked] == ["numpy", "numpy"]


def test_the_stamp_says_what_is_installed(project: Project) -> None:
    environment.prepare("run")
    stamp = json.loads((project.environment / environment.STAMP).read_text("utf-8"))
    digest = lockfile.read(places.LOCK)["run"].digest
    assert stamp == {
        "identity": environment.identity(),
        "installed": {"run": digest},
        "begun": [],
    }


def test_the_command_passes_its_words_on_from_a_path_with_a_space(project: Project) -> None:
    environment.prepare("run")
    command = places.scripts(project.environment) / "xray-studio"
    done = subprocess.run([command, "info", "a b", "*"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["-P", "-m", "xray_studio", "info", "a b", "*"]


def test_the_source_is_on_the_path_whatever_the_locale(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ROOT", project.root / "Röntgen's \udcff")
    environment.prepare("run")
    path = places.site_packages(project.environment) / "xray_studio.pth"
    found: list[str] = []
    monkeypatch.setattr(sys, "path", found)
    exec(path.read_text("ascii"))
    assert found == [str(places.ROOT)]


def test_windows_has_its_own_command(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "WINDOWS", True)
    environment.prepare("run")
    command = project.environment / "Scripts" / "xray-studio.cmd"
    assert command.read_bytes() == b'@"%~dp0python.exe" -P -m xray_studio %*\r\n'


def test_a_venv_that_cannot_be_made_is_one_line(
    monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    monkeypatch.undo()
    failed = subprocess.CompletedProcess([], 1, "", "Traceback\nOSError: disk full\n")
    monkeypatch.setattr(processes, "ask", lambda _: failed)
    with pytest.raises(SetupError, match=r"could not be made: OSError: disk full$"):
        environment._make(project.environment)
    assert environment.Stamp.load(project.environment).begun == [environment.ITSELF]
