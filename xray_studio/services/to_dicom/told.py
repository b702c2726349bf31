"""What was planned and written of a video, as plain values."""

from __future__ import annotations

from typing import Any

from xray_studio.core.video.plan import VideoPlan
from xray_studio.dicom.file.syntax_names import syntax_name
from xray_studio.services.to_dicom.request import Preview, Written


def plan_facts(plan: VideoPlan) -> dict[str, Any]:
    """Return what is done with a video, and why."""
    return {
        "way": plan.way.value,
        "sop_class_uid": plan.what.uid,
        "modality": plan.what.modality,
        "transfer_syntax": plan.syntax,
        "transfer_syntax_name": syntax_name(plan.syntax),
        "container": plan.container,
        "found": list(plan.found),
        "doing": list(plan.doing),
        "reasons": list(plan.reasons),
    }


def preview_facts(seen: Preview) -> dict[str, Any]:
    """Return what a video is and what would be done with it."""
    facts, plan = seen.probed.facts, seen.plan
    return {
        "source": str(seen.request.source),
        "target": str(seen.request.target),
        "codec": facts.codec,
        "profile": facts.profile,
        "level": facts.level,
        "rows": plan.rows,
        "columns": plan.columns,
        "frames": facts.frames,
        "frame_rate": float(plan.rate),
        "duration": float(facts.duration),
        "acquired": seen.acquired.isoformat() if seen.acquired else "",
        "linked": bool(seen.identity.source_instance),
        "notes": list(seen.notes),
    } | plan_facts(plan)


def written_facts(written: Written) -> dict[str, Any]:
    """Return what was written."""
    return {
        "source": str(written.source),
        "files": [str(target) for target in written.targets],
        "frames": written.frames,
        "frame_rate": float(written.plan.rate),
        "rows": written.plan.rows,
        "columns": written.plan.columns,
        "study_instance_uid": written.study_uid,
        "series_instance_uid": written.series_uid,
        "linked": written.linked,
        "notes": list(written.notes),
    } | plan_facts(written.plan)
