"""`xray-studio pacs nodes`: archives by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import DONE, Json, Quiet, complain, run_job, say, say_json

if TYPE_CHECKING:
    from xray_studio.core.pacs.node import Node
    from xray_studio.core.pacs.tested import NodeTest

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


def _path(text: str) -> Any:
    return typer.Option(metavar="FILE.pem", help=text, show_default=False)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio pacs nodes list"
    group = typer.Typer(help="Archives by name.", epilog=example)
    group.callback(invoke_without_command=True)(_listed)
    group.command("list", epilog=example)(listed)
    group.command("add", epilog="Example: xray-studio pacs nodes add main pacs.local:104/ARCHIVE")(
        add
    )
    group.command("remove", epilog="Example: xray-studio pacs nodes remove main")(remove)
    group.command("test", epilog="Example: xray-studio pacs nodes test main")(show_test)
    app.add_typer(group, name="nodes")


def _listed(context: typer.Context, *, json: Json = False) -> int:
    """Show the archives that are known; see also list."""
    return DONE if context.invoked_subcommand else listed(json=json)


def listed(*, json: Json = False) -> int:
    """List the archives that are known by name; passwords are not shown."""
    from xray_studio.core.pacs.node_values import to_values
    from xray_studio.services.pacs.nodes import broken, nodes

    known, damaged = nodes(), broken()
    if json:
        say_json({"nodes": [{"name": one.name} | to_values(one) for one in known],
                  "broken": damaged})  # fmt: skip
        return DONE
    for one in known:
        say("  ".join(filter(None, (one.name, one.address, _more(one)))))
    for name, why in damaged.items():
        complain(f"The node {name} cannot be used: {why}")
    if not known:
        say("No archive is known yet; add one with pacs nodes add.")
    return DONE


def add(
    name: Name,
    address: Annotated[str, typer.Argument(metavar="HOST:PORT/AET|URL", show_default=False)],
    *,
    own_title: Annotated[
        str, typer.Option("--own-title", metavar="AET", help="This program's AE title.")
    ] = "XRAYSTUDIO",
    user: Annotated[
        str, typer.Option("--user", metavar="NAME", help="Who asks, where the node wants it.")
    ] = "",
    password: Annotated[
        bool,
        typer.Option("--password", help="Ask for a password, or read it; the keyring keeps it."),
    ] = False,
    bearer: Annotated[
        bool,
        typer.Option("--bearer", help="Ask for a token of a DICOMweb service, as for a password."),
    ] = False,
    backup: Annotated[
        str, typer.Option("--backup", metavar="NAME", help="Node that stands in for it.")
    ] = "",
    connect_timeout: Annotated[
        float, typer.Option("--connect-timeout", metavar="SECONDS", help="To be connected.")
    ] = 10.0,
    answer_timeout: Annotated[
        float, typer.Option("--answer-timeout", metavar="SECONDS", help="To get an answer.")
    ] = 60.0,
    maximum_length: Annotated[
        int, typer.Option("--maximum-pdu", metavar="BYTES", help="Maximum length of a PDU.")
    ] = 65_536,
    associations: Annotated[
        int, typer.Option("--associations", metavar="N", help="How many send at a time.")
    ] = 3,
    tls: Annotated[bool, typer.Option("--tls", help="Connect by TLS.")] = False,
    tls_authority: Annotated[Path | None, _path("Certificates that are trusted.")] = None,
    tls_certificate: Annotated[Path | None, _path("Certificate of this program.")] = None,
    tls_key: Annotated[Path | None, _path("Key of that certificate.")] = None,
    key_passphrase: Annotated[
        bool,
        typer.Option("--key-passphrase", help="Ask for what opens that key; the keyring keeps it."),
    ] = False,
    send_unasked: Annotated[
        bool,
        typer.Option("--send-unasked", help="Send again where nobody can tell whether it arrived."),
    ] = False,
) -> int:
    """Keep an archive under a name, in place of the one that had it."""
    from dataclasses import replace

    from xray_studio.core.errors import UsageError
    from xray_studio.core.pacs.node import Tls, node_of
    from xray_studio.services.pacs.nodes import keep_node

    if key_passphrase and tls_key is None:
        raise UsageError("A passphrase needs the key that it opens; name that too (--tls-key).")

    made = node_of(address)
    secure = tls or made.tls.on or any((tls_authority, tls_certificate, tls_key))
    node = replace(
        made, name=name, calling_ae_title=own_title, user=user, backup=backup,
        connect_timeout=connect_timeout, answer_timeout=answer_timeout,
        maximum_length=maximum_length, associations=associations, send_unasked=send_unasked,
        bearer=bearer,
        tls=Tls(secure, _text(tls_authority), _text(tls_certificate), _text(tls_key)),
    )  # fmt: skip
    secret = _asked("Token" if bearer else "Password") if password or bearer else None
    if key_passphrase:
        node = replace(node, tls=replace(node.tls, passphrase=_asked("Passphrase of the key")))
    keep_node(node, secret)
    say(f"{name} is {node.address}; test it with pacs nodes test {name}.")
    return DONE


def remove(name: Name) -> int:
    """Forget an archive and its password; what waits for it in the queue stays there."""
    from xray_studio.services.pacs.nodes import forget_node

    forget_node(name)
    say(f"{name} is forgotten.")
    return DONE


def show_test(
    name: Annotated[str, typer.Argument(metavar="NAME|HOST:PORT/AET|URL", show_default=False)],
    *,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show what an archive takes: SOP classes, transfer syntaxes, and whether it stores video.

    Nothing is sent: it is told by what the archive accepts when an association is opened.
    """
    from xray_studio.services.pacs.asking import tested
    from xray_studio.services.pacs.nodes import node_named

    found = run_job(tested(node_named(name), None), quiet=quiet)
    if json:
        say_json(found.facts())
    else:
        _say(found)
    return DONE


def _say(found: NodeTest) -> None:
    seconds = f"{(found.seconds or 0.0) * 1000.0:.0f} ms"
    by = f" ({found.implementation})" if found.implementation else ""
    say(f"{found.node} answers in {seconds}{by}.")
    if found.note:
        say(found.note)
    if found.classes_asked:
        say(f"It stores {len(found.classes)} of {found.classes_asked} SOP classes.")
        for syntaxes, kinds in found.alike().items():
            say(f"{', '.join(kinds)}:")
            for name in syntaxes or ("in no transfer syntax",):
                say(f"  {name}")
    say(found.video_words())
    for what, answers in (("queries", found.answers_queries), ("worklist", found.answers_worklist)):
        if answers is not None:
            say(f"It {'answers' if answers else 'does not answer'} {what}.")


def _more(node: Node) -> str:
    words = [
        f"as {node.calling_ae_title}" if node.host else "",
        "TLS" if node.tls.on else "",
        f"user {node.user}" if node.user else "",
        "token" if node.bearer else "",
        f"backup {node.backup}" if node.backup else "",
    ]
    return ", ".join(filter(None, words))


def _asked(what: str) -> str:
    """Return a secret from a person, or a line of standard input where that is no terminal."""
    import getpass
    import sys

    if sys.stdin.isatty():
        return getpass.getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\n")


def _text(path: Path | None) -> str:
    return "" if path is None else str(path.absolute())
