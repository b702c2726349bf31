"""Fetching: what a node has of a study or series comes into a folder, each object as it is."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.files import check_place, replacing_folder
from xray_studio.core.job import Job, Progress
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.fetched import Coming, Fetched, Listening, Moved
from xray_studio.core.pacs.node import Kind, Node, check_title
from xray_studio.core.pacs.query import Level, Match, Query
from xray_studio.services.pacs.asking import find
from xray_studio.services.pacs.secrets import unlocked
from xray_studio.services.pacs.ways_in import coming

NOT_SENT: Final = "the node did not send it"
NAME_A_STUDY: Final = "Name a study with --study UID; pacs find lists them."
MOMENT: Final = 0.2  # seconds
_ENOUGH: Final = 2  # series of which nothing comes, after which the node is left alone


@dataclass(frozen=True, slots=True)
class Arriving:
    """How many bytes have come so far, of the object that is on its way too."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Got:
    """Objects that are here now, and those that are not with the reason."""

    files: tuple[Fetched, ...]
    missing: tuple[Fetched, ...] = ()


def fetch(node: Node, query: Query, folder: Path) -> Job[Got]:
    """Fetch objects of a study, a series or one object into a folder, named by their UIDs.

    Raises UsageError where nothing is named or found, PeerError where the node does not say what
    it has. What has come stays when the rest does not.
    """
    if not query.study_instance_uid:
        raise UsageError(NAME_A_STUDY)
    check_place(folder / "object")
    matches = yield from _objects(node, query)
    if not matches:
        raise UsageError(f"{node.told} has no such study, series or object; look with pacs find.")
    return (yield from _all(node, matches, folder))


def retrieve(node: Node, wanted: Sequence[Match], folder: Path) -> Job[Got]:
    """Fetch studies and series that were found into a new folder.

    The folder appears when nothing more comes; where the job is stopped, or nothing has come, there
    is none. Raises PeerError with the reason where nothing has come, WriteError where the folder
    cannot be made.
    """
    check_place(folder)
    matches = dict[str, Match]()
    for one in wanted:
        if not one.study_instance_uid:  # a question without it would be about everything
            raise PeerError(f"{node.told} does not tell the UID of a study; it cannot be fetched.")
        query = Query(
            study_instance_uid=one.study_instance_uid, series_instance_uid=one.series_instance_uid
        )
        found = yield from _objects(node, query)
        matches |= {match.sop_instance_uid: match for match in found}
    if not matches:
        raise PeerError(f"{node.told} has no objects of that any more; search again.")
    with replacing_folder(folder) as temporary:
        got = yield from _all(node, list(matches.values()), temporary)
        if not got.files:
            raise PeerError(f"Nothing has come: {got.missing[0].why}")
    here = tuple(
        replace(one, path=folder / one.path.name) for one in got.files if one.path is not None
    )
    return Got(here, got.missing)


def _all(node: Node, matches: Sequence[Match], folder: Path) -> Job[Got]:
    """Fetch objects series by series; one that fails does not end the others, two in a row do."""
    found = dict[str, Fetched]()
    come, failure, failures = 0, "", 0
    for series in _by_series(matches):
        if failures < _ENOUGH:
            failure, before = "", len(found)
            try:
                with contextlib.closing(coming(node, series, folder)) as arriving:
                    for one in arriving:
                        size = one.bytes if isinstance(one, Coming) else _size(one)
                        if not isinstance(one, Coming):
                            found[one.sop_instance_uid] = one
                            come, size = come + size, 0
                        partial = Arriving(come + size)
                        yield Progress(len(found), len(matches), "Fetching", partial)
            except PeerError as error:
                failure = str(error)
            failures = failures + 1 if failure and len(found) == before else 0
        for match in series:
            lost = Fetched(match.sop_instance_uid, why=failure or NOT_SENT)
            found.setdefault(match.sop_instance_uid, lost)
    return Got(
        tuple(one for one in found.values() if one.path is not None),
        tuple(one for one in found.values() if one.path is None),
    )


def _size(one: Fetched) -> int:
    return one.path.stat().st_size if one.path is not None else 0


def _objects(node: Node, query: Query) -> Job[list[Match]]:
    """Return the objects that are wanted, asked for series by series (PS3.4 C.4.1.2.1)."""
    series = yield from find(
        node,
        Query(
            Level.SERIES,
            study_instance_uid=query.study_instance_uid,
            series_instance_uid=query.series_instance_uid,
        ),
    )
    found: list[Match] = []
    for one in series:
        found += yield from find(
            node,
            Query(
                Level.IMAGE,
                study_instance_uid=query.study_instance_uid,
                series_instance_uid=one.series_instance_uid,
                sop_instance_uid=query.sop_instance_uid,
            ),
        )
    return found


def _by_series(matches: Sequence[Match]) -> list[list[Match]]:
    found = dict[str, list[Match]]()
    for one in matches:
        found.setdefault(one.series_instance_uid, []).append(one)
    return list(found.values())


def move(node: Node, query: Query, to_ae_title: str) -> Job[Moved]:
    """Let a node send what it has to the node of an AE title, and return how that went.

    Raises UsageError where nothing is named, PeerError where the node refuses.
    """
    if not query.study_instance_uid:
        raise UsageError(NAME_A_STUDY)
    if node.kind is Kind.DICOMWEB:
        raise UsageError("Moving is asked for by DIMSE; name a node with host, port and title.")
    check_title(to_ae_title)
    from xray_studio.network.move import move as asked

    found = Moved()
    node, password = unlocked(node)
    for one in asked(node, query, to_ae_title, password):
        found = one if isinstance(one, Moved) else found
        total = found.done + found.failed + found.left
        yield Progress(found.done, total, f"Sending to {to_ae_title}")
    return found


def listen(wanted: Listening, most: int | None = None) -> Job[list[Fetched]]:
    """Take what others send here until `most` objects have come, or until it is stopped.

    `progress.partial` is what came last. Raises PeerError where the port cannot be listened at.
    """
    check_place(wanted.folder / "object")
    from xray_studio.network.listening import listening

    found: list[Fetched] = []
    with listening(wanted) as told:
        while most is None or len(found) < most:
            one = None
            with contextlib.suppress(queue.Empty):
                one = told.get(timeout=MOMENT)
                found.append(one)
            words = f"Listening at port {wanted.port} as {wanted.ae_title}"
            yield Progress(len(found), most or 0, words, partial=one)
    return found
