"""Start: no arguments or paths open the window, a sub-command runs the command line.

Both are imported only when needed.
"""

from __future__ import annotations

import os
import sys

from xray_studio.core.ending import as_process, stopped

COMMANDS = (
    "scan",
    "info",
    "render",
    "export",
    "to-video",
    "process",
    "batch",
    "steps",
    "to-dicom",
    "motion",
    "marks",
    "anomalies",
    "lungs",
    "pacs",
    "findings",
    "analyze",
    "report",
    "train",
    "evaluate",
    "models",
    "features",
    "validate",
    "deidentify",
    "volume",
    "doctor",
    "demo",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status.

    Without `arguments` it is the process itself, which then ends in good order on a signal too.
    """
    if arguments is not None:
        return _chosen(arguments)
    if sys.argv[1:2] == ["--worker"]:
        return _chosen(sys.argv[1:])
    return as_process(lambda: _chosen(sys.argv[1:]))


def _chosen(arguments: list[str]) -> int:
    if arguments[:1] == ["--worker"]:
        from xray_studio.core.workers.process import serve

        return serve()
    if arguments[:1] == ["--restore"]:
        return _window(arguments[1:], restore=True)
    if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
        return _command_line(arguments)
    return _window(arguments)


def _command_line(arguments: list[str]) -> int:
    try:
        from xray_studio.cli.main import main as command_line
    except KeyboardInterrupt:  # pressed before anything was begun
        return stopped("nothing was begun")
    return command_line(arguments, _window)


def _window(paths: list[str], *, restore: bool = False) -> int:
    reason = _why_no_window(paths)
    if reason:
        sys.stderr.write(f"xray-studio: {reason}\n")
        return 1
    from xray_studio.ui.main import main as window

    return window(paths, restore=restore)


def _why_no_window(paths: list[str]) -> str:
    """Return why no window can open on paths, "" when it can: without a screen Qt would abort."""
    from xray_studio.core.archive import container
    from xray_studio.services.doctor import has_display

    if paths and not any(os.path.lexists(container(path)) for path in paths):
        return "There is no such command, file or folder; xray-studio --help lists the commands."
    if not has_display():
        return (
            "There is no display to open a window on; the commands work without one,"
            " xray-studio --help lists them."
        )
    return ""


if __name__ == "__main__":
    sys.exit(main())
