"""Pictures beside DCMTK's: every real file that its tools can show, at most one grey level apart.

`-W` of DCMTK (no window) is the full range here, `+Wi N` the N-th stored window, `+Wl N` the N-th
VOI LUT, `+Ww C W` a window by numbers, `+Wfs` the sigmoid function. `-O` leaves out overlay
planes, `+Ma` accepts a missing Photometric Interpretation. Lossy and colour files use other
decoders in part: the differences allowed there stand below.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xray_studio.core.clip import Clip
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file import syntaxes
from xray_studio.imaging.render import render

TOOLS = ("dcm2pnm", "dcmj2pnm", "dcml2pnm")
# Grey levels: lossless files differ only by rounding; DCMTK's own IDCT and colour conversion are
# libjpeg's as ours, so lossy and colour files are held to the same.
ALLOWED = 1
PLAIN = Presentation(planes=False, shutter=False)

# What DCMTK 3.6.7 cannot show: JPEG 2000 and HTJ2K, and one file without Pixel Representation.
CANNOT = (
    "orthanc_tests__MultiframeWindowing.dcm",
    "pydicom_data__HTJ2KLossless_08_RGB.dcm",
    "pydicom_data__RG3_J2KI.dcm",
    "pydicom_data__US1_J2KR.dcm",
    "robyoung__XA1_J2KR.dcm",
)

pytestmark = pytest.mark.usefixtures("inside")


@dataclass(frozen=True)
class Case:
    """Options of DCMTK and the same thing here."""

    options: tuple[str, ...]
    presentation: Presentation


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    if any(shutil.which(tool) is None for tool in TOOLS):
        pytest.skip("DCMTK (dcm2pnm, dcmj2pnm, dcml2pnm) is not installed")


def picture_of_dcmtk(
    path: Path, frame: int, options: tuple[str, ...], folder: Path
) -> np.ndarray | None:
    """Return what DCMTK shows, None when none of its tools can."""
    out = folder / "out.pnm"
    for tool in TOOLS:
        command = [tool, "-O", "+Ma", "+op", "+F", str(frame + 1), *options, str(path), str(out)]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            with Image.open(out) as image:
                return np.array(image)
    return None


def cases(clip: Clip) -> list[Case]:
    found = [Case(("-W",), PLAIN)]
    if clip.is_colour:
        return found
    found += [
        Case(("+Wl", str(n)), replace(PLAIN, voi=n - 1)) for n in range(1, len(clip.voi_luts) + 1)
    ]
    low, high = (float(v) for v in np.percentile(clip[len(clip) // 2], (5, 90)))
    windows = [*clip.windows, Window(round((low + high) / 2, 1), round(high - low + 2, 1))]
    for window in windows:
        numbers = ("+Ww", str(window.center), str(window.width))
        found.append(Case(numbers, replace(PLAIN, voi=window)))
        sigmoid = Window(window.center, window.width, VoiFunction.SIGMOID)
        found.append(Case(("+Wfs", *numbers), replace(PLAIN, voi=sigmoid)))
    return found


def test_every_real_file_looks_as_in_dcmtk(shared_data: Path, tmp_path: Path) -> None:
    shown = []
    for path in sorted((shared_data / "dicom").iterdir()):
        if path.name in CANNOT:
            continue
        clip = describe(str(path))
        for frame in sorted({0, len(clip) // 2}):
            for case in cases(clip):
                theirs = picture_of_dcmtk(path, frame, case.options, tmp_path)
                assert theirs is not None, (path.name, case.options)
                ours = render(clip, frame, case.presentation)
                apart = np.abs(ours.astype(int) - theirs)[compared(clip, frame, case)]
                assert apart.max(initial=0) <= ALLOWED, (path.name, case.options)
        shown.append(path.name)
    assert len(shown) >= 25


def compared(clip: Clip, frame: int, case: Case) -> np.ndarray | tuple[()]:
    """Return the pixels to compare: under a window padding is black here, not in DCMTK."""
    if clip.pixels.padding is None or case.presentation.voi is None:
        return ()
    low, high = clip.pixels.padding
    stored = clip.stored(frame)
    return (stored < low) | (stored > high)


def test_stored_windows_are_found_as_by_dcmtk(shared_data: Path, tmp_path: Path) -> None:
    for name in ("pydicom_test__examples_overlay.dcm", "dwv__gdcm-CR-MONO1-10-chest.dcm"):
        path = shared_data / "dicom" / name
        clip = describe(str(path))
        for number, window in enumerate(clip.windows, 1):
            theirs = picture_of_dcmtk(path, 0, ("+Wi", str(number)), tmp_path)
            assert theirs is not None
            ours = render(clip, 0, replace(PLAIN, voi=window))
            assert np.abs(ours.astype(int) - theirs).max() <= ALLOWED


def test_what_dcmtk_cannot_show_looks_as_in_pillow(shared_data: Path) -> None:
    """JPEG 2000 has a second opinion in Pillow's own build of OpenJPEG, through pydicom."""
    from pydicom import dcmread
    from pydicom.pixels import pixel_array  # type: ignore[attr-defined]  # not in __all__

    for name in CANNOT[2:]:
        path = shared_data / "dicom" / name
        clip = describe(str(path))
        theirs = pixel_array(dcmread(path), decoding_plugin="pillow")
        np.testing.assert_array_equal(clip.stored(0), theirs)
        assert clip.acquisition.transfer_syntax in {
            syntaxes.JPEG_2000,
            syntaxes.JPEG_2000_LOSSLESS,
        }
