"""What of an answer about the unusual can be saved from the window, by the names of its actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from xray_studio.services.anomaly.results.forms import FORM_OF, OBJECTS, PICTURES

NAME: Final = "result"  # what a file is called at first: no name of a patient


@dataclass(frozen=True, slots=True)
class Kind:
    """A file: how its name ends, what it is, and what file dialogs call its kind.

    `every` tells that it holds pictures of all frames, not of the one in view.
    """

    suffix: str
    title: str
    files: str
    every: bool = False

    @property
    def is_object(self) -> bool:
        """Tell whether it is a DICOM object."""
        return FORM_OF[self.suffix] in OBJECTS

    @property
    def is_picture(self) -> bool:
        """Tell whether the picture itself is seen in it."""
        return FORM_OF[self.suffix] in PICTURES

    @property
    def ending(self) -> str:
        """What a name must end in, so that programs know the file."""
        return ".nii.gz" if self.suffix.endswith(".nii.gz") else f".{self.suffix.rsplit('.')[-1]}"


_DICOM: Final = "DICOM (*.dcm)"
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "overlay": Kind(".anomalies.png", "Frame under its map (PNG)", "Pictures (*.png)"),
        "mask": Kind(".anomalies.mask.png", "Mask of the frame (PNG)", "Pictures (*.png)"),
        "nifti": Kind(
            ".anomalies.mask.nii.gz", "Mask of all frames (NIfTI)", "NIfTI (*.nii.gz)"
        ),
        "json": Kind(".anomalies.json", "All that is told (JSON)", "JSON (*.json)"),
        "regions": Kind(
            ".anomalies.regions.csv", "Table of the regions (CSV)", "Tables (*.csv)"
        ),
        "frames": Kind(".anomalies.frames.csv", "Table of the frames (CSV)", "Tables (*.csv)"),
        "npz": Kind(".anomalies.npz", "Maps as arrays (NPZ)", "NumPy arrays (*.npz)"),
        "seg": Kind(".anomalies.seg.dcm", "Segmentation, binary (DICOM)", _DICOM),
        "seg-fractional": Kind(
            ".anomalies.scores.seg.dcm", "Segmentation, fractional: the scores (DICOM)", _DICOM
        ),
        "capture": Kind(
            ".anomalies.overlay.dcm", "Frame under its map, secondary capture (DICOM)", _DICOM
        ),
        "capture-all": Kind(
            ".anomalies.overlay.dcm", "All frames under their maps, secondary capture (DICOM)",
            _DICOM, every=True,
        ),
        "sr": Kind(".anomalies.sr.dcm", "Structured report, Comprehensive SR (DICOM)", _DICOM),
    }
)  # fmt: skip
