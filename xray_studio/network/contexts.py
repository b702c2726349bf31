"""Presentation contexts: each proposes one SOP class in one transfer syntax.

So the node accepts or refuses exactly that pair, and never chooses a syntax that would need
transcoding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pydicom.uid import UID
from pynetdicom.presentation import PresentationContext

from xray_studio.core.pacs.outgoing import Pair

MOST: Final = 128
"""Contexts of one association: their numbers are the odd ones of a byte (PS3.8 9.3.2.2)."""

VERIFICATION: Final = "1.2.840.10008.1.1"
IMPLICIT: Final = "1.2.840.10008.1.2"
EXPLICIT: Final = "1.2.840.10008.1.2.1"
_OTHER: Final = {IMPLICIT: EXPLICIT, EXPLICIT: IMPLICIT}


def contexts_of(pairs: Iterable[Pair]) -> list[PresentationContext]:
    """Return a context for each pair, in order and once."""
    return [_context(sop_class, syntax) for sop_class, syntax in dict.fromkeys(pairs)]


def with_ways(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs with the other little endian encoding of those that are not compressed.

    A node must take implicit VR (PS3.5 10.1) and may take nothing else; pixels stay as they are.
    """
    found = dict[Pair, None]()
    for sop_class, syntax in pairs:
        found[sop_class, syntax] = None
        if syntax in _OTHER:
            found[sop_class, _OTHER[syntax]] = None
    return list(found)


def other_way(pair: Pair) -> Pair | None:
    """Return the other encoding in which an object may go, None for all but the plain ones."""
    sop_class, syntax = pair
    return (sop_class, _OTHER[syntax]) if syntax in _OTHER else None


def in_turns(pairs: Sequence[Pair]) -> list[Sequence[Pair]]:
    """Return pairs in groups that fit one association each."""
    return [pairs[begin : begin + MOST] for begin in range(0, len(pairs), MOST)]


def uid_words(uid: str) -> str:
    """Return the name of a SOP class or transfer syntax, the UID itself where none is known."""
    return str(UID(uid, validation_mode=0).name)


def _context(sop_class: str, syntax: str) -> PresentationContext:
    context = PresentationContext()
    context.abstract_syntax = UID(sop_class, validation_mode=0)
    context.transfer_syntax = [UID(syntax, validation_mode=0)]
    return context
