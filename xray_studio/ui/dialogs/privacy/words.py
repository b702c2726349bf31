"""What the privacy dialog says: findings, regions, and what will be in the file."""

from __future__ import annotations

from collections.abc import Sequence

from xray_studio.core.privacy import Finding, Marked, Origin, Place
from xray_studio.ui.dialogs.privacy.marks import Marks

NOTHING = "Nothing that tells the patient was found."
LOOK = "Look at the picture all the same: writing by hand and single letters are not found."
_IN_THE_FILE = {
    Place.FILE_NAME: "the name of the file tells the patient",
    Place.TAGS: "its tags name the patient",
    Place.CORNER_TEXT: "corner text names the patient",
    Place.CAPTIONS: "a caption tells the patient",
    Place.MANIFEST: "the manifest holds the UIDs of the source",
    Place.OVERLAYS: "overlay planes are drawn",
}


def region_words(one: Marked) -> str:
    """Return "Found, 154 x 18 at 17, 23"."""
    who = "Found" if one.origin is Origin.FOUND else "Drawn"
    region = one.region
    size = f"{region.width} \N{MULTIPLICATION SIGN} {region.height}"
    return f"{who}, {size} at {region.x}, {region.y}"


def confirm_words(findings: Sequence[Finding], marks: Marks) -> str:
    """Return what the button that goes on says."""
    if any(finding.certain for finding in findings):
        return "Export with identity"
    if marks.masked:
        return f"Export with {_counted(marks.masked, 'mask')}"
    return "Export as it is"


def file_words(findings: Sequence[Finding], marks: Marks) -> str:
    """Return a sentence about what will be in the file."""
    told = [_IN_THE_FILE[f.place] for f in findings if f.place in _IN_THE_FILE]
    kept = len(marks.all) - marks.masked
    if kept:
        told.append(f"{_counted(kept, 'marked place')} can be read")
    if marks.masked:
        told.append(f"{_counted(marks.masked, 'place')} {_are(marks.masked)} black in every frame")
    if not told:
        return "In the file: the pictures as they are, without name or number."
    return f"In the file: {_joined(told)}."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"
