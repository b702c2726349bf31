"""C-MOVE: a node sends what it has to another one."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from pynetdicom.dimse_primitives import C_MOVE

from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.fetched import Coming, Moved
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.query import Query
from xray_studio.network.datasets import encoded, identifier
from xray_studio.network.find import asking

STUDY_ROOT_MOVE: Final = "1.2.840.10008.5.1.4.1.2.2.2"
_PENDING: Final = (0xFF00, 0xFF01)


def move(
    node: Node, query: Query, to_ae_title: str, password: str = ""
) -> Generator[Moved | Coming, None, None]:
    """Let a node send a study, a series or an object to the node of a title, and yield how far.

    Between its answers it yields that nothing has come, so that it can be stopped there.

    Raises PeerError where it refuses or does not know that title.
    """
    with asking(node, STUDY_ROOT_MOVE, password) as link:
        context, syntax = link.context(STUDY_ROOT_MOVE)
        request = C_MOVE()
        request.MessageID = link.message_number()
        request.AffectedSOPClassUID = STUDY_ROOT_MOVE
        request.Priority = 0  # medium
        request.MoveDestination = to_ae_title
        request.Identifier = encoded(identifier(_keys(query)), syntax)
        for answer in link.asked(request, context):
            if isinstance(answer, Coming):
                yield answer
                continue
            if answer.Status not in {*_PENDING, 0x0000, 0xB000}:
                raise PeerError(_why(node, to_ae_title, answer.Status))
            yield Moved(
                (answer.NumberOfCompletedSuboperations or 0)
                + (answer.NumberOfWarningSuboperations or 0),
                answer.NumberOfFailedSuboperations or 0,
                answer.NumberOfRemainingSuboperations or 0,
            )


def _keys(query: Query) -> dict[str, str]:
    keys = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": query.study_instance_uid}
    if query.series_instance_uid:
        keys |= {"QueryRetrieveLevel": "SERIES", "SeriesInstanceUID": query.series_instance_uid}
    if query.sop_instance_uid:
        keys |= {"QueryRetrieveLevel": "IMAGE", "SOPInstanceUID": query.sop_instance_uid}
    return keys


def _why(node: Node, title: str, status: int) -> str:
    if status == 0xA801:
        return f"{node.told} does not know {title}; have it registered there."
    if status == 0xA702:
        return f"{node.told} could not send to {title}; see whether that listens."
    return f"{node.told} fails to send to {title} (status {status:04X}H)."
