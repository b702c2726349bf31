"""How elements are laid out in bytes (PS3.5 section 7): byte order, explicit or implicit VR.

Tags are looked up in the order of their bytes, so that one `unpack` reads tag, VR and length;
`Form.key` turns a tag (group << 16 | element) into that number and back. Nothing heavy is imported
here: worker processes start with it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import cache

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD

# PS3.5 table 7.1-1 (32-bit length after two reserved bytes) and 7.1-2 (16-bit length)
LONG_VRS = (
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
)  # fmt: skip
SHORT_VRS = (
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS",
    "ST", "TM", "UI", "UL", "US",
)  # fmt: skip


class Form:
    """One way of laying out elements.

    `head` unpacks tag key, VR and 16-bit length of an explicit element, or tag key and 32-bit
    length of an implicit one; `length` unpacks the 32-bit length of the long explicit form,
    `short_length` the 16-bit one of the short form.
    """

    def __init__(self, *, explicit: bool, little: bool) -> None:
        self.explicit, self.little = explicit, little
        order = "<" if little else ">"
        self.head = struct.Struct(order + ("IHH" if explicit else "II")).unpack_from
        self.length = struct.Struct(order + "I").unpack_from
        self.short_length = struct.Struct(order + "H").unpack_from
        self.short = frozenset(map(self._vr_key, SHORT_VRS))
        self.long = frozenset(map(self._vr_key, LONG_VRS))
        self.unknown = self._vr_key("UN")
        self.item, self.item_end, self.sequence_end = map(self.key, (ITEM, ITEM_END, SEQUENCE_END))

    def key(self, tag: int) -> int:
        """Return what `head` unpacks for a tag; also the way back."""
        return (tag & 0xFFFF) << 16 | tag >> 16 if self.little else tag

    def keys(self, tags: Iterable[int]) -> dict[int, int]:
        """Return tag keys with the position of each tag in `tags`."""
        return {self.key(tag): index for index, tag in enumerate(tags)}

    def _vr_key(self, vr: str) -> int:
        return int.from_bytes(vr.encode(), "little" if self.little else "big")


@cache
def form(*, explicit: bool, little: bool) -> Form:
    """Return one of the four forms."""
    return Form(explicit=explicit, little=little)


EXPLICIT_LITTLE = form(explicit=True, little=True)
IMPLICIT_LITTLE = form(explicit=False, little=True)
