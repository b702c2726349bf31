"""The sub-commands: what they start, and how they end."""

from __future__ import annotations

import ast
import runpy
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from studio_setup import checks, display, environment, main, places, processes, system, testing
from studio_setup.console import SetupError

BOOTSTRAP = places.ROOT / "packaging" / "bootstrap.py"


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine that has everything; gives the programs that would be started."""
    started: list[list[str]] = []
    monkeypatch.setattr(system, "require", lambda: None)
    monkeypatch.setattr(system, "offer_peers", lambda: None)
    monkeypatch.setattr(environment, "prepare", lambda *_: None)
    monkeypatch.setattr(main, "_become", lambda command: started.append(command[3:]) or 0)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return started


@pytest.mark.parametrize(
    ("words", "screen", "program"),
    [
        ([], True, ["demo"]),
        ([], False, ["demo", "--headless"]),
        (["a folder", "b.dcm"], True, ["a folder", "b.dcm"]),
    ],
)
def test_run_opens_the_demonstration_or_what_is_named(
    ready: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    screen: bool,
    program: list[str],
) -> None:
    monkeypatch.setattr(display, "present", lambda: screen)
    assert main.main(["run", *words]) == 0
    assert ready == [["xray_studio", *program]]


@pytest.mark.usefixtures("ready")
def test_test_hands_its_options_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    options: list[str] = []
    monkeypatch.setattr(testing, "run", lambda words: options.extend(words) or 5)
    assert main.main(["test", "-k", "window"]) == 5
    assert options == ["-k", "window"]


def test_tests_have_a_screen_and_keep_compiled_modules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def call(words: list[object], *, cwd: Path, environment: dict[str, str]) -> int:
        kept = environment["PYTHONDONTWRITEBYTECODE"], environment["DISPLAY"]
        assert (words[1:5], words[-1], cwd, kept) == (
            ["-m", "pytest", "-n", "2"], "-x", places.ROOT, ("", ":7"),
        )  # fmt: skip
        return 3

    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(display, "for_tests", lambda: nullcontext({"DISPLAY": ":7"}))
    monkeypatch.setattr(processes, "call", call)
    assert testing.run(["-x"]) == 3


@pytest.mark.parametrize(
    ("fault", "status", "line"),
    [(SetupError("Install x."), 1, "Install x."), (KeyboardInterrupt(), 130, "Stopped.")],
)
@pytest.mark.usefixtures("ready")
def test_a_fault_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: BaseException,
    status: int,
    line: str,
) -> None:
    def fail() -> None:
        raise fault

    monkeypatch.setattr(system, "require", fail)
    assert main.main(["run"]) == status
    assert capsys.readouterr().err.startswith(line)


def test_help_and_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--help"]) == 0
    assert capsys.readouterr().out == main.USAGE
    assert main.main(["jump"]) == 2
    assert capsys.readouterr().err == main.USAGE


def test_every_check_runs_and_one_failure_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    statuses = iter([0, 1, 0, 0])
    monkeypatch.setattr(checks, "_call", lambda *_: next(statuses))
    monkeypatch.setattr(testing, "run", lambda _: 0)
    assert checks.run() == 1
    summary = capsys.readouterr().err.splitlines()[-5:]
    assert [line.split()[0] for line in summary] == ["passed", "failed"] + ["passed"] * 3
    assert [line.split(" s  ")[1] for line in summary] == [
        "format",
        "lint",
        "types",
        "import contracts",
        "tests",
    ]


def test_an_old_python_can_read_the_start_and_gets_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse(BOOTSTRAP.read_text("utf-8"), feature_version=(3, 4))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert runpy.run_path(str(BOOTSTRAP))["main"]() == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("X-Ray Studio needs Python 3.11 or newer; this is Python ")
