"""Programs the set-up starts: their answers, and that none outlives it."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from studio_setup import pip_install, processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def test_a_program_is_asked_and_answers() -> None:
    code = "import sys; print('out'); print('wrong', file=sys.stderr); sys.exit(3)"
    done = processes.ask([sys.executable, "-c", code])
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "wrong\n")


def test_a_call_gives_the_status() -> None:
    assert processes.call([sys.executable, "-c", "raise SystemExit(5)"]) == 5


@pytest.mark.usefixtures("heard_signals")
def test_an_interrupt_ends_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[subprocess.Popen[str]] = []

    def interrupted(process: subprocess.Popen[str], *_: object) -> None:
        stopped.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "PATIENCE", (0.05, 10.0))
    monkeypatch.setattr(pip_install, "_keep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pip_install._watch(SLEEP, 1, None)
    assert stopped[0].returncode is not None


def test_a_program_that_will_not_end_is_made_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", (0.05, 0.2))
    command = [sys.executable, "-c", DEAF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        processes.stop(process)
        assert process.returncode is not None


def test_a_program_that_ends_by_itself_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", (240.0, 240.0))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        threading.Timer(0.2, process.stdin.close).start()
        processes.stop(process)
        assert process.returncode == 1
