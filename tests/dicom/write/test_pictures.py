"""Secondary captures of pictures as shown: what is seen is what they hold, and they say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import XA, make_object, picture, save
from tests.dicom.write.judges import judged
from tests.dicom.write.validator import errors_of
from tests.services.clips import cine
from xray_studio import open as xs_open
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encoders import NAMES
from xray_studio.imaging.render import render
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

SHOWN = Presentation(voi=Window(1800.0, 900.0))


def loop(path: Path, **more: Any) -> Clip:
    pixels = np.stack([picture(0, 4095, (24, 32), n) for n in range(5)]).astype(np.uint16)
    known = {"SOPClassUID": XA, "Modality": "XA", "BitsStored": 12, "HighBit": 11, "FrameTime": 40,
             "FrameIncrementPointer": 0x00181063, "BurnedInAnnotation": "NO", "StudyDate": "",
             "StudyTime": "", "StudyID": "", "AccessionNumber": "", "ReferringPhysicianName": "",
             "PatientBirthDate": "", "PatientSex": "", "SeriesDescription": "LCA"}  # fmt: skip
    return xs_open(save(make_object(pixels, **(known | more)), path))


def captured(clip: Clip, target: Path, **options: Any) -> Dataset:
    known = {"presentation": SHOWN, "shown": True}
    run(export(clip, target, ExportOptions(**(known | options))))
    return pydicom.dcmread(target)


@pytest.mark.parametrize("name", ["explicit", "jpeg-ls", "rle", "jpeg-2000"])
def test_it_holds_what_is_shown(tmp_path: Path, name: str) -> None:
    clip = loop(tmp_path / "in.dcm")
    made = captured(clip, tmp_path / "out.dcm", syntax=NAMES[name], frames=(1, 3))
    wanted = np.stack([render(clip, n, SHOWN) for n in (1, 2, 3)])
    np.testing.assert_array_equal(judged(tmp_path / "out.dcm", NAMES[name]), wanted)
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7.2"
    assert made.ImageType == ["DERIVED", "SECONDARY"]
    assert made.DerivationDescription == "Pictures as displayed; window 1800/900"
    assert made.SourceImageSequence[0].ReferencedFrameNumber == [2, 3, 4]
    assert made.FrameTime == 40
    assert (made.StudyInstanceUID, made.PatientID) == (
        pydicom.dcmread(tmp_path / "in.dcm").StudyInstanceUID, "T1",
    )  # fmt: skip
    assert made.BurnedInAnnotation == "NO"
    assert errors_of(tmp_path / "out.dcm") == set()
    again = xs_open(tmp_path / "out.dcm")
    np.testing.assert_array_equal(again.render(0), wanted[0])


def test_colours_and_text_are_told(tmp_path: Path) -> None:
    clip = loop(tmp_path / "in.dcm")
    how = replace(SHOWN, colour_map="hot-iron", rotation=90)
    made = captured(clip, tmp_path / "out.dcm", presentation=how, overlay=Overlay.ANONYMOUS)
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7.4"
    assert (made.Rows, made.Columns) == (32, 24)
    assert made.BurnedInAnnotation == "YES"
    for word in ("colour map hot-iron", "turned or flipped", "anonymous text burnt in"):
        assert word in made.DerivationDescription
    assert errors_of(tmp_path / "out.dcm") == set()


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
def test_an_old_source_gives_a_valid_object(tmp_path: Path) -> None:
    clip = loop(tmp_path / "in.dcm", StudyDate="1993.02.24", StudyTime="17:58:00")
    made = captured(clip, tmp_path / "out.dcm")
    assert (made.StudyDate, made.StudyTime) == ("19930224", "175800")
    assert "ReferencedFrameNumber" not in made.SourceImageSequence[0]  # it is all of them
    assert errors_of(tmp_path / "out.dcm") == set()


def test_a_source_of_no_study_begins_one(tmp_path: Path) -> None:
    source = pydicom.dcmread(loop(tmp_path / "in.dcm").paths[0])
    del source.StudyInstanceUID
    source.save_as(tmp_path / "alone.dcm")
    captured(xs_open(tmp_path / "alone.dcm"), tmp_path / "out.dcm")
    assert errors_of(tmp_path / "out.dcm") == set()


def test_processed_pictures_say_so(tmp_path: Path) -> None:
    clip = replace(loop(tmp_path / "in.dcm"), processed=("denoise",))
    made = captured(clip, tmp_path / "out.dcm", size=(320, 240))  # with room for the badge
    assert made.ImageType == ["DERIVED", "SECONDARY", "PROCESSED"]
    assert made.SeriesDescription == "LCA PROCESSED"
    assert "PROCESSED: denoise" in made.DerivationDescription
    with pytest.raises(UsageError, match="export them as shown"):
        captured(clip, tmp_path / "copy.dcm", shown=False)


def test_real_moments_and_speed(tmp_path: Path) -> None:
    clip = loop(tmp_path / "in.dcm", FrameTimeVector=[0, 10, 20, 30, 40],
                FrameIncrementPointer=0x00181065)  # fmt: skip
    made = captured(clip, tmp_path / "out.dcm", real_time=True)
    assert made.FrameTimeVector == [0, 10, 20, 30, 40]
    made = captured(clip, tmp_path / "slow.dcm", rate=10.0, speed=0.5)
    assert (made.FrameTime, made.RecommendedDisplayFrameRate) == (200, 5)


def test_one_frame_is_one_picture(tmp_path: Path) -> None:
    made = captured(loop(tmp_path / "in.dcm"), tmp_path / "out.dcm", frames=(2, 2), size=(64, 64))
    assert (made.NumberOfFrames, made.Rows, made.Columns) == (1, 64, 64)
    assert "FrameIncrementPointer" not in made
    assert errors_of(tmp_path / "out.dcm") == set()


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="stored without loss"):
        captured(loop(tmp_path / "in.dcm"), tmp_path / "o.dcm", syntax=syntaxes.JPEG_BASELINE)
    with pytest.raises(UsageError, match="Only DICOM objects"):
        captured(cine(), tmp_path / "out.dcm")
