"""`xray-studio volume convert`: the same values at the same place in another format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from xray_studio.cli.common import DONE, Json, Overwrite, Quiet, complain, run_job, say, say_json
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
    from collections.abc import Mapping, Sequence

    from xray_studio.services.volume.convert import Converted

Out = Annotated[
    Path,
    typer.Argument(
        metavar="OUT",
        show_default=False,
        help=".nii, .nii.gz, .nrrd, .mha, .mnc, .hdr (Analyze), .dcm (multi-frame) or a folder of "
        "DICOM slices.",
    ),
]


def convert(
    src: Source,
    out: Out,
    *,
    part: PartNumber = None,
    moment: Moment = None,
    uptake: UptakeKind = None,
    raw: Raw = "",
    spacing: Spacing = None,
    as_: Annotated[
        Literal["auto", "ct", "mr"], typer.Option("--as", help="Kind of DICOM slices.")
    ] = "auto",
    round_: Annotated[
        bool, typer.Option("--round", help="Round to 16 bits what DICOM cannot keep exactly.")
    ] = False,
    identity: Annotated[
        bool, typer.Option("--identity", help="Say in the file whose volume it is.")
    ] = False,
    uncompressed: Annotated[
        bool, typer.Option("--uncompressed", help="Do not pack the voxels of NRRD and MetaImage.")
    ] = False,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write a volume in another format; values stay exact, and every voxel where it lies.

    Research formats do not say whose volume it is unless --identity asks for it.
    """
    from xray_studio.services.volume.convert import ConvertOptions
    from xray_studio.services.volume.convert import convert as job

    parts = listed([src], raw, spacing, quiet=quiet)
    volume = opened(parts, part, moment, uptake=uptake, quiet=quiet)
    how = ConvertOptions(
        kind="" if as_ == "auto" else as_.upper(),
        rounded=round_,
        identity=identity,
        packed=not uncompressed,
        overwrite=overwrite,
    )
    done = run_job(job(volume, out, how), quiet=quiet)
    return told(done, volume.warnings, {}, json=json)


def told(done: Converted, warnings: Sequence[str], facts: Mapping[str, Any], *, json: bool) -> int:
    """Tell what was written, how it was made, and what is to be known of it."""
    notes = [*warnings, *done.notes]
    if json:
        file = {"target": str(done.target), "format": done.format, "files": done.files}
        say_json(file | dict(facts) | {"notes": notes})
        return DONE
    say(f"{done.target}: {done.format}, {done.files:,} file{'' if done.files == 1 else 's'}")
    for note in notes:
        complain(note)
    return DONE
