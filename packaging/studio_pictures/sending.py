"""Sending to an archive: a node tested, what is sent, and the queue on its way."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from studio_pictures.photographer import Photographer

CLOSED = "night"


def sending(at: Photographer) -> None:
    """Keep the nodes with a test, the dialog that sends, and the queue with one node closed."""
    from xray_studio.core.pacs.node import Node
    from xray_studio.services.pacs.nodes import keep_node

    with _archive() as port:
        keep_node(Node("archive", host="127.0.0.1", port=port, called_ae_title="ARCHIVE"))
        keep_node(Node(CLOSED, host="127.0.0.1", port=_free(), called_ae_title="NIGHT"))
        at.choose("XA", "LCA")
        _nodes(at)
        _send(at, "archive", keep=True)
        at.wait_for(lambda: at.window.jobs.message.text().endswith("sent."))
        _send(at, CLOSED)
        at.pause(1.5)
        at.window.commands["send_queue"].trigger()
        at.pause(1.5)
        at.keep("send-queue")
        at.window.desk.close_all()


def _nodes(at: Photographer) -> None:
    from xray_studio.ui.dialogs.nodes.dialog import NodesDialog

    at.window.commands["nodes"].trigger()
    dialog = at.window.desk.dialogs["nodes"]
    assert isinstance(dialog, NodesDialog)
    at.wait_for(lambda: dialog.list.count() > 1)
    dialog.test.click()
    at.wait_for(dialog.answers.tree.isVisible)
    at.keep("nodes")
    dialog.close()


def _send(at: Photographer, node: str, *, keep: bool = False) -> None:
    """Send the study on screen."""
    from xray_studio.ui.dialogs.send.dialog import SendDialog

    at.window.commands["send"].trigger()
    dialog = at.window.desk.dialogs["send"]
    assert isinstance(dialog, SendDialog)
    at.wait_for(lambda: dialog.node.count() > 1)
    dialog.scope.setCurrentIndex(1)
    dialog.scope.activated.emit(1)
    dialog.node.setCurrentIndex(dialog.node.findData(node))
    at.wait_for(dialog.send_button.isEnabled)
    if keep:
        at.keep("send")
    dialog.send_button.click()
    at.wait_for(lambda: "send" not in at.window.desk.dialogs)


def _free() -> int:
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def _archive() -> Iterator[int]:
    """Run an archive on loopback that takes everything and keeps nothing."""
    from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, evt
    from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]  # made at import

    entity, port = AE("ARCHIVE"), _free()
    entity.add_supported_context(Verification)
    for one in AllStoragePresentationContexts:
        entity.add_supported_context(str(one.abstract_syntax), ALL_TRANSFER_SYNTAXES)
    server = entity.start_server(
        ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, lambda _event: 0x0000)]
    )
    try:
        yield port
    finally:
        if server is not None:
            server.shutdown()
