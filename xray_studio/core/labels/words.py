"""What label maps tell of their segments in files of voxels, key by key. Pure.

NRRD holds keys with words; these are those of 3D Slicer (`.seg.nrrd`). The comment of a NIfTI file
holds the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from xray_studio.core.content import Code
from xray_studio.core.labels.kinds import TISSUE
from xray_studio.core.labels.label_map import MOST, LabelMap, LabelSegment
from xray_studio.core.segments import COLOURS
from xray_studio.core.shutter import Colour

_KEY: Final = re.compile(r"Segment(?:ation_\w+|\d{1,5}_\w+)")
_OWN: Final = re.compile(r"Segment(\d{1,5})_LabelValue")
_APART: Final = re.compile(r"[\^~|\s]")  # what parts of a tag are told apart by
_LISTS: Final = "Segmentation category and type - DICOM master list", "Anatomic codes - none"


def is_label_word(key: str) -> bool:
    """Tell whether a key of a file tells of segments."""
    return _KEY.fullmatch(key) is not None


def label_words(labels: LabelMap) -> tuple[tuple[str, str], ...]:
    """Return what there is to tell of the segments of a label map."""
    planes, rows, columns = labels.geometry.shape
    told = {
        "Segmentation_MasterRepresentation": "Binary labelmap",
        "Segmentation_ContainedRepresentationNames": "Binary labelmap|",
        "Segmentation_ReferenceImageExtentOffset": "0 0 0",
    }
    extent = f"0 {columns - 1} 0 {rows - 1} 0 {planes - 1}"
    for at, one in enumerate(labels.segments):
        told |= {f"Segment{at}_{key}": word for key, word in _told(one, extent)}
    return tuple(told.items())


def _told(one: LabelSegment, extent: str) -> Iterator[tuple[str, str]]:
    yield "ID", f"Segment_{one.number}"
    yield "Name", one.name
    yield "LabelValue", str(one.number)
    yield "Layer", "0"
    yield "Extent", extent
    yield "Color", " ".join(f"{part / 255:.6g}" for part in one.colour)
    kinds = "~".join((_LISTS[0], _code(one.category), _code(one.code), "^^", _LISTS[1], "^^", "^^"))
    yield "Tags", f"TerminologyEntry:{kinds}|Made:{one.made}|"


def _code(code: Code) -> str:
    told = (code.scheme, code.value, code.meaning)
    return "^".join(_APART.sub(" ", part) for part in told)


def segments_of_words(words: Mapping[str, str]) -> tuple[LabelSegment, ...]:
    """Return the segments that a file tells of; what is not told of one is as for a new one."""
    found = {}
    for key, word in words.items():
        own = _OWN.fullmatch(key)
        if own and word.strip().isdecimal() and 0 < int(word) <= MOST:
            start = f"Segment{own[1]}_"
            told = {
                name.removeprefix(start): words[name] for name in words if name.startswith(start)
            }
            found[int(own[1])] = _segment(int(word), told)
    return tuple(found[at] for at in sorted(found))


def _segment(number: int, told: Mapping[str, str]) -> LabelSegment:
    tags = dict(tag.partition(":")[::2] for tag in told.get("Tags", "").split("|"))
    kinds = [_code_of(part) for part in tags.get("TerminologyEntry", "").split("~")[1:3]]
    category, code = kinds if len(kinds) == 2 else (TISSUE, TISSUE)
    return LabelSegment(
        number,
        told.get("Name", "").strip() or f"Segment {number}",
        _colour(told.get("Color", "")) or COLOURS[(number - 1) % len(COLOURS)],
        category if category.value else TISSUE,
        code if code.value else TISSUE,
        made=tags.get("Made", ""),
    )


def _code_of(words: str) -> Code:
    scheme, value, meaning = [*words.split("^"), "", "", ""][:3]
    return Code(value, scheme, meaning)


def _colour(words: str) -> Colour | None:
    try:
        red, green, blue = (round(255 * min(max(float(part), 0.0), 1.0)) for part in words.split())
    except ValueError:
        return None
    return red, green, blue
