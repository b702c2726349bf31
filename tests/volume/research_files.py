"""Files of every research format, of the phantom, made by other programs where there are some."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import SimpleITK

from tests.volume.phantom import phantom
from xray_studio.core.place import to_ras
from xray_studio.core.volume.volume import Volume

FORMATS = {
    "a.nii": "NIfTI", "a.nii.gz": "NIfTI", "n2.nii": "NIfTI-2", "pair.hdr": "NIfTI",
    "analyze.hdr": "Analyze 7.5", "a.nrrd": "NRRD", "a.nhdr": "NRRD", "a.mha": "MetaImage",
    "a.mhd": "MetaImage", "z.mhd": "MetaImage", "a.mnc": "MINC 2", "pet.hv": "Interfile",
    "cube.hdr": "ENVI",
}  # fmt: skip
"""Names that `write` knows, and their formats."""


def write(path: Path) -> None:
    """Write the phantom as the name of a file in FORMATS says, with what belongs beside it."""
    made = phantom("int16")
    if path.name == "pet.hv":
        _interfile(path, made.values)
    elif path.name == "cube.hdr":
        _envi(path, made.values)
    elif path.name == "analyze.hdr":
        nibabel.save(nibabel.AnalyzeImage(made.values.T, np.diag([-0.8, 1.3, 2.5, 1.0])), path)
    elif path.suffix in {".nii", ".gz", ".hdr"}:
        kinds = {"n2.nii": nibabel.Nifti2Image, "pair.hdr": nibabel.Nifti1Pair}
        kind = kinds.get(path.name, nibabel.Nifti1Image)
        nibabel.save(kind(made.values.T, to_ras(made.geometry.affine)), path)
    else:
        _by_itk(path, made)


def _by_itk(path: Path, volume: Volume) -> None:
    image = SimpleITK.GetImageFromArray(volume.values)
    image.SetDirection(volume.geometry.directions.ravel().tolist())
    image.SetSpacing(volume.geometry.spacing)
    image.SetOrigin(volume.geometry.origin)
    SimpleITK.WriteImage(image, str(path), useCompression=path.name == "z.mhd")


def _interfile(path: Path, values: np.ndarray) -> None:
    values.astype(">i2").tofile(path.with_suffix(".v"))
    path.write_text(
        "!INTERFILE  :=\n!imaging modality := PET\nname of data file := pet.v\n"
        "!number format := signed integer\n!number of bytes per pixel := 2\n"
        "imagedata byte order := BIGENDIAN\n"
        "!matrix size [1] := 13\nscaling factor (mm/pixel) [1] := 0.8\n"
        "!matrix size [2] := 11\nscaling factor (mm/pixel) [2] := 1.3\n"
        "!matrix size [3] := 7\nscaling factor (mm/pixel) [3] := 2.5\n!END OF INTERFILE :=\n"
    )


def _envi(path: Path, values: np.ndarray) -> None:
    values.astype(">i2").tofile(path.with_suffix(""))
    path.write_text(
        "ENVI\nsamples = 13\nlines = 11\nbands = 7\ndata type = 2\ninterleave = bsq\n"
        "byte order = 1\n"
    )
