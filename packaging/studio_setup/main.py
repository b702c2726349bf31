"""The sub-commands of `packaging/bootstrap.py`."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from . import builds, checks, display, environment, places, processes, system, testing
from .console import SetupError, say

USAGE = """usage: python3 packaging/bootstrap.py COMMAND

  run [PATH ...]     open the demonstration study, or PATHs; without a screen run the
                     demonstration and print where its files are
  test [OPTION ...]  run every test; options go to pytest (test -k window)
  check              format, lint, types, import contracts and tests
  build              wheel and one-folder program in dist/
  lock [--upgrade]   pin every dependency again; --upgrade takes newer versions
"""


def main(arguments: list[str]) -> int:
    """Run one sub-command and return the exit status."""
    if not arguments or arguments[0] not in COMMANDS:
        asked = arguments[:1] in (["-h"], ["--help"])
        print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    signal.signal(signal.SIGTERM, _stop)
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. Run the same command to go on.")
        return 130


def run(paths: list[str]) -> int:
    """Install what is missing and start the program in place of this process."""
    system.require()
    environment.prepare("run")
    command = [str(places.python()), "-P", "-m", "xray_studio"]
    command += paths or (["demo"] if display.present() else ["demo", "--headless"])
    return _become(command)


def test(options: list[str]) -> int:
    """Install what is missing and run the tests."""
    _for_development()
    return testing.run(options)


def check(_: list[str]) -> int:
    """Run every check."""
    _for_development()
    return checks.run()


def build(_: list[str]) -> int:
    """Build what can be handed out."""
    _for_development(peers=False)
    return builds.run()


def lock(options: list[str]) -> int:
    """Write the lock file again."""
    _for_development(peers=False)
    command = [str(places.python()), "-m", "studio_setup.relock", *options]
    return processes.call(command, cwd=places.ROOT / "packaging")


def _become(command: list[str]) -> int:
    """Start the program in place of this process, where the system can."""
    if not places.WINDOWS:
        os.execv(command[0], command)
    return processes.call(command)


def _for_development(*, peers: bool = True) -> None:
    system.require()
    if peers:
        system.offer_peers()
    environment.prepare("run", "develop")


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Let a polite end from outside take the same way as Ctrl+C, so that nothing stays behind."""
    raise KeyboardInterrupt


COMMANDS = {"run": run, "test": test, "check": check, "build": build, "lock": lock}
