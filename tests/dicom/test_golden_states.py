"""Presentation LUTs beside DCMTK's dcmp2pgm, which takes them from a presentation state."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import make_object, picture, save
from tests.dicom.over import state_for
from tests.dicom.test_clip_greys import item, table
from xray_studio.core.presentation import Presentation, Window
from xray_studio.dicom.describe import describe
from xray_studio.imaging.render import render

ENTRIES = 4096
CURVES = {
    "gamma": (np.linspace(0, 1, ENTRIES) ** 1.6 * 4095, 12),
    "falling": (np.linspace(1, 0, ENTRIES) * 1023, 10),
    "steps": (np.floor(np.linspace(0, 7.99, ENTRIES)) / 7 * 65_535, 16),
}

pytestmark = pytest.mark.usefixtures("inside")


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("by_table", [False, True])
def test_presentation_luts_look_as_in_dcmtk(tmp_path: Path, curve: str, by_table: bool) -> None:
    """Steps may fall one input earlier or later: DCMTK cuts where the input of the table is."""
    if shutil.which("dcmp2pgm") is None:
        pytest.skip("DCMTK (dcmp2pgm) is not installed")
    values, bits = CURVES[curve]
    lut = table(0, bits, [int(v) for v in values])
    voi = item(WindowCenter=2000, WindowWidth=3000)
    if by_table:
        voi = item(VOILUTSequence=[table(0, 12, list(range(0, 4096, 1)))])
    greys = picture(0, 4095).astype(np.uint16)
    image = make_object(greys, BitsStored=12, HighBit=11)
    state = state_for(image, SoftcopyVOILUTSequence=[voi], PresentationLUTSequence=[lut])
    del state.PresentationLUTShape
    paths = save(image, tmp_path / "image.dcm"), save(state, tmp_path / "state.dcm")
    out = tmp_path / "out.pgm"
    subprocess.run(["dcmp2pgm", "-p", paths[1], paths[0], out], check=True, capture_output=True)
    with Image.open(out) as shown:
        theirs = np.array(shown).astype(int)
    image.PresentationLUTSequence = [lut]
    if by_table:
        image.VOILUTSequence = voi.VOILUTSequence
    clip = describe(save(image, tmp_path / "both.dcm"))
    ours = render(clip, 0, Presentation(voi=0 if by_table else Window(2000, 3000)))
    apart = np.abs(ours.astype(int) - theirs)
    if curve == "steps":
        assert (apart > 1).mean() < 0.01
    else:
        assert apart.max() <= 1
