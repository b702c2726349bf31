"""`xray-studio volume batch`: many volumes filtered and converted, several at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from xray_studio.cli.common import (
    DONE,
    FAILED,
    IN_PART,
    Json,
    Overwrite,
    Quiet,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.inputs import damaged_inputs, empty_inputs, list_failed
from xray_studio.cli.volume.filters import Reference
from xray_studio.cli.volume.options import UptakeKind

if TYPE_CHECKING:
    from xray_studio.services.volume.many import ManyResult

Sources = Annotated[list[str], typer.Argument(metavar="SRC...", show_default=False)]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)
]
To = Annotated[
    Literal["nii.gz", "nii", "nrrd", "mha", "mnc", "hdr", "dcm", "slices"],
    typer.Option("--to", help="Format of the files; slices are folders of DICOM."),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", "-j", metavar="N", help="Processes at once.", show_default=False),
]
Filters = Annotated[
    list[str],
    typer.Option("--filter", metavar="NAME:KEY=VALUE,...", help="As those of volume filter."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Leave out what an earlier batch in DIR has finished.")
]


def batch(
    src: Sources,
    *,
    out: Out,
    to: To = "nii.gz",
    wanted: Filters = [],  # noqa: B006 - what Typer asks for; nobody changes it
    reference: Reference = None,
    uptake: UptakeKind = None,
    as_: Annotated[
        Literal["auto", "ct", "mr"], typer.Option("--as", help="Kind of DICOM slices.")
    ] = "auto",
    round_: Annotated[
        bool, typer.Option("--round", help="Round to 16 bits what DICOM cannot keep exactly.")
    ] = False,
    identity: Annotated[
        bool, typer.Option("--identity", help="Say in the files whose volumes they are.")
    ] = False,
    workers: Workers = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Filter and convert every volume below files and folders, several at once.

    What one volume cannot give ends nothing; a batch that was stopped goes on with --resume. DIR
    then holds volumes.csv as well, a row for each.
    """
    from xray_studio.services.open import scan
    from xray_studio.services.volume.convert import ConvertOptions
    from xray_studio.services.volume.many import ManyOptions, many_volumes
    from xray_studio.services.volume.many_tasks import VolumeWork

    work = VolumeWork(
        "" if to == "slices" else f".{to}",
        tuple(wanted),
        "" if reference is None else os.fspath(reference.absolute()),
        uptake or "",
        ConvertOptions("" if as_ == "auto" else as_.upper(), round_ or bool(wanted), identity),
    )
    catalog = run_job(scan(src), quiet=quiet)
    options = ManyOptions(workers or os.cpu_count() or 1, resume, overwrite)
    result = run_job(many_volumes(catalog, src, out, work, options), quiet=quiet)
    failed = damaged_inputs(catalog) | empty_inputs(src, catalog, pictures=True)
    return _tell(result, failed, json=json)


def _tell(result: ManyResult, failed: dict[str, str], *, json: bool) -> int:
    """Say what was written and what failed; return the exit status."""
    wrong = {result.sources[one.number - 1]: one.reason for one in result.failed}
    failed = wrong | failed
    list_failed(failed)
    good = [one for one in result.outcomes if not one.failed]
    for one in good:
        for sentence in one.notes:
            complain(f"{one.target}: {sentence}")
    if json:
        say_json(_facts(result, failed))
    else:
        say(f"{len(good):,} of {len(result.outcomes):,} volumes written to {result.folder}")
        say(f"Table: {result.table}")
    if not good:
        return FAILED
    return IN_PART if failed else DONE


def _facts(result: ManyResult, failed: dict[str, str]) -> dict[str, Any]:
    written = [
        {
            "file": str(result.folder / one.target),
            "source": result.sources[one.number - 1],
            "columns": one.columns,
            "rows": one.rows,
            "frames": one.frames,
            "seconds": round(one.seconds, 3),
            "finished_before": one.number in result.kept,
            "notes": list(one.notes),
            "files": [
                {"name": file.name, "bytes": file.bytes, "sha256": file.sha256}
                for file in one.files
            ],
        }
        for one in result.outcomes
        if not one.failed
    ]
    return {
        "folder": str(result.folder),
        "written": written,
        "failed": [{"path": path, "reason": reason} for path, reason in failed.items()],
        "table": str(result.table),
    }
