"""Sentences of the standard become expressions, or nothing where they are not understood."""

from __future__ import annotations

import pytest
from standard_tables.choices import choices
from standard_tables.sentences import expression, may_otherwise

NAMES = {
    "00286101": "MaskOperation",
    "00080008": "ImageType",
    "00189037": "CardiacSynchronizationTechnique",
    "00281050": "WindowCenter",
    "00283010": "VOILUTSequence",
    "00280008": "NumberOfFrames",
    "0040a132": "ReferencedSamplePositions",
    "0040a13a": "ReferencedDateTime",
    "00280009": "FrameIncrementPointer",
    "Rescale Intercept": "RescaleIntercept",
}
BOTH = (
    "Required if Image Type (0008,0008) Value 1 is ORIGINAL or MIXED and Cardiac Synchronization"
    " Technique (0018,9037)"
)
NEITHER = "Required if Referenced Sample Positions (0040,A132) and Referenced DateTime (0040,A13A)"


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Required if Mask Operation (0028,6101) is TID or AVG.", "MaskOperation = TID|AVG"),
        ("A table. Required if Window Center (0028,1050) is not present. May be present otherwise.",
         "not WindowCenter"),
        ("Required if Image Type (0008,0008) Value 3 is BIPLANE A or BIPLANE B.",
         'ImageType[3] = "BIPLANE A"|"BIPLANE B"'),
        (f"{BOTH} equals other than NONE.",
         "ImageType[1] = ORIGINAL|MIXED and CardiacSynchronizationTechnique != NONE"),
        (f"{NEITHER} are not present.", "not ReferencedSamplePositions and not ReferencedDateTime"),
        ("Required if either Window Center (0028,1050) or VOI LUT Sequence (0028,3010) is present.",
         "WindowCenter or VOILUTSequence"),
        ("Required if Number of Frames (0028,0008) is greater than one.", "NumberOfFrames > 1"),
        ("Required if Rescale Intercept is present.", "RescaleIntercept"),
        ("Required if contrast media was used in this image.", None),
        ("Required if Some Thing (0099,0001) is present.", None),
    ],
)  # fmt: skip
def test_sentence(sentence: str, wanted: str | None) -> None:
    assert expression(sentence, NAMES) == wanted


def test_otherwise() -> None:
    assert may_otherwise("Required if it is so. May be present otherwise.")
    assert not may_otherwise("Required if it is so. Shall not be present otherwise.")


def test_values_of_several_places() -> None:
    text = (
        "<p>Value 1 shall tell what</p><strong>Enumerated Values:</strong><dl><dt>A</dt><dt>B</dt>"
        "</dl><p>Value 3 shall tell more</p><strong>Defined Terms:</strong><dl><dt>C</dt></dl>"
    )
    row = {"description": text, "externalReferences": []}
    assert choices(row, "Any", {}) == ((1, True, ("A", "B")), (3, False, ("C",)))
    unsure = {**row, "description": text.replace("Value", "What")}
    assert choices(unsure, "Any", {}) == ()
