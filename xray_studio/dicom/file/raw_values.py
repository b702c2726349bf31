"""Values from their bytes, without pydicom: text, numbers, dates. What breaks its rules is absent.

Text in escape-coded character sets (Japanese, Korean, Chinese) is left to pydicom.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from math import isfinite

Position = tuple[float, float, float]

# PS3.3 table C.12-2, single-byte and multi-byte character sets without code extensions
CODECS = {
    b"": "ascii",
    b"ISO_IR 6": "ascii",
    b"ISO_IR 100": "latin-1",
    b"ISO_IR 101": "iso8859_2",
    b"ISO_IR 109": "iso8859_3",
    b"ISO_IR 110": "iso8859_4",
    b"ISO_IR 144": "iso8859_5",
    b"ISO_IR 127": "iso8859_6",
    b"ISO_IR 126": "iso8859_7",
    b"ISO_IR 138": "iso8859_8",
    b"ISO_IR 148": "iso8859_9",
    b"ISO_IR 203": "iso8859_15",
    b"ISO_IR 166": "tis-620",
    b"ISO_IR 192": "utf-8",
    b"GB18030": "gb18030",
    b"GBK": "gbk",
}


def text(value: bytes, character_set: bytes = b"") -> str:
    """Return text without padding and control characters."""
    value = value.rstrip(b"\0 ")
    if value.isascii() and b"\x1b" not in value:
        return printable(value.decode("ascii")).strip()
    return _foreign(value, character_set.strip(b"\0 "))


def printable(decoded: str) -> str:
    """Return text without control characters, which could move a terminal's cursor."""
    if decoded.isprintable():
        return decoded
    return "".join(character for character in decoded if character.isprintable())


@lru_cache(maxsize=1024)
def _foreign(value: bytes, character_set: bytes) -> str:
    codec = CODECS.get(character_set, "")
    if codec and codec != "ascii" and b"\x1b" not in value:
        return printable(value.decode(codec, "replace")).strip()
    return printable(_by_pydicom(value, character_set)).strip()


def _by_pydicom(value: bytes, character_set: bytes) -> str:
    """Decode a person name or text with code extensions (PS3.5 6.1.2.5)."""
    import warnings

    from pydicom import charset

    names = [name.strip() for name in character_set.decode("ascii", "replace").split("\\")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            codecs = charset.convert_encodings(names)
            parts = (charset.decode_bytes(part, codecs, {0x5C, 0x5E}) for part in value.split(b"="))
            return "=".join(parts)
        except (LookupError, ValueError, TypeError):  # a damaged character set
            return value.decode("latin-1")


def integer(value: bytes) -> int | None:
    """Return the first whole number of an IS or DS value."""
    if not value:
        return None
    try:
        return int(value)
    except ValueError:
        found = number(value)
        return None if found is None else int(found)


def number(value: bytes) -> float | None:
    """Return the first finite number of a DS or IS value."""
    found = numbers(value.partition(b"\\")[0], 1)
    return found[0] if found else None


def numbers(value: bytes, count: int) -> tuple[float, ...] | None:
    """Return the first `count` numbers of a DS value, None when there are fewer."""
    found = numbers_of(value)
    return found[:count] if len(found) >= count else None


def position(value: bytes) -> Position | None:
    """Return three numbers of a DS value, None when there are fewer."""
    found = numbers_of(value)
    return (found[0], found[1], found[2]) if len(found) >= 3 else None


def numbers_of(value: bytes) -> tuple[float, ...]:
    """Return every number of a DS value, none when one of them is no finite number."""
    if not value:
        return ()
    try:
        found = tuple(map(float, value.rstrip(b"\0 ").split(b"\\")))
    except ValueError:
        return ()
    return found if all(map(isfinite, found)) else ()


def tags(value: bytes, *, little: bool) -> tuple[int, ...]:
    """Return the tags (group << 16 | element) of an AT value."""
    order = "<HH" if little else ">HH"
    whole = value[: len(value) // 4 * 4]
    return tuple(group << 16 | element for group, element in struct.iter_unpack(order, whole))


def unsigned(value: bytes, *, little: bool) -> int | None:
    """Return the first number of a US value; UL is read too, since files confuse them."""
    if not value or len(value) % 2:
        return None
    if little:
        return int.from_bytes(value[:2], "little")
    return int.from_bytes(value[:2], "big") or int.from_bytes(value[2:4], "big")


def moment(date: bytes, time: bytes) -> str:
    """Return a sortable "YYYYMMDDHHMMSS.ffffff" from DA and TM values, "" without a date.

    Hyphens, colons and full stops of older files are dropped, missing parts count as 0.
    """
    day = date.rstrip(b"\0 ")
    if len(day) != 8:
        day = day.replace(b".", b"").replace(b"-", b"")
    return day.decode("ascii") + clock(time) if len(day) == 8 and day.isdigit() else ""


def clock(time: bytes) -> str:
    """Return a sortable "HHMMSS.ffffff" from a TM value, zeros where it tells nothing."""
    whole, _, fraction = time.strip(b"\0 ").replace(b":", b"").partition(b".")
    if not whole.isdigit() or not (fraction or b"0").isdigit():
        return "000000.000000"
    return f"{whole[:6].decode():0<6}.{fraction[:6].decode():0<6}"


def moment_of_datetime(value: bytes) -> str:
    """Return a sortable moment from a DT value, its offset from UTC left out, "" when it has none.

    The pictures of one series share one offset.
    """
    plain = value.strip(b"\0 ").partition(b"+")[0].partition(b"-")[0]
    return moment(plain[:8], plain[8:])
