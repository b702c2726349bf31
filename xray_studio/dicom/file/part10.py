"""Where the data set of a DICOM file starts and how it is encoded (PS3.10 section 7).

Tolerant on purpose: a missing or odd preamble, a missing or wrong File Meta Information and a
data set that is not encoded as announced are all met in archives.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from xray_studio.core import sniff
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.file import syntaxes

HEAD_BYTES = 65_536
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_FIRST_GROUPS = frozenset((0x0000, 0x0002, 0x0004, 0x0008, 0x0010, 0x0018, 0x0020, 0x0028))


@dataclass(frozen=True, slots=True)
class Start:
    """Where the data set starts and how to read it.

    `offset` counts bytes from the beginning of the file; `transfer_syntax` is "" when the file
    does not tell it; `class_uid` is Media Storage SOP Class UID (0002,0002) or "".
    """

    offset: int
    transfer_syntax: str
    implicit: bool
    little_endian: bool
    deflated: bool
    class_uid: str = ""


def find_start(head: bytes) -> Start:
    """Return where the data set of a file with the first bytes `head` starts.

    Raises UnreadableError when this is no DICOM file.
    """
    reason = "" if head[128:132] == b"DICM" else sniff.not_opened(head)
    if reason:
        raise UnreadableError(f"This is {reason}.")
    for position in _candidates(head):
        meta, offset = _file_meta(head, position)
        found = _start(head, offset, meta)
        if found is not None:
            return found
    raise UnreadableError(_why_not(head))


def _candidates(head: bytes) -> list[int]:
    """Return where the first element may stand: after "DICM", else where a preamble would end."""
    mark = 128 if head[128:132] == b"DICM" else head.find(b"DICM", 0, 1024)
    if mark >= 0:
        return [mark + 4]
    return [0, 132, 128]


def _why_not(head: bytes) -> str:
    if not head:
        return "The file is empty."
    if head[128:132] != b"DICM":
        return "This is not a DICOM file."
    if len(head) < 140:
        return "The file ends after its first bytes; it holds no DICOM data."
    return "The beginning of the file is damaged; it cannot be read as DICOM."


def _file_meta(head: bytes, position: int) -> tuple[dict[int, str], int]:
    """Return File Meta Information as element number to text, and where the data set starts.

    The group length is not used: it is often wrong, the group numbers tell.
    """
    meta: dict[int, str] = {}
    while (element := _meta_element(head, position)) is not None:
        number, value, position = element
        meta.setdefault(number, value.rstrip(b"\0 ").decode("ascii", "replace"))
    return meta, position


def _meta_element(head: bytes, position: int) -> tuple[int, bytes, int] | None:
    if len(head) < position + 8 or head[position : position + 2] != b"\x02\0":
        return None
    number = int.from_bytes(head[position + 2 : position + 4], "little")
    vr = head[position + 4 : position + 6]
    begin, length = position + 8, int.from_bytes(head[position + 6 : position + 8], "little")
    if vr in _LONG_VRS:
        begin, length = position + 12, int.from_bytes(head[position + 8 : position + 12], "little")
    elif not _letters(vr):  # implicit VR, wrong but seen
        length = int.from_bytes(head[position + 4 : position + 8], "little")
    if begin + length > len(head):
        return None
    return number, head[begin : begin + length], begin + length


def _letters(vr: bytes) -> bool:
    return len(vr) == 2 and vr.isalpha() and vr.isupper()


def _start(head: bytes, offset: int, meta: dict[int, str]) -> Start | None:
    syntax, sop_class = meta.get(0x0010, ""), meta.get(0x0002, "")
    if len(head) < offset + 8:
        return None
    plain = _plain_encoding(head[offset : offset + 8])
    if plain is not None:
        implicit, little = plain
        return Start(offset, syntax, implicit, little, deflated=False, class_uid=sop_class)
    if syntax == syntaxes.DEFLATED:
        return Start(offset, syntax, implicit=False, little_endian=True, deflated=True,
                     class_uid=sop_class)  # fmt: skip
    if syntax:
        little = syntax != syntaxes.EXPLICIT_BIG
        return Start(offset, syntax, syntax in syntaxes.IMPLICIT, little, deflated=False,
                     class_uid=sop_class)  # fmt: skip
    return None


def _plain_encoding(first: bytes) -> tuple[bool, bool] | None:
    """Return (implicit, little endian) by the first element of a data set, None if it is none."""
    for little in (True, False):
        group, _ = struct.unpack("<HH" if little else ">HH", first[:4])
        if group not in _FIRST_GROUPS or first[:4] == b"\0\0\0\0":
            continue
        if _letters(first[4:6]):
            return False, little
        length = int.from_bytes(first[4:8], "little" if little else "big")
        if length < 1 << 16:
            return True, little
    return None
