"""Types (PS3.3) of attributes that the table leaves more than one action for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xray_studio.core.resources import resource

_FILE: Final = "deidentify/types.txt"
_ROOT: Final = "1.2.840.10008.5.1.4.1.1."
OPTIONAL: Final = 3


@dataclass(frozen=True, slots=True)
class Types:
    """Types 1 and 2 by SOP class and by the sequence that an attribute stands in."""

    known: frozenset[str]
    top: dict[tuple[int, str], int]
    nested: dict[tuple[int, int], int]
    strictest: dict[int, int]

    def type_of(self, tag: int, sop_class: str, sequence: int | None) -> int:
        """Return 1, 2 or 3. In SOP classes that are not known, the strictest type counts."""
        if sequence is not None:
            return self.nested.get((tag, sequence), OPTIONAL)
        if sop_class not in self.known:
            return self.strictest.get(tag, OPTIONAL)
        return self.top.get((tag, sop_class), OPTIONAL)


def read_types() -> Types:
    """Return the types that are shipped."""
    known: frozenset[str] = frozenset()
    top: dict[tuple[int, str], int] = {}
    nested: dict[tuple[int, int], int] = {}
    strictest: dict[int, int] = {}
    for line in resource(_FILE).read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, strict, where = line.split("\t")
        classes = frozenset(map(_whole, where.split()[1:]))
        if name == "known":
            known = classes
        elif classes:
            top |= {(_tag(name), uid): int(strict) for uid in classes}
            strictest[_tag(name)] = min(int(strict), strictest.get(_tag(name), OPTIONAL))
        else:
            nested[_tag(name), _tag(where)] = int(strict)
    return Types(known, top, nested, strictest)


def _tag(text: str) -> int:
    return int(text[1:5] + text[6:10], 16)


def _whole(uid: str) -> str:
    return uid if uid.startswith("1.2.840.") else _ROOT + uid
