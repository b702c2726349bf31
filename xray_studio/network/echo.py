"""C-ECHO: whether a node is there."""

from __future__ import annotations

import time

from pynetdicom.dimse_primitives import C_ECHO

from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.node import Node
from xray_studio.network.association import associated
from xray_studio.network.contexts import EXPLICIT, IMPLICIT, VERIFICATION


def echo(node: Node, password: str = "") -> float:
    """Return the seconds in which a node answers. Raises PeerError where it does not."""
    begun = time.perf_counter()
    pairs = [(VERIFICATION, IMPLICIT), (VERIFICATION, EXPLICIT)]
    with associated(node, pairs, password) as link:
        number, _ = link.context(VERIFICATION)
        request = C_ECHO()
        request.MessageID = link.message_number()
        request.AffectedSOPClassUID = VERIFICATION
        for answer in link.ask(request, number):
            if answer.Status:
                raise PeerError(f"{node.told} refuses an echo (status {answer.Status:04X}H).")
    return time.perf_counter() - begun
