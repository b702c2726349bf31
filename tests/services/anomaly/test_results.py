"""What detectors find, in forms that other programs open: of a film and of a loop."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import nibabel
import numpy as np
import pytest
from highdicom.seg import SegmentationTypeValues, segread
from highdicom.sr import ComprehensiveSR, srread
from highdicom.sr.utils import find_content_items
from PIL import Image
from pydicom import dcmread
from pydicom.sr.codedict import codes

from tests.dicom.write.test_dx_ct_seg import STUDY
from tests.dicom.write.test_xa import RUN
from tests.dicom.write.validator import errors_of
from tests.services.learning.conftest import asked_at_once
from xray_studio.__main__ import main
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.dicom.write.dx import Radiograph, write_dx
from xray_studio.dicom.write.xa import XaRun, write_xa
from xray_studio.imaging.chest.radiograph import take
from xray_studio.imaging.phantom.angiogram import make_angiogram
from xray_studio.imaging.stamps import AI_PILL
from xray_studio.services.anomaly.files import Asking, detect_files
from xray_studio.services.anomaly.results.forms import SUFFIXES, Form, forms_of
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.open import open_paths
from xray_studio.services.segmentations import read_segmentation, with_segments

ACQUIRED = datetime(2026, 11, 18, 11, 5, 12, tzinfo=UTC)
LEAST, THRESHOLD = 20, 0.5
CONTAINER = codes.DCM.ImagingMeasurements
FILM, LOOP = "film", "loop"


@dataclass(frozen=True)
class Results:
    """A source with what was written about it, and what was told."""

    source: Path
    folder: Path
    answer: dict[str, Any]

    def path(self, suffix: str) -> Path:
        """Return a file about it."""
        return self.folder / f"{self.source.stem}.anomalies{suffix}"

    @property
    def nifti(self) -> Any:
        """The volume as nibabel opens it."""
        return nibabel.load(self.path(".mask.nii.gz"))

    @property
    def volume(self) -> np.ndarray:
        """What is marked, (frames, rows, columns)."""
        voxels = np.asarray(self.nifti.dataobj)
        return voxels.transpose(2, 1, 0).astype(bool)


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    """Engines ask in this process, which has its libraries loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "asked", asked_at_once)
        yield


def _film(path: Path) -> None:
    pixels = take("PA", 1, 512).now
    film = Radiograph(pixels, 1, "Chest", ACQUIRED, "PA", 0.7, 1800.0, 1620.0, (2048.0, 4096.0))
    write_dx(path, STUDY, film)


def _loop(path: Path) -> None:
    frames = make_angiogram(5, 24, 128, frame_time=250.0).frames
    run_of = XaRun(frames, 3, "LCA", ACQUIRED, RUN.geometry, RUN.window, frame_time=250.0)
    write_xa(path, STUDY, run_of)


@pytest.fixture(scope="module", params=[FILM, LOOP])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """All forms of a film made from physics, and of a loop with contrast that arrives."""
    folder = tmp_path_factory.mktemp(request.param)
    source, out = folder / f"{request.param}.dcm", folder / "out"
    (_film if request.param == FILM else _loop)(source)
    asked = Asking("", out, THRESHOLD, LEAST, forms=tuple(Form))
    found = run(detect_files([str(source)], asked))
    assert not found.failed
    return Results(source, out, found.answers[str(source)])


def test_all_files_are_there_and_for_their_owner_alone(results: Results) -> None:
    wanted = {f"{results.source.stem}{end}" for each in SUFFIXES.values() for end in each}
    made = list(results.folder.iterdir())
    assert {path.name for path in made} == wanted
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}


def test_the_mask_is_what_the_regions_tell(results: Results) -> None:
    volume, regions = results.volume, results.answer["regions"]
    assert regions
    assert volume.shape[0] == len(results.answer["frames"])
    for number, frame in enumerate(volume):
        own = [one for one in regions if one["frame"] == number + 1]
        assert frame.sum() == sum(one["area"] for one in own)
        for one in own:
            assert frame[tuple(one["peak"])]


def test_pictures_are_of_the_frame_with_the_highest_score(results: Results) -> None:
    best = int(np.load(results.path(".npz"))["scores"].argmax())
    mask = np.asarray(Image.open(results.path(".mask.png")))
    assert np.array_equal(mask, results.volume[best].astype(np.uint8) * 255)
    overlay = np.asarray(Image.open(results.path(".png")))
    assert overlay.shape[2] == 3
    assert overlay.shape[0] % mask.shape[0] == 0
    assert (np.ptp(overlay.astype(int), axis=2) > 60).any(), "colours of the map and the badge"


def test_overlays_show_the_borders_of_what_is_marked(results: Results) -> None:
    """Amber along the edge of the mask, and nowhere within it."""
    overlay = np.asarray(Image.open(results.path(".png"))).astype(int)
    mask = np.asarray(Image.open(results.path(".mask.png"))) > 0
    times = overlay.shape[0] // mask.shape[0]
    large = np.kron(mask, np.ones((times, times), np.uint8))
    deep = cv2.erode(large, np.ones((6 * times + 1,) * 2, np.uint8)) > 0
    edge = (large > 0) & (cv2.erode(large, np.ones((times + 2,) * 2, np.uint8)) == 0)
    amber = np.abs(overlay - AI_PILL).max(axis=2) < 24
    assert amber[edge].mean() > 0.2
    assert (amber & deep).sum() <= 0.02 * deep.sum()


def test_the_volume_says_what_it_is(results: Results) -> None:
    image = results.nifti
    assert image.get_data_dtype() == np.uint8
    told = json.loads(image.header.extensions[0].get_content())["facts"]
    assert told["detector"] == results.answer["detector"]
    assert "not for diagnosis" in told["badge"]


def test_tables_have_a_row_for_each_region_and_frame(results: Results) -> None:
    with results.path(".regions.csv").open(encoding="utf-8", newline="") as file:
        regions = list(csv.DictReader(file))
    assert len(regions) == len(results.answer["regions"])
    row, one = regions[0], results.answer["regions"][0]
    assert [int(row[key]) for key in ("column", "row", "width", "height")] == one["box"]
    with results.path(".frames.csv").open(encoding="utf-8", newline="") as file:
        frames = list(csv.DictReader(file))
    told = results.answer["frames"]
    assert [float(row["score"]) for row in frames] == [one["score"] for one in told]
    assert [int(row["marked_pixels"]) for row in frames] == list(results.volume.sum(axis=(1, 2)))
    best = [int(row["frame"]) for row in frames if row["stands_out"] == "1"]
    assert best == results.answer["peaks"]


def test_pictures_of_every_frame_are_numbered(tmp_path: Path) -> None:
    source, out = tmp_path / "loop.dcm", tmp_path / "out"
    out.mkdir()
    _loop(source)
    asked = [
        "anomalies",
        str(source),
        "--out",
        str(out),
        "--formats",
        "mask",
        "--every-frame",
        "-q",
    ]
    assert main(asked) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"loop.anomalies.mask.{n:04d}.png" for n in range(1, 25)]
    assert main(asked) == 1, "nothing is lost unasked"
    assert main([*asked, "--overwrite"]) == 0


@pytest.mark.parametrize("kind", ["seg", "scores.seg", "overlay", "sr"])
def test_objects_break_no_rule_that_their_source_keeps(results: Results, kind: str) -> None:
    path = results.path(f".{kind}.dcm")
    assert errors_of(path) <= errors_of(results.source)
    made, source = dcmread(path), dcmread(results.source)
    for keyword in ("PatientID", "PatientName", "StudyInstanceUID"):
        assert made[keyword].value == source[keyword].value
    assert made.SeriesInstanceUID != source.SeriesInstanceUID
    assert made.SOPInstanceUID != source.SOPInstanceUID


def test_a_segmentation_holds_the_same_mask(results: Results) -> None:
    made, source = dcmread(results.path(".seg.dcm")), dcmread(results.source)
    frames = np.atleast_3d(made.pixel_array.T).T.astype(bool)
    assert np.array_equal(frames.reshape(results.volume.shape), results.volume)
    assert "FrameOfReferenceUID" not in made
    assert (made.Rows, made.Columns) == (source.Rows, source.Columns)
    (segment,) = made.SegmentSequence
    assert (segment.SegmentLabel, segment.SegmentAlgorithmType) == ("Unusual", "AUTOMATIC")
    (known,) = segment.SegmentationAlgorithmIdentificationSequence
    told = results.answer["detector"]
    assert (known.AlgorithmName, known.AlgorithmVersion) == (told["name"], told["version"])
    if told["model"] is not None:
        assert told["model"]["sha256"] in known.AlgorithmParameters, "the weights"
        assert told["digest"] in known.AlgorithmParameters, "and what stands beside them"
    for number, group in enumerate(made.PerFrameFunctionalGroupsSequence, start=1):
        (derivation,) = group.DerivationImageSequence
        (image,) = derivation.SourceImageSequence
        assert derivation.DerivationCodeSequence[0].CodeValue == "113076"
        assert image.PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
        assert image.ReferencedSOPInstanceUID == source.SOPInstanceUID
        several = len(results.volume) > 1
        assert image.get("ReferencedFrameNumber") == (number if several else None)


def test_highdicom_reads_the_same_mask(results: Results) -> None:
    made, source = segread(results.path(".seg.dcm")), dcmread(results.source)
    assert made.segmentation_type is SegmentationTypeValues.BINARY
    (uid,) = {uid for _, _, uid in made.get_source_image_uids()}
    assert uid == source.SOPInstanceUID
    if len(results.volume) == 1:
        read = made.get_pixels_by_source_instance([uid])
    else:
        frames = range(1, len(results.volume) + 1)
        read = made.get_pixels_by_source_frame(uid, frames)
    assert np.array_equal(read[..., 0].astype(bool), results.volume)


def test_highdicom_reads_the_same_report(results: Results) -> None:
    made = srread(results.path(".sr.dcm"))
    assert isinstance(made, ComprehensiveSR)
    (content,) = made.ContentSequence[:1]
    assert content.name.meaning == "Language of Content Item and Descendants"
    found = results.answer
    groups = find_content_items(made, name=CONTAINER, recursive=False)
    assert len(groups[0].ContentSequence) == len(found["frames"]) + len(found["regions"])


def test_segmentations_are_laid_over_their_frames(results: Results) -> None:
    clip = run(open_paths([str(results.source)]))
    for kind in ("seg", "scores.seg"):
        shown = with_segments(clip, run(read_segmentation(results.path(f".{kind}.dcm"))))
        assert shown.segments


def test_a_fractional_segmentation_holds_the_scores(results: Results) -> None:
    made = dcmread(results.path(".scores.seg.dcm"))
    assert (made.SegmentationType, made.MaximumFractionalValue) == ("FRACTIONAL", 255)
    frames = made.pixel_array.reshape(results.volume.shape)
    for one in results.answer["regions"]:
        row, column = one["peak"]
        assert frames[one["frame"] - 1, row, column] == pytest.approx(255 * one["score"], abs=0.6)


def test_a_capture_shows_the_overlay(results: Results) -> None:
    made = dcmread(results.path(".overlay.dcm"))
    assert np.array_equal(made.pixel_array, np.asarray(Image.open(results.path(".png"))))
    assert "not for diagnosis" in made.DerivationDescription
    best = int(np.load(results.path(".npz"))["scores"].argmax())
    number = made.SourceImageSequence[0].get("ReferencedFrameNumber")
    assert number == (best + 1 if len(results.volume) > 1 else None)


def test_a_report_tells_regions_frames_and_who_observed(results: Results) -> None:
    made, told = dcmread(results.path(".sr.dcm")), results.answer
    by_name: dict[str, list[Any]] = {}
    for item in made.ContentSequence:
        by_name.setdefault(item.ConceptNameCodeSequence[0].CodeMeaning, []).append(item)
    assert by_name["Observer Type"][0].ConceptCodeSequence[0].CodeMeaning == "Device"
    name = told["detector"]["name"]
    assert name in by_name["Device Observer Name"][0].TextValue
    if told["detector"]["model"]:
        (serial,) = by_name["Device Observer Serial Number"]
        assert serial.TextValue == told["detector"]["digest"]
    assert "not for diagnosis" in by_name["Comment"][0].TextValue
    groups = by_name["Imaging Measurements"][0].ContentSequence
    assert len(groups) == len(told["frames"]) + len(told["regions"])
    area = groups[-1].ContentSequence[-1]
    assert float(area.MeasuredValueSequence[0].NumericValue) == told["regions"][-1]["area"]
    drawn = np.reshape(area.ContentSequence[0].GraphicData, (-1, 2))
    x, y, width, height = told["regions"][-1]["box"]
    assert (drawn.min(axis=0) >= (x, y)).all()
    assert (drawn.max(axis=0) <= (x + width, y + height)).all()
    assert np.array_equal(drawn[0], drawn[-1])


def test_pictures_that_are_no_objects_get_none(tmp_path: Path) -> None:
    picture, out = tmp_path / "film.png", tmp_path / "out"
    out.mkdir()
    Image.fromarray((take("PA", 1, 256).now >> 4).astype(np.uint8)).save(picture)
    asked = Asking("", out, THRESHOLD, forms=(Form.MASK, Form.SEG, Form.SR))
    (answer,) = run(detect_files([str(picture)], asked)).answers.values()
    assert any("no DICOM object" in note for note in answer["notes"])
    assert {path.name for path in out.iterdir()} <= {"film.anomalies.mask.png"}


def test_names_of_formats() -> None:
    assert forms_of("csv, mask,csv") == (Form.CSV, Form.MASK)
    assert forms_of("all") == tuple(Form)
    for wrong in ("", "gif", "mask,pdf"):
        with pytest.raises(UsageError, match="choose from json"):
            forms_of(wrong)
