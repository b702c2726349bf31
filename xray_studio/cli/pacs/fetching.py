"""`xray-studio pacs get, move, listen`: objects come from archives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import (
    DONE,
    FAILED,
    IN_PART,
    Json,
    Quiet,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.pacs.options import NodeName, objects

if TYPE_CHECKING:
    from xray_studio.core.job import Progress
    from xray_studio.core.pacs.query import Query

StudyUid = Annotated[str, typer.Option("--study", metavar="UID", help="Study Instance UID.")]
SeriesUid = Annotated[
    str, typer.Option("--series", metavar="UID", help="Series Instance UID, for that alone.")
]
InstanceUid = Annotated[
    str, typer.Option("--instance", metavar="UID", help="SOP Instance UID, for that alone.")
]
Out = Annotated[
    Path,
    typer.Option("--out", metavar="DIR", help="Folder that they come into.", show_default=False),
]


def get(
    *,
    out: Out,
    study: StudyUid,
    node: NodeName = "",
    series: SeriesUid = "",
    instance: InstanceUid = "",
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Fetch a study, a series or one object, as the archive has it (C-GET or WADO-RS).

    Files are named by their SOP Instance UIDs. The exit status is 3 where some did not come, 1
    where none did.
    """
    from xray_studio.services.pacs.fetching import fetch
    from xray_studio.services.pacs.nodes import node_named

    out.mkdir(parents=True, exist_ok=True)
    got = run_job(fetch(node_named(node), _query(study, series, instance), out), quiet=quiet)
    if json:
        say_json({
            "files": [str(one.path) for one in got.files],
            "missing": [{"sop_instance_uid": one.sop_instance_uid, "reason": one.why}
                        for one in got.missing],
        })  # fmt: skip
    else:
        for one in got.files:
            say(str(one.path))
    for one in got.missing:
        complain(f"{one.sop_instance_uid}: {one.why.rstrip('.')}.")
    if not got.files:
        return FAILED
    return IN_PART if got.missing else DONE


def move(
    *,
    to: Annotated[str, typer.Option("--to", metavar="AET", help="AE title that it is sent to.")],
    study: StudyUid,
    node: NodeName = "",
    series: SeriesUid = "",
    instance: InstanceUid = "",
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Let an archive send a study, series or object to another node that it knows (C-MOVE)."""
    from xray_studio.services.pacs.fetching import move as asked
    from xray_studio.services.pacs.nodes import node_named

    moved = run_job(asked(node_named(node), _query(study, series, instance), to), quiet=quiet)
    if json:
        say_json({"to": to, "sent": moved.done, "failed": moved.failed})
    else:
        say(f"{objects(moved.done)} sent to {to}.")
    if moved.failed:
        complain(f"{objects(moved.failed)} could not be sent to {to}; see whether it listens.")
        return IN_PART if moved.done else FAILED
    return DONE


def listen(
    *,
    out: Out,
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=1, max=65_535)] = 11_112,
    ae_title: Annotated[
        str, typer.Option("--own-title", metavar="AET", help="This program's AE title.")
    ] = "XRAYSTUDIO",
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Listen at this address alone.")
    ] = "",
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="End after so many objects.")
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option("--tls-certificate", metavar="FILE.pem", help="By TLS.", show_default=False),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--tls-key", metavar="FILE.pem", help="Its key.", show_default=False),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Take what others send here into a folder, until Ctrl+C. Each file is printed as it comes."""
    from xray_studio.core.pacs.fetched import Listening
    from xray_studio.core.pacs.node import check_title
    from xray_studio.services.pacs.fetching import listen as taken

    check_title(ae_title)
    out.mkdir(parents=True, exist_ok=True)
    wanted = Listening(out, port, ae_title, host, str(certificate or ""), str(key or ""))
    found = run_job(taken(wanted, count), quiet=quiet, on_progress=_tell)
    return IN_PART if any(one.path is None for one in found) else DONE


def _tell(progress: Progress) -> None:
    one = progress.partial
    if one is None:
        return
    if one.path is None:
        complain(f"{one.sop_instance_uid}: {one.why.rstrip('.')}.")
    else:
        say(str(one.path))


def _query(study: str, series: str, instance: str) -> Query:
    from xray_studio.core.errors import UsageError
    from xray_studio.core.pacs.query import Query

    if instance and not series:
        raise UsageError("An object is named by its series too; add --series UID.")
    return Query(study_instance_uid=study, series_instance_uid=series, sop_instance_uid=instance)
