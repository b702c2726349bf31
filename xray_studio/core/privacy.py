"""What of an export could tell who the patient is, and what was decided about it.

Nothing here holds a value that identifies: findings say where, never what.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any, Final

from xray_studio.core.region import Region

_FORMAT: Final = 1


class Place(enum.Enum):
    """Where a patient can be told. The values are those of reports, manifests and logs."""

    FILE_NAME = "file name"
    TAGS = "tags"
    CORNER_TEXT = "corner text"
    CAPTIONS = "captions"
    MANIFEST = "manifest"
    OVERLAYS = "overlay planes"
    DEVICE_TEXT = "text by the device"
    PIXELS = "text in the pictures"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place at which the patient is told, or may be (`certain` is False).

    `sentence` is for a person and holds nothing of the patient.
    """

    place: Place
    certain: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """What an export would tell. `regions` are those of text in the frames as they are stored.

    `detector` is the version that looked for it, None where there are no pictures.
    """

    findings: tuple[Finding, ...]
    regions: tuple[Region, ...]
    detector: int | None

    def facts(self) -> dict[str, Any]:
        """Return the report as JSON, without anything that identifies."""
        return {
            "format": _FORMAT,
            "identifying": any(finding.certain for finding in self.findings),
            "findings": [
                {"place": f.place.value, "certain": f.certain, "sentence": f.sentence}
                for f in self.findings
            ],
            "text_detector": self.detector,
            "regions": [
                {"x": r.x, "y": r.y, "width": r.width, "height": r.height} for r in self.regions
            ],
        }


class Origin(enum.Enum):
    """Who marked a region."""

    FOUND = "found"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Marked:
    """A region of every frame as it is stored, and whether it becomes black."""

    region: Region
    masked: bool = True
    origin: Origin = Origin.DRAWN


@dataclass(frozen=True, slots=True)
class Privacy:
    """What was decided about an export before it began.

    `deidentify` asks that nothing which identifies is written: what is found is masked, and what
    cannot be helped refused. `detector` is the version that looked for text (None: nobody did).
    `places` are what a person was told of and let pass.
    """

    marked: tuple[Marked, ...] = ()
    deidentify: bool = False
    detector: int | None = None
    places: tuple[Place, ...] = ()

    @property
    def masks(self) -> tuple[Region, ...]:
        """Return the regions that become black."""
        return tuple(one.region for one in self.marked if one.masked)

    def with_found(self, regions: tuple[Region, ...], detector: int) -> Privacy:
        """Return this decision with regions masked that a detector has found."""
        found = tuple(Marked(region, masked=True, origin=Origin.FOUND) for region in regions)
        return replace(self, marked=(*self.marked, *found), detector=detector)

    def facts(self) -> dict[str, Any]:
        """Return the decision for a manifest or log: places and numbers, nothing of a patient."""
        return {
            "deidentified": self.deidentify,
            "text_detector": self.detector,
            "regions": [_fact(one) for one in self.marked],
            "told": [place.value for place in self.places],
        }


def _fact(one: Marked) -> dict[str, Any]:
    region = one.region
    return {
        "x": region.x,
        "y": region.y,
        "width": region.width,
        "height": region.height,
        "decision": "masked" if one.masked else "kept",
        "origin": one.origin.value,
    }
