"""Calls of the environment's pip, with its answers put in one line."""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import places, processes
from .console import Counter, SetupError

LOG = "install.log"
UNREACHABLE = (
    "Max retries exceeded",
    "NewConnectionError",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "ConnectTimeout",
    "after connection broken by",
)


def install(requirements: Path, environment: Path, *, hashed: bool, again: bool) -> None:
    """Install a requirements file that names every library, including those of libraries.

    With `hashed` every wheel must have a hash of the lock; with `again` what is there is replaced.
    Raises SetupError, one line, when pip fails.
    """
    options = ["--require-hashes"] if hashed else []
    options += ["--force-reinstall"] if again else []
    _pip(requirements, environment, "--no-deps", *options)
    if not hashed:  # a wheel for one kind of machine can need libraries that no other needs
        _pip(requirements, environment)


def _pip(requirements: Path, environment: Path, *options: str) -> None:
    command = [str(places.python(environment)), "-m", "pip", "install", "--requirement"]
    command += [str(requirements), "--no-input", "--retries", "3", *options]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    total = requirements.read_text(encoding="utf-8").count("==")
    output = _watch(command, total, environment / LOG)
    if output is not None:
        raise SetupError(_reason(output, environment / LOG))


def _watch(command: list[str], total: int, log: Path) -> str | None:
    """Run pip, count what it collects, keep its words in the log; return them when it failed."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        try:
            _keep(process, Counter(total), log)
        except BaseException:
            processes.stop(process)
            raise
    return log.read_text(encoding="utf-8") if process.returncode else None


def _keep(process: subprocess.Popen[str], counter: Counter, log: Path) -> None:
    assert process.stdout is not None
    with log.open("w", encoding="utf-8") as kept:
        for line in process.stdout:
            kept.write(line)
            if line.startswith("Collecting "):
                counter.step(line.split()[1])
    counter.close()


def _reason(output: str, log: Path) -> str:
    if any(sign in output for sign in UNREACHABLE):
        return (
            "The libraries could not be downloaded: no package index can be reached. Connect to "
            "the network (or set pip's index or proxy) and run this again."
        )
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    last = (errors or output.strip().splitlines() or ["no reason given"])[0]
    return f"The libraries could not be installed: {last.removeprefix('ERROR:').strip()} ({log})"
