"""What `to-dicom` says, and what it asks before it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from xray_studio.cli.common import complain, say
from xray_studio.core.job import Cancelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xray_studio.core.video.identity import Identity
    from xray_studio.services.to_dicom.request import Preview, Written


def confirm(lines: Sequence[str]) -> None:
    """Show what is about to be written, and go on only if that is right. Raises Cancelled."""
    for line in lines:
        typer.echo(line, err=True)
    if not typer.confirm("Write it?", err=True):
        raise Cancelled("Stopped.")


def plan_lines(seen: Preview) -> list[str]:
    """Return what was found, what is done with it, and why."""
    return [
        *(f"found: {line}" for line in seen.plan.found),
        *(f"does: {line}" for line in seen.plan.doing),
        *(f"since: {line}" for line in seen.plan.reasons),
        *(f"note: {line}" for line in seen.notes),
    ]


def whose(identity: Identity) -> list[str]:
    """Return whose video it is, for the one who is asked and for nobody else."""
    return [f"patient: {identity.patient_name}, {identity.patient_id}"]


def tell(written: Written) -> None:
    """Say what was written."""
    from xray_studio.core.video.words import rate_words
    from xray_studio.dicom.file.syntax_names import syntax_name

    plan = written.plan
    rate = rate_words(plan.rate)
    for note in written.notes:
        complain(note)
    names = ", ".join(str(target) for target in written.targets)
    say(
        f"{names}: {written.frames:,} frames, {plan.columns} x {plan.rows}, {rate} per second,"
        f" {plan.what.modality}, {syntax_name(plan.syntax)}, {plan.way.value}"
    )
