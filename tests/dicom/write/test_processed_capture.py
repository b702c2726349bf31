"""What captures of processed values say of their source: loss, timing, and what else it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, save
from tests.dicom.write.test_processed import CT, STEP, Halved, new_errors, run_object
from tests.dicom.write.validator import errors_of
from xray_studio import open as open_clip
from xray_studio import process
from xray_studio.core.job import run
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.dicom.file import syntaxes
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.services.processing.process import process as process_clip

FRAME_TIME, VECTOR, PAGES = 0x00181063, 0x00181065, 0x00182001
MR = "1.2.840.10008.5.1.4.1.1.4"


def captured(source: Path, frames: tuple[int, int] | None = None) -> Dataset:
    """Return the object of values of another range, which only a capture holds."""
    target = source.with_name("out.dcm")
    clip = process_clip(open_clip(source), Pipeline((Stage(Halved()),)))
    run(export(clip, target, replace(ExportOptions(), frames=frames), overwrite=True))
    assert errors_of(target) == set()
    return pydicom.dcmread(target)


def test_loss_that_the_source_keeps_silent_about_is_told(tmp_path: Path) -> None:
    """Every object that is made of it says so: same class, capture of values, capture as shown."""
    frames = np.stack([np.tile(np.arange(64, dtype=np.uint8) * 3 + n, (48, 1)) for n in range(4)])
    plain = save(make_object(frames, Modality="XA", FrameTime=40), tmp_path / "plain.dcm")
    source = tmp_path / "in.dcm"
    run(export(open_clip(plain), source, replace(ExportOptions(), syntax=syntaxes.JPEG_BASELINE)))
    made = pydicom.dcmread(source)
    for keyword in ("LossyImageCompression", "LossyImageCompressionRatio",
                    "LossyImageCompressionMethod"):  # fmt: skip
        del made[keyword]
    made.save_as(source)
    process(source, tmp_path / "same.dcm", STEP)
    run(export(open_clip(source), tmp_path / "shown.dcm", replace(ExportOptions(), shown=True)))
    told = [
        captured(source),
        *(pydicom.dcmread(tmp_path / f"{name}.dcm") for name in ("same", "shown")),
    ]
    for new in told:
        assert (new.LossyImageCompression, new.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
        assert float(new.LossyImageCompressionRatio) > 1.0
    assert len({str(new.LossyImageCompressionRatio) for new in told}) == 1


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"FrameTime": 33.3, "RecommendedDisplayFrameRate": 15}, FRAME_TIME),
        ({"FrameTime": 40, "CineRate": 25, "StartTrim": 2, "StopTrim": 4}, FRAME_TIME),
        ({"FrameTimeVector": [0, 60, 70, 60, 80], "RecommendedDisplayFrameRate": 12}, VECTOR),
        ({"FrameTimeVector": [0, 60, 70, 60, 80], "FrameTime": 20,
          "FrameIncrementPointer": VECTOR}, VECTOR),
    ],
)  # fmt: skip
def test_timing_stays(tmp_path: Path, facts: dict[str, Any], pointer: int) -> None:
    plain = {"FrameTimeVector": None, "FrameIncrementPointer": pointer}
    made = run_object(**(plain | facts))
    if "FrameTimeVector" not in facts:
        del made.FrameTimeVector
    source = Path(save(made, tmp_path / "in.dcm"))
    old, new = pydicom.dcmread(source), captured(source)
    assert new.FrameIncrementPointer == pointer
    assert "FrameTime" not in new or "FrameTimeVector" not in new  # of which one counts
    for keyword in set(facts) - ({"FrameTime"} if pointer == VECTOR else set()):
        assert new[keyword] == old[keyword], keyword
    before, after = open_clip(source), open_clip(tmp_path / "out.dcm")
    assert (after.timing.times, after.frame_rate) == (before.timing.times, before.frame_rate)


def test_timing_is_cut_with_the_frames(tmp_path: Path) -> None:
    source = Path(save(run_object(RecommendedDisplayFrameRate=12), tmp_path / "in.dcm"))
    new = captured(source, (1, 3))
    assert list(new.FrameTimeVector) == [0, 70, 60]
    assert (new.RecommendedDisplayFrameRate, new.FrameDelay) == (12, 60)
    assert new.SourceImageSequence[0].ReferencedFrameNumber == [2, 3, 4]


def test_no_times_are_invented(tmp_path: Path) -> None:
    """Slices are only numbered; a rate that is told alone becomes the time of a frame."""
    frames = np.stack([np.arange(600, dtype=np.uint16).reshape(20, 30) + n for n in range(3)])
    slices = make_object(frames, SOPClassUID=MR, Modality="MR")
    new = captured(Path(save(slices, tmp_path / "in.dcm")))
    assert (new.FrameIncrementPointer, list(new.PageNumberVector)) == (PAGES, [1, 2, 3])
    assert not {"FrameTime", "FrameTimeVector", "RecommendedDisplayFrameRate"} & set(new.dir())
    slices.CineRate = 20
    new = captured(Path(save(slices, tmp_path / "in.dcm")))
    assert (new.FrameIncrementPointer, new.FrameTime) == (FRAME_TIME, 50)


def codes(items: Sequence[Dataset]) -> list[str]:
    return [str(item.ReferencedSOPInstanceUID) for item in items]


def test_an_enhanced_object_names_the_sources_of_its_sources(
    shared_data: Path, tmp_path: Path
) -> None:
    """Source Image Evidence holds all that its frames name (PS3.3 C.8.13.2.1.2)."""
    source = shared_data / "dicom" / "pydicom_data__eCT_Supplemental.dcm"
    process(source, tmp_path / "one.dcm", STEP)
    process(tmp_path / "one.dcm", tmp_path / "two.dcm", STEP)
    one, two = (pydicom.dcmread(tmp_path / f"{name}.dcm") for name in ("one", "two"))
    (study,) = two.SourceImageEvidenceSequence
    named = [codes(series.ReferencedSOPSequence) for series in study.ReferencedSeriesSequence]
    first = str(pydicom.dcmread(source).SOPInstanceUID)
    assert named == [[first], [str(one.SOPInstanceUID)]]
    assert new_errors(source, tmp_path / "two.dcm") == set()


def test_a_changed_ct_has_no_hounsfield_units(tmp_path: Path) -> None:
    """Denoised values are still Hounsfield units; those of another contrast are none."""
    noise = np.random.default_rng(1).normal(0, 20, (48, 48))
    values = (np.indices((48, 48)).sum(0) * 10 - 400 + noise).astype(np.int16)
    facts = {"RescaleSlope": 1, "RescaleIntercept": 0, "RescaleType": "HU"}
    source = Path(
        save(make_object(values, SOPClassUID=CT, Modality="CT", **facts), tmp_path / "in.dcm")
    )
    for step, unit in ((STEP, "HU"), ("gamma", "US")):
        process(source, tmp_path / "out.dcm", step, overwrite=True)
        assert pydicom.dcmread(tmp_path / "out.dcm").RescaleType == unit
        assert new_errors(source, tmp_path / "out.dcm") == set()
