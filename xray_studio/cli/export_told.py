"""What `export` tells when it is done: in words, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xray_studio.cli.common import complain, say, say_json
from xray_studio.cli.inputs import list_failed

if TYPE_CHECKING:
    from xray_studio.services.export import ExportResult
    from xray_studio.services.export_many import Batch


def tell(result: ExportResult, failed: dict[str, str], lost: list[str], *, json: bool) -> None:
    """Say what was written, what failed and what is missing in it."""
    list_failed(failed)
    if json:
        say_json(_facts(result) | {"failed": _listed(failed), "missing": lost})
    else:
        _say(result)


def tell_all(target: str, batch: Batch, failed: dict[str, str], *, json: bool) -> None:
    """Say what was written of several series into the folder `target`, and what failed."""
    list_failed(failed)
    if json:
        written = [_facts(result) for result in batch.written]
        say_json({"folder": target, "written": written, "failed": _listed(failed)})
        return
    for result in batch.written:
        _say(result)


def _listed(failed: dict[str, str]) -> list[dict[str, str]]:
    return [{"path": path, "reason": reason} for path, reason in failed.items()]


def _facts(result: ExportResult) -> dict[str, Any]:
    return {
        "file": str(result.target),
        "manifest": str(result.manifest),
        "frames": result.checked.frames,
        "rate": float(result.spec.rate),
        "duration": float(result.spec.duration),
        "columns": result.columns,
        "rows": result.rows,
        "notes": list(result.notes),
    }


def _say(result: ExportResult) -> None:
    checked, spec = result.checked, result.spec
    for note in result.notes:
        complain(note)
    lasting = f", {float(spec.duration):.2f} s" if checked.duration is not None else ""
    frames = f"{checked.frames:,} frame{'s' if checked.frames != 1 else ''}"
    say(f"{result.target}: {frames}{lasting}, {result.columns} x {result.rows}, checked")
