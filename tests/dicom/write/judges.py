"""Other programs that decode what was written: DCMTK and GDCM, each into plain pixels."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest

from xray_studio.dicom.file import syntaxes

DECODERS = {
    syntaxes.JPEG_LOSSLESS_SV1: ("dcmdjpeg",),
    syntaxes.JPEG_BASELINE: ("dcmdjpeg",),
    syntaxes.JPEG_LS: ("dcmdjpls",),
    syntaxes.RLE: ("dcmdrle",),
    syntaxes.DEFLATED: ("dcmconv", "+te"),
    syntaxes.EXPLICIT_LITTLE: ("dcmconv", "+te"),
    syntaxes.IMPLICIT_LITTLE: ("dcmconv", "+te"),
    syntaxes.JPEG_2000_LOSSLESS: ("gdcmconv", "--raw"),
}


def judged(path: Path, syntax: str) -> np.ndarray:
    """Return the pixels of an object as another program decodes them.

    pydicom reads the decoded file; HTJ2K, which neither program knows, is decoded by OpenJPEG,
    since it was encoded by OpenJPH.
    """
    if syntax == syntaxes.HTJ2K_LOSSLESS:
        return _openjpeg(path)
    tool, *options = DECODERS[syntax]
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    out = path.with_suffix(".judged")
    subprocess.run([tool, *options, str(path), str(out)], check=True, capture_output=True)
    return pydicom.dcmread(out, force=True).pixel_array


def _openjpeg(path: Path) -> np.ndarray:
    from imagecodecs import jpeg2k_decode
    from pydicom.encaps import generate_frames

    dataset = pydicom.dcmread(path)
    count = int(dataset.get("NumberOfFrames", 1))
    frames = generate_frames(dataset.PixelData, number_of_frames=count)
    decoded = [jpeg2k_decode(frame, planar=False) for frame in frames]
    return np.stack(decoded) if len(decoded) > 1 else decoded[0]
