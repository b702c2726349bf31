"""How the objects of a series come here: by C-GET, by C-MOVE to a port of ours, or by WADO-RS."""

from __future__ import annotations

import queue
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from xray_studio.core.pacs.errors import NotOfferedError, PeerError
from xray_studio.core.pacs.fetched import Coming, Fetched, Listening
from xray_studio.core.pacs.node import Kind, Node
from xray_studio.core.pacs.query import Match, Query
from xray_studio.services.pacs.secrets import unlocked
from xray_studio.services.settings import load_settings

LAST: Final = 5.0  # seconds for what a node says it has sent, and has not come yet
MOMENT: Final = 0.1  # seconds


def coming(
    node: Node, matches: Sequence[Match], folder: Path
) -> Generator[Fetched | Coming, None, None]:
    """Fetch the objects of one series into a folder; yield each as it comes, and how it does.

    A node that offers no C-GET is let send them by C-MOVE, for which it has to know this program.
    Raises PeerError where the node cannot be reached, refuses, or ends in the midst of it.
    """
    node, password = unlocked(node)
    if node.kind is Kind.DICOMWEB:
        from xray_studio.network.wado import web_get

        yield from web_get(node, matches, folder, password)
        return
    from xray_studio.network.find import offers
    from xray_studio.network.get import get
    from xray_studio.network.move import STUDY_ROOT_MOVE

    try:
        yield from get(node, matches, folder, password)
    except NotOfferedError as error:
        if not offers(node, STUDY_ROOT_MOVE, password):
            raise PeerError(str(error)) from None
    else:
        return
    yield from _moved_here(node, matches, folder, password)


def _moved_here(
    node: Node, matches: Sequence[Match], folder: Path, password: str
) -> Generator[Fetched | Coming, None, None]:
    """Listen, and let a node send a series here, where what it sends is taken and nothing else."""
    from xray_studio.network.listening import listening
    from xray_studio.network.move import move

    port = load_settings()[0].archives.port
    awaited = {one.sop_instance_uid for one in matches}
    title = node.calling_ae_title
    first = matches[0]
    query = Query(
        study_instance_uid=first.study_instance_uid,
        series_instance_uid=first.series_instance_uid,
        sop_instance_uid=first.sop_instance_uid if len(matches) == 1 else "",
    )
    with listening(Listening(folder, port, title, wanted=frozenset(awaited))) as told:
        try:
            with closing(move(node, query, title, password)) as moving:
                for _ in moving:
                    yield Coming()
                    yield from _come(told, awaited)
        except PeerError as error:
            raise PeerError(
                f"{str(error).rstrip('.')}; it sends to {title} at port {port} of this computer."
            ) from error
        end = time.monotonic() + LAST
        while awaited and time.monotonic() < end:
            yield Coming()
            yield from _come(told, awaited, MOMENT)


def _come(
    told: queue.SimpleQueue[Fetched], awaited: set[str], seconds: float = 0.0
) -> Iterator[Fetched]:
    """Yield what has come, waiting so long for the first of it."""
    with suppress(queue.Empty):
        one = told.get(timeout=seconds) if seconds else told.get_nowait()
        while True:
            if one.sop_instance_uid in awaited:
                awaited.discard(one.sop_instance_uid)
                yield one
            one = told.get_nowait()
