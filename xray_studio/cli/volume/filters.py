"""`xray-studio volume filter`, `bias-correct`, `register`, `steady`: volumes made of volumes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from xray_studio.cli.common import Json, Overwrite, Quiet, complain, run_job, say
from xray_studio.cli.volume.convert import Out, told
from xray_studio.cli.volume.options import Moment, PartNumber, Raw, Source, Spacing, listed, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xray_studio.core.volume.filters import VolumeFilter
    from xray_studio.core.volume.registration import Moved
    from xray_studio.core.volume.volume import Volume

Filters = Annotated[
    list[str],
    typer.Option(
        "--filter",
        metavar="NAME:KEY=VALUE,...",
        help="n4, diffusion, median, resample, match or brain-like-mask; repeatable, in order.",
    ),
]
Reference = Annotated[
    Path | None,
    typer.Option("--reference", metavar="SRC", help="What histogram matching matches."),
]
Fixed = Annotated[Path, typer.Argument(metavar="FIXED", show_default=False)]
Moving = Annotated[Path, typer.Argument(metavar="MOVING", show_default=False)]
Kind = Annotated[
    Literal["rigid", "affine", "deformable"], typer.Option("--kind", help="What may be moved.")
]
Grid = Annotated[
    float, typer.Option("--grid", metavar="MM", help="Between nodes of a deformable movement.")
]
Sampled = Annotated[
    float, typer.Option("--sampled", metavar="X", help="Share of voxels looked at in each step.")
]


def apply_filters(
    src: Source,
    out: Out,
    *,
    wanted: Filters = [],  # noqa: B006 - what Typer asks for; nobody changes it
    reference: Reference = None,
    part: PartNumber = None,
    moment: Moment = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Correct, smooth, match or resample a volume (ITK) and write it in any format of convert."""
    from xray_studio.core.errors import UsageError
    from xray_studio.core.volume.filters import FILTERS, filter_of

    steps = [filter_of(words) for words in wanted]
    if not steps:
        raise UsageError(f"Name at least one --filter: {', '.join(FILTERS)}.")
    volume = opened(listed([src], raw, spacing, quiet=quiet), part, moment, quiet=quiet)
    other = None if reference is None else _volume(reference, quiet=quiet)
    made = _filtered(volume, steps, other, quiet=quiet)
    facts = {"filters": [step.words for step in steps]}
    return _written(made, out, facts, overwrite=overwrite, json=json, quiet=quiet)


def bias_correct(
    src: Source,
    out: Out,
    *,
    levels: Annotated[int, typer.Option("--levels", help="How often the field is made finer.")] = 4,
    iterations: Annotated[int, typer.Option("--iterations", help="At most, a level.")] = 50,
    shrink: Annotated[
        int, typer.Option("--shrink", help="How much coarser the field is looked for.")
    ] = 4,
    part: PartNumber = None,
    moment: Moment = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Take away slow changes of brightness of an MR volume (N4)."""
    from xray_studio.core.volume.filters import BiasCorrection

    step = BiasCorrection(levels, iterations, shrink)
    volume = opened(listed([src], "", None, quiet=quiet), part, moment, quiet=quiet)
    made = _filtered(volume, [step], None, quiet=quiet)
    facts = {"filters": [step.words]}
    return _written(made, out, facts, overwrite=overwrite, json=json, quiet=quiet)


def register_volumes(
    fixed: Fixed,
    moving: Moving,
    out: Out,
    *,
    kind: Kind = "rigid",
    grid: Grid = 30.0,
    sampled: Sampled = 0.1,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Lay MOVING onto FIXED by mutual information and write it in the grid of FIXED."""
    from xray_studio.core.volume.registration import Registration
    from xray_studio.volume.register import registered

    wanted = Registration(kind, grid=grid, sampled=sampled)
    still = _volume(fixed, quiet=quiet).single("A registration")
    other = _volume(moving, quiet=quiet).single("A registration")
    made, found = run_job(registered(still, other, wanted), quiet=quiet)
    if not found.is_better:
        complain("The volumes fit no better than before; look at the result before using it.")
    return _written(made, out, _moved(found), overwrite=overwrite, json=json, quiet=quiet)


def steady(
    src: Source,
    out: Out,
    *,
    kind: Kind = "rigid",
    grid: Grid = 30.0,
    sampled: Sampled = 0.1,
    part: PartNumber = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Lay every moment of a four-dimensional volume onto its first."""
    from xray_studio.core.errors import UsageError
    from xray_studio.core.volume.registration import Registration
    from xray_studio.volume.register import steadied

    volume = opened(listed([src], "", None, quiet=quiet), part, None, quiet=quiet)
    if volume.moments < 2:
        raise UsageError("The volume has one moment; movement is corrected between moments.")
    wanted = Registration(kind, grid=grid, sampled=sampled)
    made, found = run_job(steadied(volume, wanted), quiet=quiet)
    facts = {"moments": [_moved(one) for one in found]}
    return _written(made, out, facts, overwrite=overwrite, json=json, quiet=quiet)


def _volume(path: Path, *, quiet: bool) -> Volume:
    return opened(listed([path], "", None, quiet=quiet), None, None, quiet=quiet)


def _filtered(
    volume: Volume, steps: list[VolumeFilter], reference: Volume | None, *, quiet: bool
) -> Volume:
    from xray_studio.volume.filters import filtered

    for step in steps:
        volume = run_job(filtered(volume, step, reference), quiet=quiet)
    return volume


def _moved(found: Moved) -> dict[str, Any]:
    return {
        "mutual_information": round(found.score, 6), "before": round(found.before, 6),
        "largest_mm": round(found.largest, 3),
        "matrix": None if found.affine is None else found.affine.round(9).tolist(),
    }  # fmt: skip


def _written(
    made: Volume, out: Path, facts: Mapping[str, Any], *, overwrite: bool, json: bool, quiet: bool
) -> int:
    from xray_studio.services.volume.convert import ConvertOptions, convert

    # What filters compute has fractions, which DICOM's 16 bits cannot keep.
    options = ConvertOptions(rounded=True, overwrite=overwrite)
    done = run_job(convert(made, out, options), quiet=quiet)
    if "largest_mm" in facts and not json:
        say(f"Moved by up to {facts['largest_mm']:g} mm")
    return told(done, made.warnings, facts, json=json)
