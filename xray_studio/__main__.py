"""Start: no arguments or paths open the window, a sub-command runs the command line.

Both are imported only when needed.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time

INTERRUPTED = 130
COMMANDS = ("scan", "info", "render", "export", "to-video", "doctor", "demo")


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status.

    Without `arguments` it is the process itself, which then ends in good order on a signal too.
    """
    return _as_process(sys.argv[1:]) if arguments is None else _chosen(arguments)


def _as_process(arguments: list[str]) -> int:
    """Run the program so that a request to end is told and undone at any moment, as Ctrl+C is."""
    try:
        if arguments[:1] != ["--worker"]:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            sys.unraisablehook = _unraised
        status = _chosen(arguments)
        _ignore_signals()
    except KeyboardInterrupt:  # before a command began, or after it had told how it ended
        _ignore_signals()
        status = _stopped("nothing was half-written")
    if status == INTERRUPTED:
        _end_interrupted()
    return status


def _unraised(error: sys.UnraisableHookArgs) -> None:
    """Repeat an interrupt that met a callback, as of importing, from which nothing is raised."""
    if isinstance(error.exc_value, KeyboardInterrupt):
        _thread.start_new_thread(_interrupt_soon, ())
    else:
        sys.__unraisablehook__(error)


def _interrupt_soon() -> None:
    time.sleep(0.01)
    _thread.interrupt_main()


def _ignore_signals() -> None:
    """Let nothing change how the process ends: all is told."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _end_interrupted() -> None:
    """End at once. Python by itself would end by the signal where it met it while importing."""
    from contextlib import suppress

    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # it is closed, or its reader has gone
            stream.flush()
    os._exit(INTERRUPTED)


def _stopped(what: str) -> int:
    from contextlib import suppress

    with suppress(OSError, AttributeError):  # nobody is there to be told
        sys.stderr.write(f"xray-studio: Stopped; {what}.\n")
    return INTERRUPTED


def _chosen(arguments: list[str]) -> int:
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
        return _stopped("nothing was begun")
    return command_line(arguments, _window)


def _window(paths: list[str]) -> int:
    reason = _why_no_window(paths)
    if reason:
        sys.stderr.write(f"xray-studio: {reason}\n")
        return 1
    from xray_studio.ui.main import main as window

    return window(paths)


def _why_no_window(paths: list[str]) -> str:
    """Return why no window can open on paths, "" when it can: without a screen Qt would abort."""
    from xray_studio.services.doctor import has_display

    if paths and not any(os.path.lexists(path) for path in paths):
        return "There is no such command, file or folder; xray-studio --help lists the commands."
    if not has_display():
        return (
            "There is no display to open a window on; the commands work without one,"
            " xray-studio --help lists them."
        )
    return ""


if __name__ == "__main__":
    sys.exit(main())
