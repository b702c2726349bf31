"""Traces drawn on recording paper: grid, calibration pulses, leads, marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from xray_studio.core.document import Mark, Plot
from xray_studio.core.output import Picture
from xray_studio.core.paper import GAIN, PULSE_LEFT, PULSE_WIDTH, Sheet, Strip
from xray_studio.core.resources import resource
from xray_studio.core.time_words import moment_text

Points: TypeAlias = npt.NDArray[np.int32]
Colour: TypeAlias = tuple[int, int, int]

PAPER, FINE, COARSE = (255, 250, 248), (250, 226, 222), (240, 180, 174)
PLAIN_PAPER, PLAIN_FINE, PLAIN_COARSE = (255, 255, 255), (240, 242, 245), (216, 221, 228)
INK, WORDS, MARKS = (22, 26, 33), (60, 68, 80), (31, 111, 204)
SHIFT = 4  # fractional bits of a coordinate that OpenCV takes
TEXT_MM, TRACE_MM = 3.0, 0.24
FINEST = 3.0  # pixels per millimetre from which squares of 1 mm are drawn


def draw_sheet(plot: Plot, sheet: Sheet, pixels_per_mm: float) -> Picture:
    """Return a sheet as RGB uint8 (rows, columns, 3), `pixels_per_mm` at least 1."""
    rows, columns = round(sheet.height * pixels_per_mm), round(sheet.width * pixels_per_mm)
    ecg = plot.paper == "ecg"
    picture = np.full((rows, columns, 3), PAPER if ecg else PLAIN_PAPER, np.uint8)
    fine, coarse = (FINE, COARSE) if ecg else (PLAIN_FINE, PLAIN_COARSE)
    if pixels_per_mm >= FINEST:
        _squares(picture, pixels_per_mm, 1.0, fine)
    _squares(picture, pixels_per_mm, 5.0, coarse)
    for mark in plot.marks:
        _mark(picture, sheet, mark, pixels_per_mm)
    for strip in sheet.strips:
        _trace(picture, plot, sheet, strip, pixels_per_mm)
    for base in sheet.pulses:
        _lines(picture, [_pulse(base)], pixels_per_mm, INK, TRACE_MM)
    return _written(picture, plot, sheet, pixels_per_mm)


def _squares(picture: Picture, scale: float, every: float, colour: Colour) -> None:
    """Draw the lines of the grid, each one pixel wide: blurred lines would tint the paper."""
    rows, columns = picture.shape[:2]
    picture[:, _places(columns, scale, every)] = colour
    picture[_places(rows, scale, every)] = colour


def _places(length: int, scale: float, every: float) -> npt.NDArray[np.intp]:
    places = np.rint(np.arange(0.0, length / scale, every) * scale).astype(np.intp)
    return places[places < length]


def _pulse(base: float) -> npt.NDArray[np.float64]:
    """Return the calibration pulse of 1 mV and 0.2 s, in millimetres."""
    x0, x1, x2, x3 = (PULSE_LEFT + offset for offset in (0.0, 1.5, 1.5 + PULSE_WIDTH, 8.0))
    top = base - GAIN
    return np.array([(x0, base), (x1, base), (x1, top), (x2, top), (x2, base), (x3, base)])


def _trace(picture: Picture, plot: Plot, sheet: Sheet, strip: Strip, scale: float) -> None:
    values = plot.traces[strip.trace].values[strip.first : strip.last].astype(np.float64)
    if not len(values):
        return
    x = strip.left + np.arange(len(values)) / plot.rate * sheet.speed
    y = strip.base - (values - strip.level) * strip.gain
    pieces = _pieces(*_thinned(x, y, scale))
    _lines(picture, pieces, scale, INK, TRACE_MM)


def _thinned(
    x: npt.NDArray[Any], y: npt.NDArray[Any], scale: float
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return lowest and highest point of each pixel column where there are many samples in it."""
    each = int(len(x) / max(1.0, (x[-1] - x[0]) * scale))
    if each < 4:
        return x, y
    whole = len(x) // each * each
    block = y[:whole].reshape(-1, each)
    with np.errstate(all="ignore"):
        ends = np.stack([np.fmin.reduce(block, axis=1), np.fmax.reduce(block, axis=1)], axis=1)
    return np.repeat(x[:whole:each], 2), ends.ravel()


def _pieces(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> Iterator[npt.NDArray[np.float64]]:
    """Yield runs without gaps."""
    known = np.isfinite(y)
    edges = np.flatnonzero(np.diff(known.astype(np.int8))) + 1
    for run in np.split(np.arange(len(y)), edges):
        if len(run) and known[run[0]]:
            yield np.stack([x[run], y[run]], axis=1)


def _lines(picture: Picture, pieces: Any, scale: float, colour: Colour, width: float) -> None:
    """Draw lines given in millimetres."""
    thickness = max(1, round(width * scale))
    limit = float(1 << 20)
    for piece in pieces:
        points = np.clip(piece * scale, -limit, limit) * (1 << SHIFT)
        whole: Points = np.rint(points).astype(np.int32)
        cv2.polylines(picture, [whole], False, colour, thickness, cv2.LINE_AA, SHIFT)


def _mark(picture: Picture, sheet: Sheet, mark: Mark, scale: float) -> None:
    """Draw a tick at the lower edge of the sheet, or a bar for a span."""
    left = sheet.strips[0].left if sheet.strips else 0.0
    end = mark.seconds if mark.until is None else mark.until
    first, last = max(mark.seconds, sheet.start), min(end, sheet.start + sheet.seconds)
    if first > last:
        return
    y = sheet.height - 6.0
    x0, x1 = (left + (moment - sheet.start) * sheet.speed for moment in (first, last))
    tick = np.array([(x0, y), (x0, y + 2.5)])
    bar = np.array([(x0, y + 2.5), (x1, y + 2.5)])
    _lines(picture, [tick] if x1 <= x0 else [tick, bar], scale, MARKS, TRACE_MM)


def _written(picture: Picture, plot: Plot, sheet: Sheet, scale: float) -> Picture:
    """Return the picture with the names of leads and the scales."""
    canvas = Image.fromarray(picture)
    draw = ImageDraw.Draw(canvas)
    letters = _font(max(8, round(TEXT_MM * scale)), "Medium")
    for strip in sheet.strips:
        name = plot.traces[strip.trace].label
        unit = "" if strip.base in sheet.pulses else _scale_words(plot, strip)
        place = ((strip.left + 1.0) * scale, (strip.base - _above(sheet)) * scale)
        draw.text(place, f"{name}{unit}", INK, letters)
        if strip.left > sheet.strips[0].left and strip.first > 0:
            _border(draw, strip, scale)
    small = _font(max(8, round(2.6 * scale)), "Regular")
    draw.text((5.0 * scale, 3.5 * scale), _heading(plot, sheet), WORDS, small)
    return np.asarray(canvas)


def _above(sheet: Sheet) -> float:
    """Return how far above a base line its name stands: within its row, above most traces."""
    bases = sorted({strip.base for strip in sheet.strips})
    row = bases[1] - bases[0] if len(bases) > 1 else 30.0
    return min(13.5, row / 2)


def _scale_words(plot: Plot, strip: Strip) -> str:
    unit = plot.traces[strip.trace].unit
    return f"   10 mm = {10.0 / strip.gain:g} {unit}".rstrip() if unit else ""


def _border(draw: ImageDraw.ImageDraw, strip: Strip, scale: float) -> None:
    """Draw the short line where one lead ends and the next one begins."""
    x = strip.left * scale
    ends = (x, (strip.base - 3.0) * scale, x, (strip.base + 3.0) * scale)
    draw.line(ends, INK, max(1, round(TRACE_MM * scale)))


def _heading(plot: Plot, sheet: Sheet) -> str:
    parts = [plot.title]
    if plot.paper != "audio":
        parts.append(f"{sheet.speed:g} mm/s")
    parts.append(f"{GAIN:g} mm/mV" if sheet.pulses else "")
    filters = {trace.filters for trace in plot.traces} - {""}
    parts.append(filters.pop() if len(filters) == 1 else "")
    start = plot.start + sheet.start
    end = min(start + sheet.seconds, plot.start + plot.duration)
    places = 0 if start == int(start) and end == int(end) else 1
    parts.append(f"{moment_text(start, places)} to {moment_text(end, places)}")
    return "    ".join(filter(None, parts))


def _font(size: int, weight: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource(f"fonts/Inter-{weight}.otf")), size)
