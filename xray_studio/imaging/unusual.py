"""Maps of scores in the pixels of their frame: masks and regions."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.detection import Detection, ScoreMap, Scores, Unusual
from xray_studio.core.region import Region

Mask = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float32]
Channels = tuple[tuple[str, float], ...]


def at_pixels(scores: ScoreMap) -> Scores:
    """Return the scores at the pixels of the frame, float32 (rows, columns), 0 to 1."""
    rows, columns = scores.shape
    full = cv2.resize(scores.values, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.clip(np.asarray(full, np.float32), 0.0, 1.0)


def marked(scores: ScoreMap, threshold: float, least: int = 1) -> Mask:
    """Return the pixels of the frame that reach a threshold, without regions below `least`.

    (rows, columns); `least` is in pixels. Pixels that touch at a corner are of one region.
    """
    _, labels, stats, kept = _parted(at_pixels(scores), threshold, least)
    known = np.zeros(len(stats), np.bool_)
    known[kept] = True
    return np.asarray(known[labels], np.bool_)


def regions(found: Detection, number: int, least: int = 1) -> list[Unusual]:
    """Return the regions of map `number` of a detection, the highest score first.

    `least` is the smallest area in pixels of the frame.
    """
    return regions_of(found.maps[number], found.threshold.value, tuple(found.channels), least)


def regions_of(
    scores: ScoreMap, threshold: float, channels: tuple[str, ...], least: int = 1
) -> list[Unusual]:
    """Return the regions of a map at a threshold, the highest score first.

    `channels` are the names of those that the map numbers.
    """
    values = at_pixels(scores)
    _, labels, stats, kept = _parted(values, threshold, least)
    rows, columns = scores.shape
    fired = cv2.resize(scores.fired, (columns, rows), interpolation=cv2.INTER_NEAREST)
    made = []
    for label in kept:
        x, y, width, height, area = (int(one) for one in stats[label])
        box = (slice(y, y + height), slice(x, x + width))
        own = labels[box] == label
        inner = np.where(own, values[box], -1.0)
        row, column = _peak(inner)
        shares = _shares(fired[box][own], channels)
        made.append(
            Unusual(
                scores.frame, Region(x, y, width, height), area, (y + row, x + column),
                float(inner.max()), float(values[box][own].mean()), shares,
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: (-one.score, -one.area, one.box))


def region_outlines(scores: ScoreMap, threshold: float, peak: tuple[int, int]) -> list[Points]:
    """Return the borders of the one region that a place (row, column) lies in, as `outlines` does.

    A hole has a border of its own, which no other region has: what lies within an odd number of
    them is the region.
    """
    _, labels, _, _ = _parted(at_pixels(scores), threshold, 1)
    own = labels[peak]
    mask = (labels == own).astype(np.uint8) if own else np.zeros(labels.shape, np.uint8)
    lines, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(line[:, 0, :], np.float32) + np.float32(0.5) for line in lines]


def filled(lines: Sequence[Points], shape: tuple[int, int]) -> Mask:
    """Return the pixels of a frame of (rows, columns) on and within borders, holes left out."""
    mask = np.zeros(shape, np.uint8)
    corners = [np.floor(line).astype(np.int32) for line in lines]
    for line in sorted(corners, key=_around, reverse=True):
        own = np.zeros(shape, np.uint8)
        cv2.fillPoly(own, [line], 1)
        mask = np.asarray(mask ^ own, np.uint8)
        cv2.polylines(mask, [line], isClosed=True, color=1)
    return np.asarray(mask, np.bool_)


def _around(line: npt.NDArray[np.int32]) -> float:
    return float(cv2.contourArea(line))


def parted(mask: Mask) -> npt.NDArray[np.int32]:
    """Return the number of the connected region of each place, from 1; 0 outside."""
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return np.asarray(labels, np.int32)


def _peak(values: Scores) -> tuple[int, int]:
    """Return where values are highest; of a plateau, the place nearest to its middle."""
    highest = np.argwhere(values >= values.max())
    place = highest[int(((highest - highest.mean(axis=0)) ** 2).sum(axis=1).argmin())]
    return int(place[0]), int(place[1])


def _parted(
    values: Scores, threshold: float, least: int
) -> tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32], list[int]]:
    """Return count, labels and facts of connected regions, and which are large enough."""
    over = (values >= np.float32(threshold)) & (values > 0.0)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        over.astype(np.uint8), connectivity=8
    )
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = [label for label in range(1, count) if areas[label] >= least]
    return count, np.asarray(labels, np.int32), np.asarray(stats, np.int32), kept


def _shares(fired: npt.NDArray[np.uint8], names: tuple[str, ...]) -> Channels:
    counts = np.bincount(fired, minlength=len(names))[: len(names)] / max(1, fired.size)
    pairs = [(name, float(share)) for name, share in zip(names, counts, strict=True) if share]
    return tuple(sorted(pairs, key=lambda one: -one[1]))


def outlines(scores: ScoreMap, threshold: float, least: int = 1) -> list[Points]:
    """Return the borders of what `marked` returns: closed lines of (column, row), in pixels.

    They run through the middles of the pixels at the edge; a hole has one of its own.
    """
    mask = marked(scores, threshold, least).astype(np.uint8)
    lines, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(line[:, 0, :], np.float32) + np.float32(0.5) for line in lines]


def sized(
    values: Scores, shape: tuple[int, int], finest: int, mask: Mask | None = None
) -> tuple[Scores, Mask | None]:
    """Return scores, and a mask of their frame, as they are drawn: as fine as the frame.

    The longer side has `finest` pixels at most.
    """
    rows, columns = shape
    part = min(1.0, finest / max(rows, columns))
    size = max(1, round(columns * part)), max(1, round(rows * part))
    fine = np.clip(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), 0.0, 1.0)
    if mask is None:
        return np.asarray(fine, np.float32), None
    kept = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(fine, np.float32), np.asarray(kept > 0, np.bool_)
