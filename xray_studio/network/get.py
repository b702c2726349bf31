"""C-GET: objects come back on the association on which they are asked for, as the node has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pynetdicom import build_role
from pynetdicom.dimse_primitives import C_GET, C_STORE

from xray_studio.core.pacs.errors import NotOfferedError, PeerError
from xray_studio.core.pacs.fetched import Coming, Fetched
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Pair
from xray_studio.core.pacs.query import Match
from xray_studio.network.association import Link, associated
from xray_studio.network.contexts import EXPLICIT, IMPLICIT, MOST
from xray_studio.network.datasets import encoded, identifier
from xray_studio.network.probe import CLASSES, SYNTAXES
from xray_studio.network.receiving import take

STUDY_ROOT_GET: Final = "1.2.840.10008.5.1.4.1.2.2.3"
_NOT_HERE: Final = frozenset((0x0122, 0x0124, 0x0211))  # PS3.7 C.4: not supported, not allowed
_WORKS: Final = (0xFF00, 0xFF01)
_USUAL: Final = (
    EXPLICIT, IMPLICIT, "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.102",
)  # fmt: skip


def get(
    node: Node, matches: Sequence[Match], folder: Path, password: str = ""
) -> Iterator[Fetched | Coming]:
    """Fetch the objects of one series into a folder, and yield each as it comes, and how it does.

    Raises PeerError where the node cannot be reached, refuses, or ends in the midst of it.
    """
    told = dict.fromkeys(one.sop_class_uid for one in matches if one.sop_class_uid)
    classes = list(told) or list(CLASSES)  # not every node tells them
    roles = [build_role(uid, scp_role=True) for uid in classes]
    with associated(node, _pairs(classes), password, roles) as link:
        yield from _got(link, matches, folder)


def _pairs(classes: Sequence[str]) -> list[Pair]:
    """Return contexts for all syntaxes of each class, of the usual ones where classes are many."""
    room = (MOST - 2) // max(1, len(classes))
    ordered = [*_USUAL, *(uid for uid in SYNTAXES if uid not in _USUAL)][:room]
    pairs = [(STUDY_ROOT_GET, IMPLICIT), (STUDY_ROOT_GET, EXPLICIT)]
    return pairs + [(uid, syntax) for uid in classes for syntax in ordered]


def _got(link: Link, matches: Sequence[Match], folder: Path) -> Iterator[Fetched | Coming]:
    context, syntax = link.context(STUDY_ROOT_GET)
    wanted = frozenset(one.sop_instance_uid for one in matches)
    link.tell(_request(link, matches, syntax), context)
    while True:
        number, message = yield from link.awaited()
        if isinstance(message, C_STORE) and number is not None:
            answer, fetched = take(message, folder, wanted)
            if fetched.sop_instance_uid in wanted:
                yield fetched
            link.tell(answer, number)
        elif message.Status not in _WORKS:
            _check(link, message)
            return


def _request(link: Link, matches: Sequence[Match], syntax: str) -> C_GET:
    first = matches[0]
    keys = {
        "QueryRetrieveLevel": "IMAGE",
        "StudyInstanceUID": first.study_instance_uid,
        "SeriesInstanceUID": first.series_instance_uid,
        "SOPInstanceUID": "\\".join(one.sop_instance_uid for one in matches),
    }
    request = C_GET()
    request.MessageID = link.message_number()
    request.AffectedSOPClassUID = STUDY_ROOT_GET
    request.Priority = 0  # medium
    request.Identifier = encoded(identifier(keys), syntax)
    return request


def _check(link: Link, answer: Any) -> None:
    """Raise PeerError for a failure of the whole; single objects are told by not coming."""
    if answer.Status in _NOT_HERE:
        raise NotOfferedError(f"{link.node.told} does not let this program fetch by C-GET.")
    if answer.Status not in {0x0000, 0xB000}:
        raise PeerError(f"{link.node.told} fails to send (status {answer.Status:04X}H).")
