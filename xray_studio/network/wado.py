"""WADO-RS: objects come back as files, byte for byte, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Final

import requests

from xray_studio.core.errors import StudioError
from xray_studio.core.files import replacing
from xray_studio.core.pacs.errors import PeerError
from xray_studio.core.pacs.fetched import Coming, Fetched
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.query import Match
from xray_studio.network.receiving import place_of
from xray_studio.network.web import session, told, why_status

ACCEPT: Final = 'multipart/related; type="application/dicom"; transfer-syntax=*'
PIECE: Final = 1 << 18
LONGEST_HEAD: Final = 1 << 16


def web_get(
    node: Node, matches: Sequence[Match], folder: Path, password: str = ""
) -> Iterator[Fetched | Coming]:
    """Fetch objects into a folder, and yield each as it comes, how it does, or why it does not.

    Raises PeerError where the service cannot be reached.
    """
    with session(node, password) as made:
        for one in matches:
            yield (yield from _fetched(node, made, one, folder))


def _fetched(
    node: Node, made: requests.Session, one: Match, folder: Path
) -> Generator[Coming, None, Fetched]:
    uid = one.sop_instance_uid
    target = place_of(folder, uid)
    if target is None:
        return Fetched(uid, why="its SOP Instance UID is none")
    url = (
        f"{node.url}/studies/{one.study_instance_uid}/series/{one.series_instance_uid}"
        f"/instances/{uid}"
    )
    try:
        with told(node), made.get(url, headers={"Accept": ACCEPT}, stream=True) as answer:
            if answer.status_code != 200:
                return Fetched(uid, why=why_status(node, answer.status_code))
            yield from _write(node, answer, target)
    except PeerError:
        raise
    except StudioError as error:
        return Fetched(uid, why=str(error))
    return Fetched(uid, target)


def _write(node: Node, answer: requests.Response, target: Path) -> Iterator[Coming]:
    mark = _boundary(answer.headers.get("Content-Type", ""))
    if mark is None:
        raise PeerError(f"{node.told} answers in no way that DICOMweb knows.")
    with replacing(target) as temporary, temporary.open("wb") as file:
        come = 0
        for piece in first_part(answer.iter_content(PIECE), mark):
            come += file.write(piece)
            yield Coming(come)


def _boundary(kind: str) -> bytes | None:
    found = re.search(r'boundary="?([^";]+)"?', kind)
    return b"--" + found[1].encode() if found else None


def first_part(pieces: Iterator[bytes], mark: bytes) -> Iterator[bytes]:
    """Yield the content of the first part of a multipart message (RFC 2046 5.1).

    Raises ValueError where the message ends before the part does.
    """
    held = b""
    while (begin := held.find(b"\r\n\r\n")) < 0:
        piece = next(pieces, None)
        if piece is None or len(held) > LONGEST_HEAD:
            raise ValueError("no part")
        held += piece
    held = held[begin + 4 :]
    end = b"\r\n" + mark
    while (cut := held.find(end)) < 0:
        keep = len(end) - 1  # may be the beginning of the end
        if len(held) > keep:
            yield held[:-keep]
            held = held[-keep:]
        piece = next(pieces, None)
        if piece is None:
            raise ValueError("cut short")
        held += piece
    yield held[:cut]
