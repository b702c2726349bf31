"""Sending and asking over whichever protocol a node speaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from xray_studio.core.pacs.node import Kind, Node
from xray_studio.core.pacs.outgoing import Outcome, Outgoing, Pair

GoesOn = Callable[[int], bool]
"""Hears of bytes that went out; False ends the sending between two pieces."""


class Sender(Protocol):
    """An open way on which objects are sent one after another."""

    @property
    def works(self) -> bool:
        """Whether it still takes objects."""

    def send(self, one: Outgoing, goes_on: GoesOn) -> Outcome:
        """Send an object; `works` tells afterwards whether it takes more."""

    def cut(self) -> None:
        """End it at once, from any thread; an object that is under way is unknown then."""


class Asker(Protocol):
    """An open way on which a node is asked what it has."""

    def has(self, one: Outgoing) -> bool:
        """Tell whether the node has an object. Raises PeerError where it does not say."""


def open_sender(
    node: Node, pairs: Sequence[Pair], password: str = ""
) -> AbstractContextManager[Sender]:
    """Open a way to send objects of pairs. Entering raises PeerError where that fails."""
    if node.kind is Kind.DICOMWEB:
        from xray_studio.network.stow import web_sender

        return web_sender(node, password)
    from xray_studio.network.store import dimse_sender

    return dimse_sender(node, pairs, password)


def open_asker(node: Node, password: str = "") -> AbstractContextManager[Asker]:
    """Open a way to ask. Entering raises PeerError, NotOfferedError where nobody can be asked."""
    if node.kind is Kind.DICOMWEB:
        from xray_studio.network.qido import web_asker

        return web_asker(node, password)
    from xray_studio.network.find import dimse_asker

    return dimse_asker(node, password)
