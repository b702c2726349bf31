"""The title of an object that is read as a document, found without pydicom.

A structured report is named by its first Concept Name (PS3.3 C.17.3), an encapsulated document by
Document Title (C.24.2), a presentation state by Content Label (C.11.10); a waveform has no title.
"""

from __future__ import annotations

from xray_studio.dicom.file import raw_values as raw
from xray_studio.dicom.file.encoding import Form
from xray_studio.dicom.scan.fields import SHARED
from xray_studio.dicom.scan.walk import Cursor, Found, values_inside, walk_explicit, walk_implicit

DOCUMENT_TITLE, CONTENT_LABEL = 0x00420010, 0x00700080
CONCEPT_NAME, CODE_MEANING = 0x0040A043, 0x00080104
CONTENT = (0x0040A730, 0x00420011, 0x54000100)  # nothing behind it tells the title
CODE_ELEMENTS = 40
_CHARACTERS_SLOT = list(SHARED).index("SpecificCharacterSet")


def document_title(cursor: Cursor, layout: Form, values: list[bytes]) -> str:
    """Return the title of the data set at the cursor, "" when it has none.

    `values` are the raw values in the order of TAGS; they tell the character set.
    """
    ends, noted = frozenset(map(layout.key, CONTENT)), frozenset((layout.key(CONCEPT_NAME),))
    found = Found(layout.keys((DOCUMENT_TITLE, CONTENT_LABEL)), 2, ends, noted)
    walk = walk_explicit if layout.explicit else walk_implicit
    walk(cursor, layout, found)
    concepts = [_meaning(Cursor(cursor.source, place, b""), layout) for place in found.places]
    value = next(filter(None, (*found.values, *concepts)), b"")
    return raw.text(value, values[_CHARACTERS_SLOT])


def _meaning(cursor: Cursor, layout: Form) -> bytes:
    enter, wanted = frozenset((CONCEPT_NAME,)), frozenset((CODE_MEANING,))
    inside = values_inside(cursor, layout, enter, wanted, CODE_ELEMENTS)
    return next((value for _, value in inside), b"")
