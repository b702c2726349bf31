"""In which files segments can be saved from the window, by the names of its actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # it loads what writes files, which jobs do on their own thread
    from xray_studio.services.segmenting.saving import Saving
    from xray_studio.services.segmenting.session import Segmenting

NAME: Final = "segments"  # what a file is called at first: no name of a patient
READ: Final = "Segments (*.dcm *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.mnc *.hdr);;All files (*)"


@dataclass(frozen=True, slots=True)
class SegmentForm:
    """A kind of file: how names end, what it is, and what file dialogs call it.

    `is_object` tells that it refers to DICOM slices, `keeps_voxels` that the segments can be opened
    again from it as they are.
    """

    key: str
    ending: str
    title: str
    files: str
    is_object: bool = False
    keeps_voxels: bool = True

    def named(self, target: Path) -> Path:
        """Return a place whose name ends as files of this kind do."""
        last = self.ending.rpartition(".")[2]
        ends = (".nii", ".nii.gz") if self.key == "nifti" else (f".{last}",)
        if target.name.casefold().endswith(ends):
            return target
        return target.with_name(target.name + self.ending)

    def saving(self, target: Path, work: Segmenting) -> Saving:
        """Return what is to be written; what the dialog did not name is never replaced."""
        from xray_studio.services.segmenting.saving import Form, Saving

        several = self.key == "stl" and len(work.segments) > 1
        return Saving(target, Form(self.key), overwrite=not several)


_DICOM: Final = "DICOM (*.dcm)"
FORMS: Final[Mapping[str, SegmentForm]] = MappingProxyType(
    {
        form.key: form
        for form in (
            SegmentForm("seg", ".seg.dcm", "Segmentation (DICOM SEG)", _DICOM, is_object=True),
            SegmentForm(
                "rtstruct", ".rtstruct.dcm", "Structure set (DICOM RTSTRUCT)", _DICOM,
                is_object=True,
            ),
            SegmentForm("nifti", ".nii.gz", "Label map (NIfTI)", "NIfTI (*.nii.gz *.nii)"),
            SegmentForm("nrrd", ".seg.nrrd", "Label map (NRRD)", "NRRD (*.nrrd)"),
            SegmentForm(
                "stl", ".stl", "Surfaces (STL)", "Surfaces (*.stl)", keeps_voxels=False
            ),
        )
    }
)  # fmt: skip
