"""Signing: what is signed is hashed, and never changed; a new version takes its place."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.plain_values import plain_of
from xray_studio.core.report.report import BLANK, Report, Signature, State

NOT_HASHED: Final = ("state", "signature", "objects")


def content_sha256(report: Report) -> str:
    """Return the SHA-256 of all that a report says.

    Hashed is its JSON form without state, signature and written objects, keys sorted, without
    blanks, in UTF-8: sentences with their origin and review, summary, headings, films, study,
    measurements, key images, provenance, version and predecessor.
    """
    plain = {name: value for name, value in plain_of(report).items() if name not in NOT_HASHED}
    told = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def why_not_signed(report: Report) -> str:
    """Return why a report cannot be signed as it is, "" where it can."""
    if report.is_signed:
        return "This report is signed already; amend it to make a new version."
    if not any(section.sentences for section in report.sections):
        return "This report says nothing; write a sentence before it is signed."
    left = len(report.open_places())
    if left == 1:
        return "One AI sentence is neither accepted nor changed; review it before signing."
    if left:
        return f"{left} AI sentences are neither accepted nor changed; review them before signing."
    if any(BLANK in sentence.text for _, sentence in report.each()):
        return f"The report still says {BLANK}; describe that, or delete the sentence, and sign."
    return ""


def sign(report: Report, name: str, time: datetime, organisation: str = "") -> Report:
    """Return a report as signed by a person at a time that tells its zone.

    Raises UsageError without a name, and where an AI sentence is neither accepted nor changed.
    """
    reason = why_not_signed(report)
    if reason:
        raise UsageError(reason)
    if not name.strip():
        raise UsageError("Name who signs the report.")
    if time.tzinfo is None:
        raise UsageError("Give the time of signing with its zone.")
    digest = content_sha256(report)
    signature = Signature(name.strip(), time, digest, organisation.strip())
    return replace(report, state=State.SIGNED, signature=signature)


def is_intact(report: Report) -> bool:
    """Tell whether a report still says what was signed; one that nobody signed does."""
    return report.signature is None or report.signature.content_sha256 == content_sha256(report)


def amended(report: Report, time: datetime) -> Report:
    """Return a new version of a signed report, to be edited and signed again; the old one stands.

    Raises UsageError for one that is not signed, or no longer says what was signed.
    """
    if report.signature is None:
        raise UsageError("Only a signed report is amended; edit this one.")
    if not is_intact(report):
        raise UsageError("This report is not what was signed; open the version that was kept.")
    return replace(
        report,
        state=State.EDITED,
        signature=None,
        created=time,
        version=report.version + 1,
        predecessor=report.signature.content_sha256,
    )
