"""The forms in which an answer is written, by the names that people ask for them with."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from xray_studio.core.errors import UsageError


class Form(enum.StrEnum):
    """What an answer can be written as."""

    JSON = "json"
    NPZ = "npz"
    OVERLAY = "overlay"
    MASK = "mask"
    NIFTI = "nifti"
    CSV = "csv"
    SEG = "seg"
    FRACTIONAL = "seg-fractional"
    CAPTURE = "capture"
    SR = "sr"


SUFFIXES: Final[Mapping[Form, tuple[str, ...]]] = MappingProxyType(
    {
        Form.JSON: (".anomalies.json",),
        Form.NPZ: (".anomalies.npz",),
        Form.OVERLAY: (".anomalies.png",),
        Form.MASK: (".anomalies.mask.png",),
        Form.NIFTI: (".anomalies.mask.nii.gz",),
        Form.CSV: (".anomalies.regions.csv", ".anomalies.frames.csv"),
        Form.SEG: (".anomalies.seg.dcm",),
        Form.FRACTIONAL: (".anomalies.scores.seg.dcm",),
        Form.CAPTURE: (".anomalies.overlay.dcm",),
        Form.SR: (".anomalies.sr.dcm",),
    }
)
"""How the names of the files of each form end."""

FORM_OF: Final[Mapping[str, Form]] = MappingProxyType(
    {suffix: form for form, suffixes in SUFFIXES.items() for suffix in suffixes}
)
"""The form of a file by how its name ends."""

OBJECTS: Final = frozenset({Form.SEG, Form.FRACTIONAL, Form.CAPTURE, Form.SR})
"""DICOM objects, which stand beside DICOM objects alone."""

PICTURES: Final = frozenset({Form.OVERLAY, Form.CAPTURE})
"""Forms in which the picture itself is seen."""

DEFAULT: Final = (Form.JSON, Form.NPZ, Form.OVERLAY)


def forms_of(names: str) -> tuple[Form, ...]:
    """Return the forms that a list with commas names, each once; `all` names every one.

    Raises UsageError for a name that is none.
    """
    asked = [name.strip() for name in names.split(",") if name.strip()]
    if "all" in asked:
        return tuple(Form)
    unknown = [name for name in asked if name not in set(Form)]
    if unknown or not asked:
        what = f"There is no format {unknown[0]}" if unknown else "No format is named"
        raise UsageError(f"{what}; choose from {', '.join(Form)}, or all.")
    return tuple(dict.fromkeys(Form(name) for name in asked))


def suffixes(forms: tuple[Form, ...]) -> tuple[str, ...]:
    """Return how the names of all files of some forms end."""
    return tuple(suffix for form in forms for suffix in SUFFIXES[form])
