"""Other names, numbers, UIDs and days for those of a set: the same for the same, by a keyed hash.

Without the key nobody can tell from a pseudonym whose it is, nor try names until one fits
(HMAC, RFC 2104, with SHA-256).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import Final

KEY_BYTES: Final = 32
DAYS: Final = 3652  # dates move by 1 to so many days into the past
_STANDARD: Final = "1.2.840.10008."
_LETTERS: Final = 12  # of base 32: 60 bits


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes pseudonyms with a key; kinds of values never share one."""

    key: bytes

    def __repr__(self) -> str:
        """Say nothing of the key."""
        return "Pseudonyms(...)"

    def uid(self, uid: str) -> str:
        """Return another UID, under 2.25 (PS3.5 B.2); those of the standard itself stay."""
        plain = uid.strip(" \0")
        if not plain or plain.startswith(_STANDARD):
            return plain
        number = int.from_bytes(self._digest("uid", plain)[:16], "big")
        number = number & ~(0xF << 76) | 8 << 76  # version 8: of its own making (RFC 9562)
        number = number & ~(0x3 << 62) | 2 << 62
        return f"2.25.{uuid.UUID(int=number).int}"

    def number(self, kind: str, text: str, prefix: str = "") -> str:
        """Return letters and digits instead of a text; at most 16 with a prefix of up to four."""
        letters = base64.b32encode(self._digest(kind, text)).decode("ascii")[:_LETTERS]
        return f"{prefix}{letters}"

    def patient(self, identity: str) -> str:
        """Return the pseudonym of a patient: Patient ID and, as family name, Patient's Name."""
        return self.number("patient", identity, "P")

    def days(self, identity: str) -> int:
        """Return by how many days the dates of a patient go back."""
        number = int.from_bytes(self._digest("days", identity)[:8], "big")
        return 1 + number % DAYS

    def _digest(self, kind: str, text: str) -> bytes:
        return hmac.new(self.key, f"{kind}\0{text}".encode(), hashlib.sha256).digest()
