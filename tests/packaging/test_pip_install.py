"""What pip is asked for, and its failures in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from studio_setup import pip_install, places
from studio_setup.console import SetupError

NO_NETWORK = """\
WARNING: Retrying (Retry(total=2)) after connection broken by 'NewConnectionError'
ERROR: Could not find a version that satisfies the requirement numpy==2.4.6
ERROR: No matching distribution found for numpy==2.4.6
"""
WRONG_HASH = """\
Collecting numpy==2.4.6
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
    numpy==2.4.6: Expected sha256 00
"""


class Environment:
    """A folder whose Python writes down its words and prints and returns what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requirements = folder / "requirements.txt"
        self.requirements.write_text("numpy==2.4.6 --hash=sha256:00\n", "utf-8")
        places.scripts(folder).mkdir()
        self.answers("Collecting numpy==2.4.6\n", 0)

    def answers(self, text: str, status: int) -> None:
        (self.folder / "answer").write_text(text, "utf-8")
        script = f'#!/bin/sh\necho "$@" >> {self.folder}/words\ncat {self.folder}/answer\n'
        places.python(self.folder).write_text(script + f"exit {status}\n", "utf-8")
        places.python(self.folder).chmod(0o755)

    def words(self) -> list[str]:
        """The words of the only call."""
        (call,) = self.calls()
        return call

    def calls(self) -> list[list[str]]:
        return [line.split() for line in (self.folder / "words").read_text("utf-8").splitlines()]

    def install(self, *, hashed: bool = True, again: bool = False) -> None:
        pip_install.install(self.requirements, self.folder, hashed=hashed, again=again)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path)


def test_hashes_are_required_and_nothing_else_is_taken_in(environment: Environment) -> None:
    environment.install()
    assert {"--require-hashes", "--no-deps"} <= set(environment.words())
    assert "--force-reinstall" not in environment.words()


def test_what_has_no_hash_and_what_was_interrupted(environment: Environment) -> None:
    environment.install(hashed=False, again=True)
    first, then = environment.calls()
    assert {"--force-reinstall", "--no-deps"} <= set(first)
    assert not {"--force-reinstall", "--no-deps"} & set(then), "what its wheel needs besides"
    assert "--require-hashes" not in first + then


def test_no_network_is_one_line_that_says_what_to_do(environment: Environment) -> None:
    environment.answers(NO_NETWORK, 1)
    with pytest.raises(SetupError, match=r"^The libraries could not be downloaded: .*network.*$"):
        environment.install()


def test_another_failure_gives_pips_reason_and_the_log(environment: Environment) -> None:
    environment.answers(WRONG_HASH, 1)
    with pytest.raises(SetupError, match=r"DO NOT MATCH THE HASHES.*install\.log\)$"):
        environment.install()
    assert (environment.folder / pip_install.LOG).read_text("utf-8") == WRONG_HASH
