"""Start: no arguments or paths open the window, a sub-command runs the command line.

Both are imported only when needed.
"""

from __future__ import annotations

import sys

COMMANDS = ("scan", "info", "render", "export", "to-video", "doctor", "demo")


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["--worker"]:
        from xray_studio.core.workers.process import serve

        return serve()
    if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
        return _command_line(arguments)
    return _window(arguments)


def _command_line(arguments: list[str]) -> int:
    try:
        from xray_studio.cli.main import main as command_line
    except KeyboardInterrupt:  # pressed before anything was begun
        sys.stderr.write("xray-studio: Stopped; nothing was begun.\n")
        return 130
    return command_line(arguments, _window)


def _window(paths: list[str]) -> int:
    from xray_studio.ui.main import main as window

    return window(paths)


if __name__ == "__main__":
    sys.exit(main())
