"""How the process ends when it is asked to: at any moment in good order, with one line.

This stands before anything heavy is imported, so that a signal finds it from the start.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Callable

INTERRUPTED = 130
_HANG_UP = getattr(signal, "SIGHUP", None)


def as_process(run: Callable[[], int]) -> int:
    """Run the program so that a request to end is told and undone at any moment, as Ctrl+C is.

    Returns its exit status; after an interrupt the process ends here, with status 130.
    """
    try:
        for number in asking_to_end():
            signal.signal(number, signal.default_int_handler)
        sys.unraisablehook = _unraised
        status = run()
        _ignore_signals()
    except KeyboardInterrupt:  # before a command began, or after it had told how it ended
        _ignore_signals()
        status = stopped("nothing was half-written")
    if status == INTERRUPTED:
        _end_interrupted()
    return status


def asking_to_end() -> tuple[signal.Signals, ...]:
    """Return the signals that ask the process to end; a terminal that closes, unless by nohup."""
    asking = (signal.SIGINT, signal.SIGTERM)
    if _HANG_UP is None or signal.getsignal(_HANG_UP) == signal.SIG_IGN:
        return asking
    return (*asking, _HANG_UP)


def stopped(what: str) -> int:
    """Tell that the program was stopped, and what that means; return its exit status."""
    from contextlib import suppress

    with suppress(OSError, AttributeError):  # nobody is there to be told
        sys.stderr.write(f"xray-studio: Stopped; {what}.\n")
    return INTERRUPTED


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
    for number in asking_to_end():
        signal.signal(number, signal.SIG_IGN)


def _end_interrupted() -> None:
    """End at once. Python by itself would end by the signal where it met it while importing."""
    from contextlib import suppress

    unpacking = sys.modules.get("xray_studio.core.unpacking")
    if unpacking is not None:
        unpacking.forget_unpacked()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # it is closed, or its reader has gone
            stream.flush()
    os._exit(INTERRUPTED)
