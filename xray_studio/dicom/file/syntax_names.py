"""Names of transfer syntaxes (PS3.6 Table A-1)."""

from __future__ import annotations

from pydicom.uid import UID


def syntax_name(uid: str) -> str:
    """Return the name of a transfer syntax, "" for an unknown UID."""
    name = UID(uid, validation_mode=0).name
    return "" if name == uid else name
