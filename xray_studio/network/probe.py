"""What a node takes: SOP classes, transfer syntaxes, video. It is asked, and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pynetdicom import ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts

from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Pair
from xray_studio.core.pacs.tested import VIDEO_SYNTAXES, NodeTest
from xray_studio.network.association import Link, associated
from xray_studio.network.contexts import EXPLICIT, IMPLICIT, MOST, VERIFICATION, uid_words
from xray_studio.network.echo import echo
from xray_studio.network.find import STUDY_ROOT_FIND
from xray_studio.network.worklist import MODALITY_WORKLIST

_IMAGE: Final = "1.2.840.10008.5.1.4.1.1."
VIDEO_CLASSES: Final = tuple(f"{_IMAGE}77.1.{kind}.1" for kind in (1, 2, 4))
"""Video endoscopic, microscopic and photographic image storage."""
CLASSES: Final = (
    f"{_IMAGE}2", f"{_IMAGE}1.1", f"{_IMAGE}12.1", f"{_IMAGE}3.1", f"{_IMAGE}7", f"{_IMAGE}7.4",
    *VIDEO_CLASSES,
)  # fmt: skip
"""CT, DX, XA, ultrasound clips, secondary captures single and in colour, video."""
_LIVE: Final = "1.2.840.10008.1.2.7."  # syntaxes of live video, which is not stored
SYNTAXES: Final = tuple(uid for uid in ALL_TRANSFER_SYNTAXES if not uid.startswith(_LIVE))


def probed(node: Node, password: str = "") -> Iterator[NodeTest]:
    """Yield what is known of a node, more each time. Raises PeerError where it is not there."""
    found = NodeTest(node.told, seconds=echo(node, password))
    yield found
    storage = [str(one.abstract_syntax) for one in AllStoragePresentationContexts]
    asked: list[Pair] = [(STUDY_ROOT_FIND, IMPLICIT), (MODALITY_WORKLIST, IMPLICIT)]
    asked += [(kind, syntax) for kind in CLASSES for syntax in SYNTAXES]
    asked += [(kind, way) for kind in storage for way in (IMPLICIT, EXPLICIT)]
    asked = list(dict.fromkeys(asked))
    taken = set[Pair]()
    # One that is always taken keeps an association alive on which nothing else is.
    for begin in range(0, len(asked), MOST - 1):
        turn = [(VERIFICATION, IMPLICIT), *asked[begin : begin + MOST - 1]]
        with associated(node, turn, password) as link:
            taken |= set(link.accepted)
            found = _of_itself(found, link)
        yield found
    yield _with_taken(found, storage, taken)


def _of_itself(found: NodeTest, link: Link) -> NodeTest:
    """Return a test with what a node tells of itself."""
    acceptor = link.association.acceptor
    return replace(
        found,
        implementation=acceptor.implementation_version_name or "",
        maximum_length=acceptor.maximum_length,
    )


def _with_taken(found: NodeTest, storage: list[str], taken: set[Pair]) -> NodeTest:
    stored = sorted({kind for kind, _ in taken if kind in set(storage)})
    syntaxes = {kind: tuple(uid for uid in SYNTAXES if (kind, uid) in taken) for kind in CLASSES}
    films = {uid for every in VIDEO_SYNTAXES.values() for uid in every}
    video = {kind: tuple(uid for uid in syntaxes[kind] if uid in films) for kind in VIDEO_CLASSES}
    return replace(
        found,
        classes={kind: uid_words(kind) for kind in stored},
        classes_asked=len(storage),
        syntaxes=syntaxes,
        names={uid: uid_words(uid) for uid in (*CLASSES, *SYNTAXES)},
        video=video,
        answers_queries=(STUDY_ROOT_FIND, IMPLICIT) in taken,
        answers_worklist=(MODALITY_WORKLIST, IMPLICIT) in taken,
    )
