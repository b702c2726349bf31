"""Single uncompressed slices, opened fast: the headers of hundreds are walked through, not parsed.

One header is read in full; of the others only what slices differ in is taken, where everything that
decides how pixels are read is equal byte for byte. Anything else is left to `open_clip`.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from xray_studio.core.archive import on_disk
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.lut import Modality, Rescale
from xray_studio.core.place import FramePlace
from xray_studio.core.volume.stack import Taken
from xray_studio.dicom.attributes.timing import moment_of
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file import raw_values as raw
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.encoding import UNDEFINED, Form, form
from xray_studio.dicom.file.opening import Stamp
from xray_studio.dicom.file.part10 import find_start
from xray_studio.dicom.file.pieces import OPEN_FLAGS, FilePieces
from xray_studio.dicom.pixels.native import NativeSource
from xray_studio.dicom.pixels.sequence import SeriesSource
from xray_studio.dicom.scan.fields import FUNCTIONAL_GROUPS, PIXEL_TAGS
from xray_studio.dicom.scan.walk import Cursor, Ending, Found, walk_explicit, walk_implicit

_EQUAL: Final = {
    "SOPClassUID": 0x00080016, "Modality": 0x00080060, "SeriesInstanceUID": 0x0020000E,
    "SamplesPerPixel": 0x00280002, "PhotometricInterpretation": 0x00280004,
    "NumberOfFrames": 0x00280008, "Rows": 0x00280010, "Columns": 0x00280011,
    "BitsAllocated": 0x00280100, "BitsStored": 0x00280101, "HighBit": 0x00280102,
    "PixelRepresentation": 0x00280103, "RescaleType": 0x00281054, "Units": 0x00541001,
    "PixelPresentation": 0x00089205, "PatientID": 0x00100020,
}  # fmt: skip
_OWN: Final = {
    "position": 0x00200032, "orientation": 0x00200037, "spacing": 0x00280030,
    "thickness": 0x00180050, "apart": 0x00180088, "frame": 0x00200052, "exact": 0x0008002A,
    "date": 0x00080022, "time": 0x00080032, "content_date": 0x00080023, "content_time": 0x00080033,
    "slope": 0x00281053, "intercept": 0x00281052, "b_value": 0x00189087, "trigger": 0x00181060,
    "echo": 0x00180081, "temporal": 0x00200100, "kind": 0x00080008, "number": 0x00200013,
    "uid": 0x00080018,
}  # fmt: skip
_TAGS: Final = (*_EQUAL.values(), *_OWN.values())
_TABLES: Final = frozenset((0x00283000, *FUNCTIONAL_GROUPS))  # Modality LUT Sequence
_KEYS: Final = tuple(_OWN)


@dataclass(frozen=True, slots=True)
class _Head:
    """What the walk found in one file."""

    equal: tuple[bytes, ...]
    own: dict[str, bytes]
    syntax: str
    value: int
    length: int
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class _Slice:
    """One file: what was found, and the scale of its values, None where it is not plain."""

    path: str
    head: _Head
    taken: Taken
    scale: Rescale | None


def open_slices(paths: Sequence[str]) -> tuple[Clip, tuple[Taken, ...]] | None:
    """Return slices as one clip in the order given, with what tells them apart.

    None where they are not single grey slices, uncompressed, little endian and alike. Raises
    UnreadableError, NoPixelsError or UnsupportedError with the reason.
    """
    heads = list[_Head]()
    for path in paths:
        head = _head(path)
        if head is None or (heads and not _alike(head, heads[0])):
            return None
        heads.append(head)
    first = describe(paths[0])
    source = first.source
    if not isinstance(source, NativeSource) or source.shape[0] != 1 or first.is_colour:
        return None
    needed = -(-source.layout.native_bits // 8)
    if source.big or source.swapped or any(head.length < needed for head in heads):
        return None
    size = (source.layout.rows, source.layout.columns)
    slices = [
        _Slice(path, head, _taken(head.own, size), _scale(head.own, first.modality[0]))
        for path, head in zip(paths, heads, strict=True)
    ]
    if slices[0].scale != first.modality[0] or any(one.scale is None for one in slices):
        return None
    return _joined(first, source, slices), tuple(one.taken for one in slices)


def _joined(first: Clip, source: NativeSource, slices: Sequence[_Slice]) -> Clip:
    parts = tuple(
        replace(
            source,
            path=one.path,
            stamp=one.head.stamp,
            offset=one.head.value,
            available=one.head.length,
        )
        for one in slices
    )
    scales = tuple(one.scale for one in slices if one.scale is not None)
    return replace(
        first,
        source=SeriesSource(parts),
        modality=scales if len(set(scales)) > 1 else scales[:1],
        acquisition=replace(first.acquisition, sop_instance_uid="", instance_number=None),
        paths=tuple(one.path for one in slices),
        objects=tuple((raw.text(one.head.own["uid"]), 1) for one in slices),
        places=tuple(one.taken.place for one in slices),
        overlays=(),
    )


def _alike(one: _Head, other: _Head) -> bool:
    return one.equal == other.equal and one.syntax == other.syntax


def _head(path: str) -> _Head | None:
    try:
        descriptor = os.open(on_disk(path), OPEN_FLAGS)
    except OSError:
        return None
    try:
        return _walked(descriptor)
    except (OSError, StudioError):
        return None
    finally:
        os.close(descriptor)


def _walked(descriptor: int) -> _Head | None:
    file = FilePieces(descriptor)
    start = find_start(file.first)
    if start.deflated or not start.little_endian or start.transfer_syntax not in syntaxes.NATIVE:
        return None
    layout = form(explicit=not start.implicit, little=True)
    found = _fields(layout)
    walk = walk_explicit if layout.explicit else walk_implicit
    ending, value, length = walk(Cursor(file, 0, file.first, start.offset), layout, found)
    if ending is not Ending.PIXELS or found.places or length == UNDEFINED:
        return None
    count = len(_EQUAL)
    return _Head(
        tuple(found.values[:count]),
        dict(zip(_KEYS, found.values[count:], strict=True)),
        start.transfer_syntax,
        value,
        min(length, file.size - value),
        Stamp(file.size, os.fstat(descriptor).st_mtime_ns),
    )


@cache
def _lookup(layout: Form) -> tuple[dict[int, int], frozenset[int], frozenset[int]]:
    keys = frozenset(map(layout.key, PIXEL_TAGS)), frozenset(map(layout.key, _TABLES))
    return layout.keys(_TAGS), *keys


def _fields(layout: Form) -> Found:
    wanted, pixels, noted = _lookup(layout)
    return Found(wanted, len(_TAGS), pixels, noted)


def _taken(own: dict[str, bytes], size: tuple[int, int]) -> Taken:
    spacing = raw.numbers(own["spacing"], 2)
    apart = raw.number(own["apart"]) or raw.number(own["thickness"])
    return Taken(
        place=FramePlace(
            position=raw.position(own["position"]),
            orientation=raw.numbers(own["orientation"], 6),
            spacing=(spacing[0], spacing[1]) if spacing and min(spacing) > 0.0 else None,
            thickness=apart if apart is not None and apart > 0.0 else None,
            moment=_moment(own),
            frame_of_reference=raw.text(own["frame"]),
            size=size,
        ),
        b_value=struct.unpack("<d", own["b_value"])[0] if len(own["b_value"]) == 8 else None,
        phase=raw.number(own["trigger"]),
        echo=raw.number(own["echo"]),
        position=raw.number(own["temporal"]),
        kind=raw.text(own["kind"]),
        number=raw.integer(own["number"]),
    )


def _moment(own: dict[str, bytes]) -> float | None:
    days = (
        raw.text(own[f"{what}date"]) + raw.text(own[f"{what}time"]) for what in ("", "content_")
    )
    stamps = (raw.text(own["exact"]), *days)
    return next((at for at in map(moment_of, stamps) if at is not None), None)


def _scale(own: dict[str, bytes], first: Modality) -> Rescale | None:
    """Return the scale of a slice, None where it cannot be told from its header alone."""
    if not isinstance(first, Rescale):
        return None
    if not own["slope"] and not own["intercept"]:
        return first if first == Rescale(unit=first.unit) else None
    slope, intercept = raw.number(own["slope"]), raw.number(own["intercept"])
    if not slope or intercept is None:
        return None
    return Rescale(slope, intercept, first.unit)
