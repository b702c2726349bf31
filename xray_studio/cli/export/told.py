"""What `export` tells when it is done: in words, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xray_studio.cli.common import DONE, IN_PART, complain, say, say_json
from xray_studio.cli.inputs import list_failed
from xray_studio.core.reasons import losses

if TYPE_CHECKING:
    from xray_studio.services.export.many import Batch
    from xray_studio.services.export.run import ExportResult


def tell(result: ExportResult, failed: dict[str, str], *, json: bool) -> int:
    """Say what was written, what failed and what is missing in it; return the exit status."""
    list_failed(failed)
    if json:
        _complain_of_losses([result])
        say_json(_facts(result) | {"failed": _listed(failed)})
    else:
        _say(result)
    return _status([result], failed)


def tell_all(target: str, batch: Batch, failed: dict[str, str], *, json: bool) -> int:
    """Say the same of several series that were written into the folder `target`."""
    list_failed(failed)
    if json:
        _complain_of_losses(batch.written)
        written = [_facts(result) for result in batch.written]
        say_json({"folder": target, "written": written, "failed": _listed(failed)})
    else:
        for result in batch.written:
            _say(result)
    return _status(batch.written, failed)


def _status(results: Sequence[ExportResult], failed: dict[str, str]) -> int:
    return IN_PART if failed or any(losses(result.notes) for result in results) else DONE


def _complain_of_losses(results: Sequence[ExportResult]) -> None:
    for result in results:
        for sentence in losses(result.notes):
            complain(sentence)


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
        "missing": losses(result.notes),
        "notes": list(result.notes),
    }


def _say(result: ExportResult) -> None:
    checked, spec = result.checked, result.spec
    for note in result.notes:
        complain(note)
    lasting = f", {float(spec.duration):.2f} s" if checked.duration is not None else ""
    frames = f"{checked.frames:,} frame{'s' if checked.frames != 1 else ''}"
    say(f"{result.target}: {frames}{lasting}, {result.columns} x {result.rows}, checked")
