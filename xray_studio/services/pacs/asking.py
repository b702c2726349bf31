"""What nodes are asked: whether they are there, what they take, what they have, what is planned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.pacs.node import Kind, Node
from xray_studio.core.pacs.query import Match, Query
from xray_studio.core.pacs.tested import NodeTest
from xray_studio.core.pacs.worklist import WorklistEntry, WorklistQuery
from xray_studio.services.pacs.secrets import unlocked

_DICOMWEB_NOTE = "DICOMweb does not tell what a service takes before something is sent."


def echo(node: Node) -> Job[float]:
    """Return the seconds in which a node answers. Raises PeerError where it does not."""
    yield Progress(message=f"Calling {node.told}")
    node, password = unlocked(node)
    if node.kind is Kind.DICOMWEB:
        from xray_studio.network.qido import web_echo

        return web_echo(node, password)
    from xray_studio.network.echo import echo as dimse_echo

    return dimse_echo(node, password)


def tested(node: Node, password: str | None) -> Job[NodeTest]:
    """Return what a node takes; None takes the password of the keyring.

    Raises PeerError where it is not there.
    """
    found = NodeTest(node.told)
    node, kept = unlocked(node, password)
    for found in _tests(node, kept):
        yield Progress(message=f"Asking {node.told} what it takes", partial=found)
    return found


def find(node: Node, query: Query, most: int = 0) -> Job[list[Match]]:
    """Return what a node has, at most so many (0: all). Raises PeerError where it does not say."""
    waiting = Progress(message=f"Searching {node.told}")
    yield waiting
    node, password = unlocked(node)
    if node.kind is Kind.DICOMWEB:
        from xray_studio.network.qido import web_find

        return web_find(node, query, password, most)
    from xray_studio.network.find import finding

    found: list[Match] = []
    with closing(finding(node, query, password, most)) as telling:
        for one in telling:
            if isinstance(one, Match):
                found.append(one)
            else:
                yield waiting
    return found


def worklist(node: Node, query: WorklistQuery) -> Job[list[WorklistEntry]]:
    """Return what is scheduled, in order of time.

    Raises UsageError for a DICOMweb service, and PeerError where the node does not say.
    """
    from xray_studio.network.worklist import worklist as asked

    if node.kind is Kind.DICOMWEB:
        raise UsageError("A worklist is asked for by DIMSE; name a node with host, port and title.")
    yield Progress(message=f"Asking {node.told} for its worklist")
    node, password = unlocked(node)
    return asked(node, query, password)


def _tests(node: Node, password: str) -> Iterator[NodeTest]:
    if node.kind is Kind.DICOMWEB:
        from xray_studio.network.qido import web_echo

        seconds = web_echo(node, password)
        yield NodeTest(node.told, seconds=seconds, answers_queries=True, note=_DICOMWEB_NOTE)
        return
    from xray_studio.network.probe import probed

    yield from probed(node, password)
