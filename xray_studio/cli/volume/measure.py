"""`xray-studio volume measure`: what segments over a volume measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, complain, run_job, say, say_json
from xray_studio.cli.volume.options import (
    Moment,
    PartNumber,
    Raw,
    Source,
    Spacing,
    UptakeKind,
    listed,
    opened,
)

if TYPE_CHECKING:
    from xray_studio.core.volume.volume import Volume
    from xray_studio.services.segmenting.session import Segmenting

Labels = Annotated[Path, typer.Argument(metavar="LABELS", show_default=False)]


def measure(
    src: Source,
    labels: Labels,
    *,
    part: PartNumber = None,
    moment: Moment = None,
    uptake: UptakeKind = None,
    raw: Raw = "",
    spacing: Spacing = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Measure segments over a volume: millilitres, values, and with --json the area on every plane.

    LABELS is a DICOM segmentation, a structure set, or labels as NIfTI, NRRD or MetaImage, over the
    same voxels.
    """
    volume = opened(
        listed([src], raw, spacing, quiet=quiet), part, moment, uptake=uptake, quiet=quiet
    ).single("Segmentation")
    session, notes = session_over(volume, labels, quiet=quiet)
    facts = {"source": str(src), "labels": str(labels)}
    return tell_segments(session, facts, [*volume.warnings, *notes], json=json, quiet=quiet)


def session_over(
    volume: Volume, labels: Path | None, *, quiet: bool
) -> tuple[Segmenting, tuple[str, ...]]:
    """Return a session with the segments of a file, or without any, and what to say of them."""
    from xray_studio.services.segmenting.opening import open_segments
    from xray_studio.services.segmenting.session import Segmenting, begun

    if labels is None:
        return begun(volume), ()
    found = run_job(open_segments(labels, volume), quiet=quiet)
    return Segmenting(volume, found.labels), found.notes


def tell_segments(
    session: Segmenting, facts: dict[str, Any], notes: list[str], *, json: bool, quiet: bool
) -> int:
    """Tell what segments measure, after other facts, and what is to be known of them."""
    from xray_studio.services.segmenting.facts import segment_facts, segment_lines

    measured = run_job(session.measure(), quiet=quiet)
    segments = segment_facts(session.labels, measured, session.volume.unit)
    if json:
        say_json(facts | {"segments": segments, "notes": notes})
        return DONE
    for line in segment_lines(segments):
        say(line)
    for file in facts.get("files", ()):
        say(f"{file['target']}: {file['format']}")
    for sentence in notes:
        complain(sentence)
    return DONE
