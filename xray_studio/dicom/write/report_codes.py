"""Codes that reports are written with (PS3.16 CID 7001, 7002, 7021, TID 1002, 1501, 4019)."""

from __future__ import annotations

import hashlib
from typing import Final
from unicodedata import category

from xray_studio.core.report.report import COMPARISON, FINDINGS, IMPRESSION, INDICATION, TECHNIQUE
from xray_studio.dicom.write.objects import Code

IMAGING_REPORT: Final[Code] = ("18748-4", "LN", "Diagnostic imaging study")
MEASUREMENT_REPORT: Final[Code] = ("126000", "DCM", "Imaging Measurement Report")
PROCEDURE_REPORTED: Final[Code] = ("121058", "DCM", "Procedure reported")
IMAGING: Final[Code] = ("363679005", "SCT", "Imaging procedure")
UNDETERMINED: Final[Code] = ("und", "RFC5646", "Undetermined")
SUMMARY: Final[Code] = ("55112-7", "LN", "Document Summary")
CONCLUSION: Final[Code] = ("121077", "DCM", "Conclusion")
KEY_IMAGES: Final[Code] = ("55113-5", "LN", "Key Images")
DESCRIPTION: Final[Code] = ("113012", "DCM", "Key Object Description")
COMMENT: Final[Code] = ("121106", "DCM", "Comment")

DEVICE: Final[Code] = ("121007", "DCM", "Device")
DEVICE_UID: Final[Code] = ("121012", "DCM", "Device Observer UID")
DEVICE_NAME: Final[Code] = ("121013", "DCM", "Device Observer Name")
DEVICE_MAKER: Final[Code] = ("121014", "DCM", "Device Observer Manufacturer")
DEVICE_MODEL: Final[Code] = ("121015", "DCM", "Device Observer Model Name")
DEVICE_SERIAL: Final[Code] = ("121016", "DCM", "Device Observer Serial Number")
ALGORITHM: Final[Code] = ("111001", "DCM", "Algorithm Name")
ALGORITHM_VERSION: Final[Code] = ("111003", "DCM", "Algorithm Version")
ALGORITHM_PARAMETERS: Final[Code] = ("111002", "DCM", "Algorithm Parameters")

MEASUREMENTS: Final[Code] = ("126010", "DCM", "Imaging Measurements")
GROUP: Final[Code] = ("125007", "DCM", "Measurement Group")
TRACKING: Final[Code] = ("112039", "DCM", "Tracking Identifier")
TRACKING_UID: Final[Code] = ("112040", "DCM", "Tracking Unique Identifier")
SIZES: Final[dict[str, Code]] = {
    "length": ("410668003", "SCT", "Length"),
    "angle": ("1483009", "SCT", "Angle"),
    "ellipse": ("42798000", "SCT", "Area"),
    "outline": ("42798000", "SCT", "Area"),
}
UNITS: Final = {"mm": "mm", "°": "deg", "mm²": "mm2", "px": "{pixels}", "px²": "{pixels2}"}

_HEADINGS: Final[dict[str, Code]] = {
    INDICATION: ("18785-6", "LN", "Indications for Procedure"),
    TECHNIQUE: ("55111-9", "LN", "Current Procedure Descriptions"),
    COMPARISON: ("18834-2", "LN", "Previous Findings"),
    FINDINGS: ("59776-5", "LN", "Findings"),
    IMPRESSION: ("19005-8", "LN", "Impressions"),
}
_ELEMENTS: Final[dict[str, Code]] = {
    TECHNIQUE: ("121065", "DCM", "Procedure Description"),
    COMPARISON: ("121069", "DCM", "Previous Finding"),
    FINDINGS: ("121071", "DCM", "Finding"),
    IMPRESSION: ("121073", "DCM", "Impression"),
}


def heading_code(heading: str) -> Code:
    """Return the code of a section; that of a free heading is this program's own."""
    known = _HEADINGS.get(heading)
    if known is not None:
        return known
    digest = hashlib.sha256(heading.encode()).hexdigest()[:12].upper()
    return f"H-{digest}", "99XRAYSTUDIO", _line(heading)


def _line(heading: str) -> str:
    """Return a heading as Code Meaning holds it (LO, PS3.5 6.2)."""
    plain = " ".join(heading.replace("\\", "/").split())
    return "".join(one for one in plain if category(one) != "Cc")[:64].strip() or "Section"


def element_code(heading: str) -> Code:
    """Return the code of a sentence of a section."""
    return _ELEMENTS.get(heading, COMMENT)
