"""`xray-studio volume segment`: what belongs together, by values or from a point on, saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import Json, Overwrite, Quiet, run_job
from xray_studio.cli.volume.measure import session_over, tell_segments
from xray_studio.cli.volume.options import (
    Clipped,
    Moment,
    PartNumber,
    Raw,
    Source,
    Spacing,
    UptakeKind,
    clip_box,
    listed,
    opened,
)
from xray_studio.cli.volume.segment_words import (
    brain_like_words,
    named,
    range_of,
    savings_of,
    wanted_of,
)
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.labels.box import VoxelBox
    from xray_studio.services.segmenting.recipe import CleanUp, Wanted
    from xray_studio.services.segmenting.saving import Saving
    from xray_studio.services.segmenting.session import Segmenting

Out = Annotated[
    Path,
    typer.Argument(
        metavar="OUT",
        show_default=False,
        help=".seg.dcm, .rtstruct.dcm, .nii.gz, .seg.nrrd or .stl; with --formats how the names of "
        "files begin.",
    ),
]
Thresholds = Annotated[
    list[str],
    typer.Option(
        "--threshold", metavar="LOW,HIGH", help="A segment of values, as 200, or -900,-400."
    ),
]
Seeds = Annotated[
    list[str],
    typer.Option("--grow", metavar="X,Y,Z", help="A segment that grows from a point in mm (LPS)."),
]
Formats = Annotated[
    str,
    typer.Option(
        "--formats", metavar="LIST", help="seg, rtstruct, nifti, nrrd and stl, by commas."
    ),
]
Names = Annotated[
    list[str], typer.Option("--name", metavar="NAME", help="Of the segments, in their order.")
]
Kinds = Annotated[
    list[str],
    typer.Option(
        "--kind", metavar="KIND", help="What they are: bone, lung, vessel, lesion, ..., in order."
    ),
]
Known = Annotated[
    Path | None,
    typer.Option("--labels", metavar="FILE", help="Begin with the segments of a file."),
]


def segment(
    src: Source,
    out: Out,
    *,
    threshold: Thresholds = [],  # noqa: B006 - what Typer asks for; nobody changes it
    grow: Seeds = [],  # noqa: B006
    brain_like: Annotated[
        bool,
        typer.Option(
            "--brain-like", help="What looks like a brain in T1-like MR, by classical means."
        ),
    ] = False,
    range_: Annotated[
        str, typer.Option("--range", metavar="LOW,HIGH", help="Values that regions grow over.")
    ] = "",
    tolerance: Annotated[
        float, typer.Option("--tolerance", metavar="VALUE", help="From the value at the point.")
    ] = 0.0,
    reach: Annotated[
        float, typer.Option("--reach", metavar="MM", help="At most from the point; 0: no limit.")
    ] = 0.0,
    clip: Clipped = [],  # noqa: B006
    largest: Annotated[bool, typer.Option("--largest", help="Keep the largest part.")] = False,
    least: Annotated[
        float, typer.Option("--least", metavar="ML", help="Keep parts of at least so much.")
    ] = 0.0,
    holes: Annotated[bool, typer.Option("--fill-holes", help="Fill what is enclosed.")] = False,
    smooth: Annotated[
        float, typer.Option("--smooth", metavar="MM", help="Round the outline.")
    ] = 0.0,
    name: Names = [],  # noqa: B006
    kind: Kinds = [],  # noqa: B006
    labels: Known = None,
    formats: Formats = "",
    part: PartNumber = None,
    moment: Moment = None,
    uptake: UptakeKind = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Mark what belongs together by values, or from a point on, and save it.

    DICOM segmentations (SEG) and structure sets (RTSTRUCT) refer to the slices of SRC. With
    --labels alone, segments of one format are saved in others. A voxel that several segments claim
    is the later one's.
    """
    from xray_studio.services.segmenting.recipe import CleanUp

    savings = savings_of(out, formats, overwrite=overwrite)
    wanted = wanted_of(threshold, grow, range_of(range_) if range_ else None, tolerance, reach)
    wanted += brain_like_words() if brain_like else []
    if not wanted and labels is None:
        raise UsageError(
            "Say what to mark, with --threshold, --grow or --brain-like, or name --labels."
        )
    volume = opened(
        listed([src], raw, spacing, quiet=quiet), part, moment, uptake=uptake, quiet=quiet
    ).single("Segmentation")
    box = clip_box(clip)
    clean = CleanUp(largest, least, holes, smooth)
    session, notes = session_over(volume, labels, quiet=quiet)
    _find(session, named(wanted, name, kind), clean, _voxels(session, box), quiet=quiet)
    files = _saved(session, savings, quiet=quiet)
    return tell_segments(
        session, {"files": files}, [*volume.warnings, *notes], json=json, quiet=quiet
    )


def _voxels(session: Segmenting, box: Any) -> VoxelBox | None:
    from xray_studio.core.labels.box import share_box

    if box.is_whole:
        return None
    return share_box(session.labels.geometry.shape, box.low, box.high)


def _find(
    session: Segmenting,
    wanted: list[Wanted],
    clean: CleanUp,
    box: VoxelBox | None,
    *,
    quiet: bool,
) -> None:
    from xray_studio.services.segmenting.recipe import find

    run_job(find(session, wanted, clean, box), quiet=quiet)


def _saved(session: Segmenting, savings: list[Saving], *, quiet: bool) -> list[dict[str, str]]:
    from xray_studio.services.segmenting.saving import save_segments

    files = []
    for saving in savings:
        made = run_job(save_segments(session.volume, session.labels, saving), quiet=quiet)
        files += [{"target": str(path), "format": saving.form.value} for path in made]
    return files
