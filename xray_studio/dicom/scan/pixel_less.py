"""Words for objects that are neither pictures nor documents, by SOP Class UID.

PS3.4 B.5, PS3.6 Annex A.
"""

from __future__ import annotations

DIRECTORY = "1.2.840.10008.1.3.10"
_STORAGE = "1.2.840.10008.5.1.4.1.1."

# The longest beginning that fits is the one that counts.
_WORDS = {
    DIRECTORY: "a directory of other files",
    _STORAGE + "66": "raw data",
    _STORAGE + "66.1": "a registration",
    _STORAGE + "66.2": "fiducials",
    _STORAGE + "66.3": "a registration",
    _STORAGE + "66.5": "a surface segmentation",
    _STORAGE + "66.6": "tractography results",
    _STORAGE + "67": "a real world value mapping",
    _STORAGE + "68.": "a surface scan",
    _STORAGE + "78.": "eye measurements",
    _STORAGE + "104.3": "a 3-D model",
    _STORAGE + "104.4": "a 3-D model",
    _STORAGE + "104.5": "a 3-D model",
    _STORAGE + "131": "a treatment plan",
    _STORAGE + "200": "a list of devices",
    _STORAGE + "481.3": "radiotherapy structures",
    _STORAGE + "481.": "a radiotherapy plan or record",
    "1.2.840.10008.5.1.4.34.": "a work list entry",
    "1.2.840.10008.5.1.4.38.": "a hanging protocol",
    "1.2.840.10008.5.1.4.39.": "a colour palette",
}


def no_pixel_data(sop_class_uid: str) -> str:
    """Return the reason why an object without pixel data is skipped, with what it is if known."""
    fitting = [start for start in _WORDS if sop_class_uid.startswith(start)]
    if not fitting:
        return "no pixel data"
    return f"no pixel data: {_WORDS[max(fitting, key=len)]}"
