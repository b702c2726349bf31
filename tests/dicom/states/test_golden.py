"""Presentation states beside DCMTK's dcmp2pgm, pixel by pixel."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, picture, save
from tests.dicom.over import put_plane, state_for
from tests.dicom.test_clip_greys import item, table
from xray_studio.core.presentation import Presentation
from xray_studio.dicom.describe import describe
from xray_studio.dicom.states.read import read_state
from xray_studio.imaging.render import oriented, render
from xray_studio.services.states import with_state

pytestmark = pytest.mark.usefixtures("inside")

WINDOW = item(WindowCenter=2000, WindowWidth=3000)
TABLE = item(VOILUTSequence=[table(100, 12, [int(v) for v in np.linspace(0, 1, 2000) ** 2 * 4095])])
MODALITY = table(0, 12, [4095 - v // 2 for v in range(4096)])
MODALITY.ModalityLUTType = "US"
XA = "1.2.840.10008.5.1.4.1.1.12.1"

STATES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "window": {"SoftcopyVOILUTSequence": [WINDOW]},
    "table": {"SoftcopyVOILUTSequence": [TABLE]},
    "rescale": {
        "RescaleSlope": 2, "RescaleIntercept": -1000, "RescaleType": "US",
        "SoftcopyVOILUTSequence": [WINDOW],
    },
    "modality table": {"ModalityLUTSequence": [MODALITY], "SoftcopyVOILUTSequence": [WINDOW]},
    "inverse": {"PresentationLUTShape": "INVERSE", "SoftcopyVOILUTSequence": [WINDOW]},
    "turned": {"ImageRotation": 90, "ImageHorizontalFlip": "N"},
    "flipped": {"ImageRotation": 0, "ImageHorizontalFlip": "Y"},
    "turned and flipped": {"ImageRotation": 270, "ImageHorizontalFlip": "Y"},
}  # fmt: skip
IMAGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "own transforms": {
        "RescaleSlope": 3, "RescaleIntercept": 7, "WindowCenter": 10, "WindowWidth": 20,
    },
    "negative": {"PhotometricInterpretation": "MONOCHROME1"},
    "signed": {"PixelRepresentation": 1},
    "angiogram": {"SOPClassUID": XA, "Modality": "XA", "RescaleSlope": 5, "RescaleIntercept": 1},
}  # fmt: skip


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("state", STATES)
def test_states_look_as_in_dcmtk(tmp_path: Path, image: str, state: str) -> None:
    greys = picture(0, 4095).astype(np.uint16)
    if image == "signed":
        greys = ((greys.astype(np.int32) - 2048) & 0xFFF).astype(np.uint16)
    shown = make_object(greys, BitsStored=12, HighBit=11, **IMAGES[image])
    ours, theirs = both(tmp_path, shown, state_for(shown, **STATES[state]))
    assert ours.shape == theirs.shape
    # DCMTK rounds the input of a Presentation LUT; nothing here is further off than one level.
    assert np.abs(ours.astype(int) - theirs).max() <= 1


def both(tmp_path: Path, image: Dataset, state: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture under a state, as here and as DCMTK shows it."""
    if shutil.which("dcmp2pgm") is None:
        pytest.skip("DCMTK (dcmp2pgm) is not installed")
    paths = save(image, tmp_path / "image.dcm"), save(state, tmp_path / "state.dcm")
    out = tmp_path / "out.pgm"
    subprocess.run(["dcmp2pgm", "-p", paths[1], paths[0], out], check=True, capture_output=True)
    with Image.open(out) as opened:
        theirs = np.array(opened).astype(int)
    applied = with_state(describe(paths[0]), read_state(paths[1]), Presentation())
    how = applied.presentation
    return oriented(render(applied.clip, 0, how), how), theirs


def test_planes_are_shown_where_a_layer_asks_for_them(tmp_path: Path) -> None:
    """Only planes that the state activates are drawn, those of the image and its own."""
    image = make_object(picture(0, 4095).astype(np.uint16), BitsStored=12, HighBit=11)
    shape = (image.Rows, image.Columns)
    for group in (0x6000, 0x6002):
        put_plane(image, np.ones(shape, np.bool_), group=group)
    state = state_for(image)
    state[0x60021001] = _layer(0x60021001)
    put_plane(state, np.eye(*shape, dtype=np.bool_), group=0x6004)
    state[0x60041001] = _layer(0x60041001)
    paths = save(image, tmp_path / "image.dcm"), save(state, tmp_path / "state.dcm")
    clip = with_state(describe(paths[0]), read_state(paths[1]), Presentation()).clip
    assert [plane.group for plane in clip.overlays] == [0x6002, 0x6004]


def _layer(tag: int) -> Any:
    from pydicom.dataelem import DataElement

    return DataElement(tag, "CS", "LAYER")
