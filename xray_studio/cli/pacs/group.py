"""`xray-studio pacs` and its commands."""

from __future__ import annotations

import typer

from xray_studio.cli.pacs import asking, fetching, nodes, queue, sending


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Archives: asked, sent to and searched, over DIMSE and DICOMweb.",
        epilog="Example: xray-studio pacs send cine.dcm --node archive",
        no_args_is_help=True,
    )
    group.command("echo", epilog="Example: xray-studio pacs echo --node pacs.local:104/ARCHIVE")(
        asking.echo
    )
    group.command("send", epilog="Example: xray-studio pacs send ~/study --node archive")(
        sending.send
    )
    group.command("find", epilog="Example: xray-studio pacs find --patient-name 'Doe*'")(
        asking.find
    )
    group.command("worklist", epilog="Example: xray-studio pacs worklist --modality ES")(
        asking.worklist
    )
    group.command("get", epilog="Example: xray-studio pacs get --study 1.2.840.1 --out study")(
        fetching.get
    )
    group.command("move", epilog="Example: xray-studio pacs move --study 1.2.840.1 --to OTHER")(
        fetching.move
    )
    group.command("listen", epilog="Example: xray-studio pacs listen --out incoming --port 11112")(
        fetching.listen
    )
    queue.register(group)
    nodes.register(group)
    app.add_typer(group, name="pacs")
