"""Which way round the patient lies in a picture (PS3.3 C.7.6.1.1.1, C.7.6.2.1.1)."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.presentation import Presentation


@dataclass(frozen=True, slots=True)
class Orientation:
    """The letters at the four edges of a picture as stored, "" where nothing is known.

    A human being has A, P, L, R, H and F, an animal LE, RT, D, V, CR, CD and others; a slanting
    edge has several, the first one most of it.
    """

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


def as_shown(stored: Orientation, presentation: Presentation) -> Orientation:
    """Return the letters at the edges of a picture that is turned and flipped as presented.

    Turned clockwise first, then flipped (PS3.3 C.10.6).
    """
    edges = (stored.top, stored.right, stored.bottom, stored.left)
    quarter = presentation.rotation // 90 % 4
    top, right, bottom, left = edges[4 - quarter :] + edges[: 4 - quarter]
    if presentation.flip_horizontal:
        left, right = right, left
    if presentation.flip_vertical:
        top, bottom = bottom, top
    return Orientation(left, right, top, bottom)
