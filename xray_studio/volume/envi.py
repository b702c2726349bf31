"""ENVI cubes: a header of text beside samples of several bands, as of hyperspectral and infrared.

Bands become planes. Where the header tells gains and offsets, as radiometric infrared does, values
are those that they lead to, in the unit that is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.archive import is_file
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.infrared import CELSIUS
from xray_studio.volume.formats import Format
from xray_studio.volume.header import Stored, VolumeHeader
from xray_studio.volume.text_header import number_of, read_text_header

_KINDS: Final = {1: "u1", 2: "i2", 3: "i4", 4: "f4", 5: "f8", 12: "u2", 13: "u4", 14: "i8"}
_ENDINGS: Final = ("", ".img", ".dat", ".raw", ".bin", ".cube", ".bsq", ".bil", ".bip")
_SIZES: Final = ("bands", "lines", "samples")
_DEGREES: Final = dict.fromkeys(
    ("celsius", "degrees celsius", "deg c", "degc", "deg. c", "c", "°c"), CELSIUS
) | dict.fromkeys(("kelvin", "degrees kelvin", "k"), "K")
_SAID: Final = "Planes are the bands of an ENVI cube; no side is told, and no spacing."


def envi_header(path: str) -> VolumeHeader:
    """Return what the header of a cube tells. Raises UnreadableError or UnsupportedError."""
    told = read_text_header(path, "=")
    bands, lines, samples = (int(number_of(told, key) or 0) for key in _SIZES)
    if min(bands, lines, samples) < 1:
        raise UnreadableError("The ENVI header lacks samples, lines or bands; it is damaged.")
    kind = _KINDS.get(int(number_of(told, "data type") or 0))
    if kind is None:
        raise UnsupportedError(f"ENVI data of type {told.get('data type', '?')} cannot be shown.")
    order = ">" if number_of(told, "byte order") == 1 else "<"
    data = _data(path)
    offset = max(0, int(number_of(told, "header offset") or 0))
    shape, axes = _order(told, (bands, lines, samples))
    gains = _numbers(told, "data gain values", bands, _usual_gain(told))
    offsets = _numbers(told, "data offset values", bands, 0.0)
    scales = tuple(zip(gains, offsets, strict=True))
    return VolumeHeader(
        path=path,
        format=Format.ENVI,
        shape=(bands, lines, samples),
        dtype=order + kind,
        geometry=from_axes((bands, lines, samples), (0.0, 0.0, 0.0), np.eye(3), np.ones(3)),
        stored=Stored(data, shape, order + kind, offset, axes=axes),
        scales=scales[:1] if len(set(scales)) == 1 else scales,
        unit=_unit(told),
        placed=False,
        spaced=False,
        paths=(path, data),
        warnings=(_SAID,),
    )


def _unit(told: dict[str, str]) -> str:
    """Return the unit of the values, temperatures by their sign."""
    unit = told.get("data units", "").strip("{} ")
    return _DEGREES.get(unit.casefold(), unit)


def _usual_gain(told: dict[str, str]) -> float:
    """Return what leads to values where no gains are told: one part of the scale of reflectance."""
    scale = number_of(told, "reflectance scale factor")
    return 1.0 / scale if scale is not None and scale > 0.0 else 1.0


def _order(
    told: dict[str, str], sizes: tuple[int, int, int]
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return the sizes in the order of the file, and what puts them into bands, lines, samples."""
    bands, lines, samples = sizes
    ways = {
        "bsq": ((bands, lines, samples), (0, 1, 2)),
        "bil": ((lines, bands, samples), (1, 0, 2)),
        "bip": ((lines, samples, bands), (2, 0, 1)),
    }
    way = ways.get(told.get("interleave", "bsq").lower())
    if way is None:
        raise UnsupportedError(f"ENVI data that is {told['interleave']} cannot be read.")
    return way


def _numbers(told: dict[str, str], key: str, count: int, usual: float) -> list[float]:
    words = told.get(key, "").strip("{} ").split(",")
    try:
        found = [float(word) for word in words if word.strip()]
    except ValueError as error:
        raise UnreadableError(f"The ENVI header tells {key} that are no numbers.") from error
    if not found:
        return [usual] * count
    if len(found) not in {1, count}:
        raise UnreadableError(f"The ENVI header tells {len(found)} {key} for {count} bands.")
    return found * count if len(found) == 1 else found


def _data(path: str) -> str:
    """Return the file of samples: the header's name without its end, or with another one."""
    whole = Path(path)
    stem = whole.name[: -len(whole.suffix)] if whole.suffix else whole.name
    for ending in _ENDINGS:
        beside = whole.with_name(stem + ending)
        if is_file(str(beside)) and beside != whole:
            return str(beside)
    raise UnreadableError(
        f"The samples are not there: {stem} or {stem}.img belongs beside the header; copy both."
    )
