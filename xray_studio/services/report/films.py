"""Which pictures a report is about: known by object, frame and pixels, so that it fits no other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.measure.mark import Mark, spot_of
from xray_studio.core.measure.words import Values, row_words
from xray_studio.core.report.report import Film, Measured, Report


def film_of(clip: Clip, index: int, view: str = "") -> Film:
    """Return frame `index` (from 0) of a clip as a report names it.

    Raises what the clip's source raises where it cannot be read.
    """
    uid, number = clip.origin(index)
    one_object = not uid and len(clip.objects) < 2
    uid = uid or (clip.acquisition.sop_instance_uid if one_object else "")
    return Film(uid, max(0, number - 1) if number else index, pixels_sha256(clip, index), view)


def pixels_sha256(clip: Clip, index: int) -> str:
    """Return the SHA-256 of type, shape and stored values of a frame, little-endian, row by row."""
    frame = np.ascontiguousarray(clip.stored(index))
    little = frame.astype(frame.dtype.newbyteorder("<"), copy=False)
    digest = hashlib.sha256(f"{little.dtype.str} {frame.shape}".encode())
    digest.update(little.tobytes())
    return digest.hexdigest()


def missing_of(report: Report, shown: Sequence[tuple[Clip, int]]) -> list[int]:
    """Return which films of a report (from 0) are not among pictures as they are now.

    They are compared pixel for pixel. Raises what the source of a clip raises where it cannot be
    read.
    """
    known = {pixels_sha256(clip, index) for clip, index in shown}
    return [n for n, film in enumerate(report.films) if film.pixels_sha256 not in known]


def measured_of(clip: Clip, mark: Mark, index: int, values: Values) -> Measured:
    """Return a mark on frame `index` (from 0) of a clip, with its values, as a report takes it."""
    spot = spot_of(clip, index)
    uid, frame = ("", index) if spot is None else (spot.uid, spot.frame)
    greys = values.greys
    return Measured(
        mark.name, mark.kind.value, row_words(mark, values), uid, frame,
        None if values.refused else values.size, values.unit, values.scale.where, mark.points,
        None if greys is None else float(greys.mean),
        None if greys is None else float(greys.deviation),
        "" if greys is None else greys.unit,
    )  # fmt: skip
