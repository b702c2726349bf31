"""What the statuses of C-STORE mean (PS3.4 table B.2-1, PS3.7 annex C), and what follows."""

from __future__ import annotations

from typing import Final

from xray_studio.core.pacs.outgoing import Outcome, Result

_WARNINGS: Final = {
    0xB000: "stored, with values that the node has changed",
    0xB006: "stored, without elements that the node has left out",
    0xB007: "stored, though the node finds that the object does not match its SOP class",
}
_REFUSALS: Final = {
    0x0117: "the node finds the SOP Instance UID invalid; check the object with validate",
    0x0118: "the node does not know the SOP class",
    0x0122: "the node does not take this SOP class",
    0x0124: "the node does not allow this program to store; have it registered there",
}
_FAILURES: Final = {
    0x0110: "the node could not process it",
    0x0210: "the node has met this message before",
    0x0211: "the node does not know how to store",
    0x0212: "the node finds an argument mistyped",
    0x0213: "the node is short of resources",
}


def outcome_of(status: int) -> Outcome:
    """Return what a status of C-STORE means."""
    if status == 0x0000:
        return Outcome(Result.STORED, status=status)
    told = f" (status {status:04X}H)"
    if status in _WARNINGS:
        return Outcome(Result.STORED, _WARNINGS[status] + told, status)
    if status & 0xF000 == 0xB000 or status == 0x0001:
        return Outcome(Result.STORED, f"stored, with a warning of the node{told}", status)
    if status in _REFUSALS:
        return Outcome(Result.REFUSED, _REFUSALS[status] + told, status)
    if status & 0xFF00 == 0xA900:
        words = "the object does not match its SOP class; check it with validate"
        return Outcome(Result.REFUSED, words + told, status)
    if status & 0xFF00 == 0xA700:
        return Outcome(Result.BUSY, f"the node is out of resources{told}", status)
    # Nodes say so of a disk that is full, too: later it may do.
    if status & 0xF000 == 0xC000:
        return Outcome(Result.BUSY, f"the node cannot understand it{told}", status)
    words = _FAILURES.get(status, "the node failed to store it")
    return Outcome(Result.BUSY, words + told, status)
