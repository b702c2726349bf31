"""The manifest beside an export, OUT.json: what was written, how, from what, and the check.

Nothing in it identifies the patient unless identity is burnt into the pictures as well: without
it, the source is told by hashes of its UIDs, which whoever holds the original can compare.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.json_text import json_text
from xray_studio.core.lut import LookupTable, Voi, modality_range
from xray_studio.core.output import Checked, OutputSpec
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.core.reasons import losses
from xray_studio.core.version import VERSION
from xray_studio.services.export.options import ExportOptions, Schedule

PROGRAM: Final = "X-Ray Studio"
FORMAT: Final = 1


def manifest_path(target: Path) -> Path:
    """Return where the manifest of an export stands: the target's whole name and `.json`."""
    return target.with_name(f"{target.name}.json")


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return a manifest that this program wrote, None when the file is anything else."""
    try:
        found = json.loads(path.read_text("utf-8"))
        ours = found["program"]["name"] == PROGRAM
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if ours else None


def files_told(path: Path) -> dict[str, str]:
    """Return the files that a manifest tells of, by name, with their SHA-256; none if it is odd."""
    files = (read_manifest(path) or {}).get("files")
    listed = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    pairs = [(file.get("name"), file.get("sha256")) for file in listed]
    return {n: digest for n, digest in pairs if isinstance(n, str) and isinstance(digest, str)}


def manifest_text(manifest: dict[str, Any]) -> str:
    """Return a manifest as it is written.

    A name that is no text holds lone surrogates, which UTF-8 has no bytes for; JSON escapes them.
    """
    text = json_text(manifest, ascii_only=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def source_facts(clip: Clip, overlay: Overlay) -> dict[str, Any]:
    """Return what the pictures were made from; UIDs only where identity is shown anyway."""
    made = clip.acquisition
    uids = {
        "sop_instance_uid": made.sop_instance_uid if len(clip.paths) <= 1 else "",
        "series_instance_uid": made.series_instance_uid,
        "study_instance_uid": made.study_instance_uid,
    }
    known = {name: uid for name, uid in uids.items() if uid}
    if overlay is not Overlay.ALL:
        known = {f"{name}_sha256": _hash(uid) for name, uid in known.items()}
    return {
        "files": len(clip.paths),
        "frames": len(clip),
        "rows": clip.rows,
        "columns": clip.columns,
        "modality": made.modality,
        "lossy": made.lossy,
        "processed": list(clip.processed),
        "steps": [step.facts() for step in clip.steps],
        "missing": losses(made.warnings),
        **known,
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def frame_facts(plan: Schedule, options: ExportOptions) -> dict[str, Any]:
    """Return which frames were written, counted from 1, and at what rate."""
    facts: dict[str, Any] = {
        "first": min(plan.order) + 1,
        "last": max(plan.order) + 1,
        "written": len(plan.order),
        "repeated": sum(after == before for before, after in pairwise(plan.order)),
        "loop": options.loop.value,
        "rate": float(plan.rate),
        "exact_rate": str(plan.rate),
        "rate_source": plan.source,
        "speed": options.speed,
        "constant_rate": not plan.starts,
    }
    return facts


def display_facts(presentation: Presentation, voi: Voi, options: ExportOptions) -> dict[str, Any]:
    """Return how the frames were shown."""
    return {
        "window": window_facts(voi, options.overlay),
        "window_follows_frames": isinstance(presentation.voi, PerFrame),
        "invert": presentation.invert,
        "rotation": presentation.rotation,
        "flip_horizontal": presentation.flip_horizontal,
        "flip_vertical": presentation.flip_vertical,
        "overlay_planes": presentation.planes,
        "shutter": presentation.shutter,
        "icc_profile": presentation.profile,
        "colour_map": presentation.colour_map or "grey",
        "overlay": options.overlay.value,
    }


def window_facts(voi: Voi, overlay: Overlay) -> dict[str, Any] | None:
    """Return a window or table by its values, None for the full range.

    Explanations are free text of the file, so they are told only where identity is shown anyway.
    """
    told = overlay is Overlay.ALL
    if isinstance(voi, Window):
        known = {"explanation": voi.explanation} if told else {}
        return {"center": voi.center, "width": voi.width, "function": voi.function.value} | known
    if isinstance(voi, LookupTable):
        return {"voi_lut": (told and voi.explanation) or "VOI LUT"}
    return None


def full_range_facts(clip: Clip, first: int) -> dict[str, Any]:
    """Return the modality values that stand for black and white where no window is applied.

    Floating-point frames are shown over the range that each of them holds, so nothing is told.
    """
    if clip.source.dtype.kind == "f":
        return {}
    low, high = modality_range(clip.pixels, clip.modality_at(first))
    return {"full_range": {"low": low, "high": high, "unit": clip.unit}}


def check_facts(spec: OutputSpec, checked: Checked) -> dict[str, Any]:
    """Return what was found when the file was opened again, in grey levels and seconds."""
    return {
        "frames": checked.frames,
        "duration": checked.duration,
        "wanted_duration": float(spec.duration) if checked.duration is not None else None,
        "farthest_from_its_moment": checked.astray,
        "first_frame_difference": asdict(checked.first),
        "last_frame_difference": asdict(checked.last),
    }


def program_facts() -> dict[str, str]:
    """Return the name and version of this program."""
    return {"name": PROGRAM, "version": VERSION}
