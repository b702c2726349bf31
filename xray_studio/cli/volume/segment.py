"""`xray-studio volume segment`, `volume measure`: what belongs together, what it measures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Overwrite, Quiet, complain, run_job, say, say_json
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
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.labels.box import VoxelBox
    from xray_studio.services.segmenting.recipe import CleanUp, Wanted
    from xray_studio.services.segmenting.saving import Form, Saving
    from xray_studio.services.segmenting.session import Segmenting
    from xray_studio.services.segmenting.tools import Range

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
Labels = Annotated[Path, typer.Argument(metavar="LABELS", show_default=False)]


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

    savings = _savings(out, formats, overwrite=overwrite)
    wanted = _wanted(threshold, grow, _range(range_) if range_ else None, tolerance, reach)
    wanted += _brain_like() if brain_like else []
    if not wanted and labels is None:
        raise UsageError(
            "Say what to mark, with --threshold, --grow or --brain-like, or name --labels."
        )
    volume = opened(
        listed([src], raw, spacing, quiet=quiet), part, moment, uptake=uptake, quiet=quiet
    ).single("Segmentation")
    box = clip_box(clip)
    clean = CleanUp(largest, least, holes, smooth)
    session, notes = _begun(volume, labels, quiet=quiet)
    _find(session, _named(wanted, name, kind), clean, _voxels(session, box), quiet=quiet)
    files = _saved(session, savings, quiet=quiet)
    return _told(session, {"files": files}, [*volume.warnings, *notes], json=json, quiet=quiet)


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
    session, notes = _begun(volume, labels, quiet=quiet)
    facts = {"source": str(src), "labels": str(labels)}
    return _told(session, facts, [*volume.warnings, *notes], json=json, quiet=quiet)


def _savings(out: Path, formats: str, *, overwrite: bool) -> list[Saving]:
    """Return what is written where. Raises UsageError before anything is opened."""
    from xray_studio.services.segmenting.saving import UNKNOWN_FORM, Saving, beside, form_of

    if formats:
        asked = [_form(word) for word in formats.split(",") if word.strip()]
        return [Saving(path, form, overwrite) for path, form in beside(out, asked)]
    form = form_of(out)
    if form is None:
        raise UsageError(UNKNOWN_FORM)
    return [Saving(out, form, overwrite)]


def _form(word: str) -> Form:
    from xray_studio.services.segmenting.saving import Form

    try:
        return Form(word.strip().casefold())
    except ValueError:
        known = ", ".join(form.value for form in Form)
        raise UsageError(f"{word} is no format of segments; choose of: {known}.") from None


def _range(words: str) -> Range:
    from xray_studio.services.segmenting.tools import Range

    low, comma, high = words.partition(",")
    if not comma:
        raise UsageError(f"{words} is one value; give the lower and the upper one, as 200,3000.")
    try:
        return Range(
            float(low) if low.strip() else -float("inf"),
            float(high) if high.strip() else float("inf"),
        )
    except ValueError:
        raise UsageError(
            f"{words} is no range of values; give the lower and the upper one, as -900,-400 or 200,"
            " for no upper one."
        ) from None


def _wanted(
    thresholds: list[str],
    seeds: list[str],
    limits: Range | None,
    tolerance: float,
    reach: float,
) -> list[Wanted]:
    from xray_studio.services.segmenting.recipe import Wanted
    from xray_studio.services.segmenting.tools import Growth

    grown = [Wanted(Growth(_point(words), limits, tolerance, reach)) for words in seeds]
    return [*(Wanted(_range(words)) for words in thresholds), *grown]


def _brain_like() -> list[Wanted]:
    from xray_studio.core.volume.filters import BrainLikeMask
    from xray_studio.services.segmenting.recipe import Wanted

    return [Wanted(BrainLikeMask(), "Brain-like", "brain")]


def _point(words: str) -> tuple[float, float, float]:
    try:
        x, y, z = (float(part) for part in words.split(","))
    except ValueError:
        raise UsageError(
            f"{words} is no point; give millimetres to the left, back and head, as 10,-40,120."
        ) from None
    return x, y, z


def _named(wanted: list[Wanted], names: list[str], kinds: list[str]) -> list[Wanted]:
    from dataclasses import replace

    if max(len(names), len(kinds)) > len(wanted):
        raise UsageError("There are more names or kinds than segments; give one for each.")
    return [
        replace(
            one,
            name="".join(names[at : at + 1]) or one.name,
            kind="".join(kinds[at : at + 1]) or one.kind,
        )
        for at, one in enumerate(wanted)
    ]


def _begun(volume: Any, labels: Path | None, *, quiet: bool) -> tuple[Segmenting, tuple[str, ...]]:
    from xray_studio.services.segmenting.opening import open_segments
    from xray_studio.services.segmenting.session import Segmenting, begun

    if labels is None:
        return begun(volume), ()
    found = run_job(open_segments(labels, volume), quiet=quiet)
    return Segmenting(volume, found.labels), found.notes


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


def _told(
    session: Segmenting, facts: dict[str, Any], notes: list[str], *, json: bool, quiet: bool
) -> int:
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
