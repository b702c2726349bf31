"""Opening objects and series in worker processes, frame by frame."""

from __future__ import annotations

import pickle
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, picture, save, save_frames
from xray_studio.core.errors import NoPixelsError, UnreadableError, UnsupportedError, UsageError
from xray_studio.core.lut import Rescale
from xray_studio.core.workers import Priority
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.file import syntaxes


def slices(folder: Path, count: int, **attributes: Any) -> tuple[list[str], np.ndarray]:
    stack = np.stack([picture(0, 4095, (12, 15), s) for s in range(count)]).astype(np.uint16)
    paths = [
        save(make_object(frame, **attributes), folder / f"{number}.dcm")
        for number, frame in enumerate(stack)
    ]
    return paths, stack


def test_an_object_opens_in_a_worker_and_travels_as_numbers(tmp_path: Path) -> None:
    stack = np.stack([picture(0, 4095, (64, 64), s) for s in range(6)]).astype(np.uint16)
    frames = [bytes(imagecodecs.jpegls_encode(frame)) for frame in stack]
    path = save_frames(
        make_object(stack, BitsStored=12, HighBit=11), tmp_path / "a.dcm", frames, syntaxes.JPEG_LS
    )
    clip = open_clip([path])
    assert len(pickle.dumps(clip)) < 5000
    again = pickle.loads(pickle.dumps(clip))
    asked = [again.source.request(index, Priority.PREFETCH) for index in range(6)]
    wait(asked)
    np.testing.assert_array_equal(np.stack([future.result() for future in asked]), stack)
    assert not asked[0].result().flags.writeable


def test_no_path_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError):
        open_clip([])


def test_a_series_is_one_clip_in_the_order_given(tmp_path: Path) -> None:
    paths, stack = slices(tmp_path, 20)
    clip = open_clip(paths[::-1])
    assert len(clip) == 20
    np.testing.assert_array_equal(np.stack([clip.stored(i) for i in range(20)]), stack[::-1])
    assert clip.paths == tuple(paths[::-1])
    assert clip.modality == (Rescale(),)


def test_slices_tell_where_they_lie(tmp_path: Path) -> None:
    turn = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "FrameOfReferenceUID": "1.2.3"}
    where = [{"ImagePositionPatient": [0, 0, 4 * n], **turn} for n in (2, 0)]
    pixels = np.zeros((4, 6), np.uint8)
    paths = [
        save(make_object(pixels, **about), tmp_path / f"{number}.dcm")
        for number, about in enumerate((*where, {}))
    ]
    clip = open_clip(paths)
    assert [place.position for place in clip.places] == [(0, 0, 8), (0, 0, 0), None]
    assert clip.places[0].size == (4, 6)
    assert clip.places[1].frame_of_reference == "1.2.3"
    assert clip.alone(1, clip.source).places == (clip.places[1],)
    assert open_clip(paths[2:]).places == ()


@pytest.mark.parametrize(
    ("told", "wanted"),
    [(("NO", "NO"), "NO"), (("NO", "YES"), "YES"), (("NO", ""), ""), (("YES", ""), "YES")],
)
def test_text_in_one_image_is_text_in_the_series(
    tmp_path: Path, told: tuple[str, str], wanted: str
) -> None:
    shown = picture(0, 255, (12, 15)).astype(np.uint8)
    paths = [
        save(make_object(shown, BurnedInAnnotation=value), tmp_path / f"{number}.dcm")
        for number, value in enumerate(told)
    ]
    assert open_clip(paths).acquisition.burned_in == wanted


def test_the_part_of_the_body_is_read(tmp_path: Path) -> None:
    shown = picture(0, 255, (12, 15)).astype(np.uint8)
    path = save(make_object(shown, BodyPartExamined="CHEST"), tmp_path / "0.dcm")
    assert open_clip([path]).acquisition.body_part_examined == "CHEST"


def test_objects_of_several_frames_follow_one_another(tmp_path: Path) -> None:
    stack = np.stack([picture(0, 4095, (12, 15), s) for s in range(5)]).astype(np.uint16)
    paths = [
        save(make_object(stack[:3]), tmp_path / "a.dcm"),
        save(make_object(stack[3:]), tmp_path / "b.dcm"),
    ]
    clip = open_clip(paths)
    np.testing.assert_array_equal(np.stack([clip.stored(i) for i in range(5)]), stack)


def test_a_rescale_that_differs_stays_with_its_frame(tmp_path: Path) -> None:
    paths, stack = slices(tmp_path, 2)
    paths[1] = save(
        make_object(stack[1], Modality="PT", RescaleSlope=0.5, RescaleIntercept=0, Units="BQML"),
        tmp_path / "pet.dcm",
    )
    clip = open_clip(paths)
    np.testing.assert_array_equal(clip[0], stack[0])
    np.testing.assert_array_equal(clip[1], stack[1] * 0.5)


def test_a_series_is_as_deep_as_its_deepest_image(tmp_path: Path) -> None:
    paths, stack = slices(tmp_path, 3, BitsStored=12, HighBit=11, PixelPaddingValue=7)
    paths.append(save(make_object(stack[0]), tmp_path / "deep.dcm"))
    pixels = open_clip(paths).pixels
    assert (pixels.bits, pixels.padding) == (16, None)
    assert open_clip(paths[:3]).pixels.padding == (7, 7)


def test_what_is_true_of_one_image_is_not_said_of_another(tmp_path: Path) -> None:
    stack = np.zeros((2, 4, 4), np.uint8)
    common = {"SeriesNumber": 3, "StudyDate": "20200101", "PixelSpacing": [0.5, 0.5]}
    one = {"PositionerPrimaryAngle": "-30", "PositionerSecondaryAngle": "20", "StudyTime": "101500"}
    other = one | {"PositionerPrimaryAngle": "45", "StudyTime": "101600"}
    paths = [
        save(make_object(stack, **common, **own), tmp_path / f"{number}.dcm")
        for number, own in enumerate((one, other, one))
    ]
    joined, alike = open_clip(paths), open_clip([paths[0], paths[2]])
    assert (joined.acquisition.angles, joined.identity.time) == (None, "")
    assert joined.acquisition.sop_instance_uid == ""
    assert (joined.acquisition.series_number, joined.identity.date) == (3, "20200101")
    assert joined.acquisition.pixel_spacing == (0.5, 0.5)
    assert alike.acquisition.angles == (-30.0, 20.0)


def test_a_file_that_fails_raises_alone(tmp_path: Path) -> None:
    paths, stack = slices(tmp_path, 4)
    Path(paths[1]).write_bytes(b"no DICOM at all")
    Path(paths[2]).write_bytes(Path(paths[2]).read_bytes()[:-200])
    clip = open_clip(paths)
    assert len(clip) == 4
    np.testing.assert_array_equal(clip.stored(3), stack[3])
    with pytest.raises(UnreadableError, match="not a DICOM file"):
        clip.stored(1)
    with pytest.raises(UnreadableError):
        clip.source.request(1, Priority.PREFETCH).result()
    first, second = clip.acquisition.warnings
    assert first.startswith("Image 2: This is not a DICOM file")
    assert second.startswith("Image 3: The pixel data is cut short")


def test_a_picture_of_another_kind_raises_alone(tmp_path: Path) -> None:
    paths, _ = slices(tmp_path, 3)
    paths.append(save(make_object(np.zeros((5, 5, 3), np.uint8)), tmp_path / "colour.dcm"))
    clip = open_clip(paths)
    assert clip.source.shape == (4, 12, 15)
    paths.append(save(make_object(np.zeros((12, 15, 3), np.uint8)), tmp_path / "same.dcm"))
    with pytest.raises(UnreadableError, match="in colour and the rest of the series grey"):
        open_clip(paths).source.read(4)
    with pytest.raises(UnreadableError, match="5 x 5 pixels"):
        clip.stored(3)


def test_a_series_without_any_picture_raises_its_reason(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(UnreadableError, match="not a DICOM file"):
        open_clip([str(tmp_path / name) for name in "ab"])


def test_an_object_without_pixels_is_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(NoPixelsError, match="no picture"):
        open_clip([save(make_object(), tmp_path / "report.dcm")])
    with pytest.raises(NoPixelsError, match="describes a picture"):
        open_clip([save(make_object(Rows=5, Columns=5), tmp_path / "empty.dcm")])


def test_a_directory_says_so(tmp_path: Path) -> None:
    dataset = make_object(SOPClassUID="1.2.840.10008.1.3.10", DirectoryRecordSequence=[Dataset()])
    with pytest.raises(NoPixelsError, match="DICOMDIR"):
        open_clip([save(dataset, tmp_path / "DICOMDIR")])


def test_unknown_syntaxes_are_said(tmp_path: Path) -> None:
    dataset = make_object(np.zeros((4, 4, 3), np.uint8))
    path = save_frames(dataset, tmp_path / "video.dcm", [b"\0\0\0\1"], "1.2.840.10008.1.2.4.102")
    other = Path(path).read_bytes().replace(b"1.2.840.10008.1.2.4.102", b"1.2.840.10008.1.9.4.102")
    Path(path).write_bytes(other)
    with pytest.raises(UnsupportedError, match=r"1\.9\.4\.102"):
        open_clip([path])


def test_pixels_on_a_server_are_said(tmp_path: Path) -> None:
    dataset = make_object(Rows=5, Columns=5, PixelDataProviderURL="jpip://x")
    with pytest.raises(UnsupportedError, match="JPIP"):
        open_clip([save(dataset, tmp_path / "jpip.dcm", "1.2.840.10008.1.2.4.94")])


def test_a_missing_and_a_forbidden_file_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no longer there"):
        open_clip([str(tmp_path / "gone.dcm")])
    with pytest.raises(UnreadableError, match="cannot be opened or read"):
        open_clip([str(tmp_path)])


def test_a_file_that_changes_after_opening_is_an_error(tmp_path: Path) -> None:
    paths, _ = slices(tmp_path, 1)
    clip = open_clip(paths)
    Path(paths[0]).write_bytes(b"short")
    with pytest.raises(UnreadableError, match="changed since"):
        clip.stored(0)
    Path(paths[0]).unlink()
    with pytest.raises(UnreadableError, match="no longer there"):
        clip.stored(0)
