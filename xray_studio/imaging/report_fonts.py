"""Which of the shipped fonts a text needs: Noto Sans, and beside it one for each other script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xray_studio.core.resources import resource

FAMILY: Final = "Noto Sans"
_FOLDER: Final = "fonts/scripts"
# First and last code point of the blocks of a script, and the font that has its letters.
_BLOCKS: Final = (
    (0x0530, 0x058F, "NotoSansArmenian"), (0x0590, 0x05FF, "NotoSansHebrew"),
    (0x0600, 0x06FF, "NotoSansArabic"), (0x0750, 0x077F, "NotoSansArabic"),
    (0x08A0, 0x08FF, "NotoSansArabic"), (0x0900, 0x097F, "NotoSansDevanagari"),
    (0x0980, 0x09FF, "NotoSansBengali"), (0x0A00, 0x0A7F, "NotoSansGurmukhi"),
    (0x0A80, 0x0AFF, "NotoSansGujarati"), (0x0B80, 0x0BFF, "NotoSansTamil"),
    (0x0C00, 0x0C7F, "NotoSansTelugu"), (0x0C80, 0x0CFF, "NotoSansKannada"),
    (0x0D00, 0x0D7F, "NotoSansMalayalam"), (0x0D80, 0x0DFF, "NotoSansSinhala"),
    (0x0E00, 0x0E7F, "NotoSansThai"), (0x0E80, 0x0EFF, "NotoSansLao"),
    (0x1000, 0x109F, "NotoSansMyanmar"), (0x10A0, 0x10FF, "NotoSansGeorgian"),
    (0x1100, 0x11FF, "NanumGothicCoding"), (0x1200, 0x139F, "NotoSansEthiopic"),
    (0x1780, 0x17FF, "NotoSansKhmer"), (0x1C90, 0x1CBF, "NotoSansGeorgian"),
    (0x2190, 0x2BFF, "DroidSansFallbackFull"), (0x2E80, 0x3130, "DroidSansFallbackFull"),
    (0x3131, 0x318F, "NanumGothicCoding"), (0x3190, 0xA4CF, "DroidSansFallbackFull"),
    (0xA8E0, 0xA8FF, "NotoSansDevanagari"), (0xAC00, 0xD7AF, "NanumGothicCoding"),
    (0xF900, 0xFAFF, "DroidSansFallbackFull"), (0xFB13, 0xFB17, "NotoSansArmenian"),
    (0xFB1D, 0xFB4F, "NotoSansHebrew"), (0xFB50, 0xFDFF, "NotoSansArabic"),
    (0xFE70, 0xFEFF, "NotoSansArabic"), (0xFF00, 0xFFEF, "DroidSansFallbackFull"),
    (0x20000, 0x2FA1F, "DroidSansFallbackFull"),
)  # fmt: skip
_LATIN_END: Final = 0x0530  # Noto Sans has Latin, Greek and Cyrillic


def plain_font(style: str) -> Path:
    """Return the file of Noto Sans, "" regular or "B" bold."""
    return resource(f"{_FOLDER}/NotoSans-{'Bold' if style else 'Regular'}.ttf")


def fonts_for(text: str) -> list[tuple[str, Path]]:
    """Return the names and files of the other fonts whose scripts stand in a text."""
    names = dict.fromkeys(_names(text))
    return [(name, _file(name)) for name in names]


def _names(text: str) -> Iterator[str]:
    for letter in sorted(set(text)):
        point = ord(letter)
        if point < _LATIN_END:
            continue
        yield from (name for first, last, name in _BLOCKS if first <= point <= last)


def _file(name: str) -> Path:
    style = "-Regular" if name.startswith("Noto") else ""
    return resource(f"{_FOLDER}/{name}{style}.ttf")
