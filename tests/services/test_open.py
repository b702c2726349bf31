"""Scanning and opening: everything that can lie in a folder, and what a user can ask for."""

from __future__ import annotations

import os
import threading
import zipfile
from concurrent.futures import Future
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dicom.objects import make_object, save
from tests.dicom.raw_objects import (
    ROWS,
    WRITERS,
    ct_slice,
    dicom_file,
    head,
    native_pixels,
    pixel_description,
)
from tests.dicom.test_dicomdir import directory
from xray_studio.core import reasons
from xray_studio.core.errors import NoPixelsError, UnreadableError, UsageError
from xray_studio.core.job import Cancelled, Progress, run
from xray_studio.core.study import Catalog
from xray_studio.core.workers import WorkerLostError, calls
from xray_studio.dicom.scan import headers
from xray_studio.services import open as opening
from xray_studio.services import reading
from xray_studio.services.open import open_paths, open_series, scan

WRITER = WRITERS["1.2.840.10008.1.2.1"]


def make_slices(folder: Path, count: int, **change: bytes) -> list[Path]:
    """Write slices 1 to `count` of one series; `change` replaces text in them."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(1, count + 1):
        data = ct_slice(number=number)
        data = data.replace(b"-1.5\\2\\3e1", b"-1.5\\2\\%-3d" % number)
        for old, new in change.items():
            data = data.replace(old.encode(), new)
        paths.append(folder / f"IM{number:04d}")
        paths[-1].write_bytes(data)
    return paths


def reasons_of(catalog: Catalog) -> dict[str, str]:
    return {Path(skipped.path).name: skipped.reason for skipped in catalog.skipped}


def test_few_files_need_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_slices(tmp_path, 10)
    monkeypatch.setattr(calls, "shared", lambda: pytest.fail("a process was started"))
    catalog = run(scan(tmp_path))
    (series,) = catalog.all_series()
    assert [i.instance_number for i in series.instances] == list(range(1, 11))


def test_many_files_are_read_apart_and_shown_on_the_way(tmp_path: Path) -> None:
    make_slices(tmp_path, 700)
    seen: list[Progress] = []
    catalog = run(scan([tmp_path]), seen.append)
    assert catalog.instances == 700
    partial = [p.partial.instances for p in seen if p.partial is not None]
    assert len(partial) >= 3
    assert partial == sorted(partial)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert (seen[-1].done, seen[-1].total) == (700, 700)


def test_every_kind_of_junk_is_skipped_with_a_reason(tmp_path: Path) -> None:
    make_slices(tmp_path, 2)
    (tmp_path / "text.dcm").write_text("no DICOM here")
    (tmp_path / "empty").touch()
    (tmp_path / "cut.dcm").write_bytes(ct_slice()[:300])
    (tmp_path / "zero.dcm").write_bytes(
        dicom_file(head() + pixel_description(rows=0) + native_pixels())
    )
    report = "1.2.840.10008.5.1.4.1.1.88.67"
    (tmp_path / "dose.dcm").write_bytes(dicom_file(head(sop_class=report), sop_class=report))
    (tmp_path / "copy.dcm").write_bytes((tmp_path / "IM0001").read_bytes())
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / ".hidden").write_text("x")
    catalog = run(scan(tmp_path))
    assert reasons_of(catalog) == {
        "text.dcm": reasons.NOT_A_PICTURE,
        "empty": reasons.EMPTY,
        "cut.dcm": reasons.CUT_SHORT,
        "zero.dcm": reasons.NO_SIZE,
        "copy.dcm": reasons.DUPLICATE,
        "pipe": reasons.NOT_A_FILE,
        "broken": reasons.LINK_TO_NOWHERE,
    }
    (document,) = [series for series in catalog.all_series() if series.is_document]
    assert document.paths == (str(tmp_path / "dose.dcm"),)
    assert (catalog.instances, document.frames) == (3, 0)


@pytest.mark.parametrize(("whole", "cut"), [("a.dcm", "b.dcm"), ("b.dcm", "a.dcm")])
def test_of_copies_the_whole_one_is_taken_whatever_its_name(
    tmp_path: Path, whole: str, cut: str
) -> None:
    save(make_object(np.full((64, 64), 7, np.uint16)), tmp_path / whole)
    data = (tmp_path / whole).read_bytes()
    (tmp_path / cut).write_bytes(data[:-3000])
    (tmp_path / "c.dcm").write_bytes(data)
    catalog = run(scan(tmp_path))
    (series,) = catalog.all_series()
    assert series.paths == (str(tmp_path / whole),)
    told = {Path(one.path).name: one for one in catalog.skipped}
    assert told[cut].reason == reasons.CUT_COPY
    assert told["c.dcm"].reason == reasons.DUPLICATE
    assert told[cut].told.endswith(f"; {whole} is taken")
    assert run(open_paths([tmp_path])).stored(0).min() == 7
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        for name in (whole, cut):
            archive.write(tmp_path / name, name)
    (series,) = run(scan(tmp_path / "both.zip")).all_series()
    assert Path(series.paths[0]).name == whole


def test_missing_paths_and_nothing_at_all(tmp_path: Path) -> None:
    catalog = run(scan([tmp_path / "gone"]))
    assert reasons_of(catalog) == {"gone": reasons.NOT_THERE}
    assert run(scan([])) == Catalog()
    assert run(scan(tmp_path)) == Catalog()


def test_files_that_vanish_between_finding_and_reading(tmp_path: Path) -> None:
    paths = make_slices(tmp_path, 60)
    job = scan(tmp_path)
    next(job)
    for path in paths:
        path.unlink(missing_ok=True)
    try:
        while True:
            next(job)
    except StopIteration as stop:
        catalog = stop.value
    assert catalog.instances + len(catalog.skipped) == 60


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xff\xfe")
    odd.write_bytes(ct_slice())
    make_slices(tmp_path, 40)
    catalog = run(scan(tmp_path))
    assert str(odd) in [path for s in catalog.all_series() for path in s.paths]


def test_a_folder_and_its_dicomdir_give_each_file_once(tmp_path: Path) -> None:
    make_slices(tmp_path / "A", 3)
    index = tmp_path / "DICOMDIR"
    index.write_bytes(directory("A\\IM0001", "A\\IM0002", "A\\IM0003"))
    for paths in (tmp_path, index, [index, tmp_path], [tmp_path, index]):
        catalog = run(scan(paths))
        assert (catalog.instances, catalog.skipped) == (3, ())


def test_a_dicomdir_gives_the_files_it_names(tmp_path: Path) -> None:
    make_slices(tmp_path / "A", 3)
    index = tmp_path / "DICOMDIR"
    index.write_bytes(directory("A\\IM0002", "A\\IM0009"))
    catalog = run(scan(index))
    assert [Path(p).name for s in catalog.all_series() for p in s.paths] == ["IM0002"]
    assert reasons_of(catalog) == {"IM0009": reasons.MISSING}


def test_a_damaged_dicomdir_gives_its_folder(tmp_path: Path) -> None:
    make_slices(tmp_path / "A", 3)
    whole = directory("A\\IM0001")
    index = tmp_path / "DICOMDIR"
    for length in range(200, len(whole), 40):
        index.write_bytes(whole[:length])
        assert run(scan(index)).instances in {0, 1, 3}
    index.write_bytes(directory())
    catalog = run(scan(index))
    assert (catalog.instances, reasons_of(catalog)) == (0, {"DICOMDIR": reasons.EMPTY_DIRECTORY})


@pytest.mark.parametrize("variant", ["", "-bigEnd", "-implicit", "-nooffset", "-nopatient",
                                     "-reordered"])  # fmt: skip
def test_real_directories(shared_data: Path, variant: str) -> None:
    catalog = run(scan(shared_data / "dicomdir" / f"DICOMDIR{variant}"))
    assert (catalog.instances, catalog.skipped) == (31, ())
    assert {patient.patient_id for patient in catalog.patients} == {"77654033", "98890234"}


def test_the_real_studies(shared_data: Path) -> None:
    catalog = run(scan(shared_data / "dicom"))
    assert catalog.instances == 29
    assert list(reasons_of(catalog).values()) == [reasons.DUPLICATE]
    (angiogram,) = [s for s in catalog.all_series() if s.modality == "XA" and s.frames > 1]
    assert (angiogram.frames, angiogram.angles) == (96, (-32.0, 2.0))
    assert round(angiogram.frame_rate or 0) == 30


def test_the_malformed_files(shared_data: Path) -> None:
    catalog = run(scan(shared_data / "malformed"))
    assert catalog.instances + len(catalog.skipped) == 34
    assert all(skipped.reason for skipped in catalog.skipped)
    assert reasons.GAVE_UP not in reasons_of(catalog).values()  # none takes too long


def test_pictures_join_the_catalogue(tmp_path: Path) -> None:
    picture = np.arange(64, dtype=np.uint8).reshape(8, 8)
    for number in (9, 10, 11):
        cv2.imwrite(str(tmp_path / f"frame{number}.png"), picture + number)
    cv2.imwrite(str(tmp_path / "photo.jpg"), np.zeros((10, 12, 3), np.uint8))
    (tmp_path / "noname").write_bytes((tmp_path / "photo.jpg").read_bytes())
    (tmp_path / "broken.png").write_bytes((tmp_path / "frame9.png").read_bytes()[:40])
    catalog = run(scan(tmp_path))
    sizes = sorted(len(series.instances) for series in catalog.all_series())
    assert sizes == [1, 1, 3]
    assert list(reasons_of(catalog)) == ["broken.png"]
    (frames,) = [s for s in catalog.all_series() if len(s.instances) == 3]
    assert [Path(path).name for path in frames.paths] == [f"frame{n}.png" for n in (9, 10, 11)]
    clip = run(open_series(frames))
    assert (len(clip), clip.rows, clip.columns) == (3, 8, 8)
    np.testing.assert_array_equal(clip.stored(1), picture + 10)


def test_videos_join_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 12.0, (64, 48))
    for _ in range(7):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    (tmp_path / "broken.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(40))
    catalog = run(scan(tmp_path))
    (series,) = catalog.all_series()
    assert (series.frames, series.frame_rate, series.instances[0].kind) == (7, 12.0, "video")
    assert list(reasons_of(catalog)) == ["broken.mp4"]
    assert len(run(open_paths(path))) == 7


def test_cancel_at_every_step_leaves_no_request_behind(tmp_path: Path) -> None:
    make_slices(tmp_path, 200)
    steps = 0
    while True:
        job = scan(tmp_path)
        try:
            for _ in range(steps + 1):
                next(job)
        except StopIteration:
            break
        job.close()
        assert all(future.cancelled() for *_, future, _ in list(calls.shared()._waiting))
        steps += 1
    assert steps >= 3


def test_cancel_by_event_is_prompt(tmp_path: Path) -> None:
    make_slices(tmp_path, 300)
    stop = threading.Event()
    with pytest.raises(Cancelled):
        run(scan(tmp_path), lambda _: stop.set(), stop)


def test_a_lost_worker_costs_one_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_slices(tmp_path, 3)
    start = reading.Task.start

    def fragile(paths: list[str]) -> headers.Batch:
        if any(path.endswith("IM0002") for path in paths):
            raise WorkerLostError("gone")
        return headers.read_headers(paths)

    monkeypatch.setattr(
        reading, "run_apart", lambda _function, paths, **_: lost_or_done(fragile, paths)
    )
    monkeypatch.setattr(reading.Task, "start", lambda task, **_: start(task, apart=True))
    catalog = run(scan(tmp_path))
    assert catalog.instances == 2
    assert reasons_of(catalog) == {"IM0002": reasons.GAVE_UP}


def lost_or_done(function: object, paths: list[str]) -> Future[headers.Batch]:
    future: Future[headers.Batch] = Future()
    try:
        future.set_result(function(paths))  # type: ignore[operator]  # a test double
    except WorkerLostError as error:
        future.set_exception(error)
    return future


def test_batches_that_end_early_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_slices(tmp_path, 12)
    monkeypatch.setattr(headers, "SECONDS_PER_BATCH", -1.0)
    assert run(scan(tmp_path)).instances == 12


def test_one_file_is_its_clip(tmp_path: Path) -> None:
    (path,) = make_slices(tmp_path, 1)
    clip = run(open_paths(path))
    assert (len(clip), clip.rows, clip.paths) == (1, ROWS, (str(path),))


def test_several_files_are_one_sequence_in_time_order(tmp_path: Path) -> None:
    paths = make_slices(tmp_path, 4)
    times = ["1003", "1001", "1002", "1000"]
    for path, moment in zip(paths, times, strict=True):
        path.write_bytes(path.read_bytes().replace(b"1015", moment.encode()))
    clip = run(open_paths(paths))
    assert [Path(path).name for path in clip.paths] == ["IM0004", "IM0002", "IM0003", "IM0001"]


def test_a_folder_of_pictures_is_one_sequence(tmp_path: Path) -> None:
    for number in (2, 10, 1):
        cv2.imwrite(str(tmp_path / f"f{number}.png"), np.full((6, 6), number, np.uint8))
    clip = run(open_paths(tmp_path))
    assert [int(clip.stored(i)[0, 0]) for i in range(3)] == [1, 2, 10]


def test_patients_are_never_mixed(tmp_path: Path) -> None:
    make_slices(tmp_path / "a", 2)
    make_slices(tmp_path / "b", 2, **{"ID-1": b"ID-2"})
    with pytest.raises(UsageError, match="different patients"):
        run(open_paths(tmp_path))
    assert len(run(scan(tmp_path)).patients) == 2


def test_files_that_name_nobody_are_mixed_only_within_one_study(tmp_path: Path) -> None:
    nobody = {"M\xfcller^Anna": b" " * 11, "ID-1": b"    "}
    for folder, study in (("a", b"1.2.3.4"), ("b", b"1.2.9.4")):
        for path in make_slices(tmp_path / folder, 2):
            data = path.read_bytes().replace(b"1.2.3.4", study)
            for old, new in nobody.items():
                data = data.replace(old.encode("latin-1"), new)
            path.write_bytes(data)
    with pytest.raises(UsageError, match="may show different people"):
        run(open_paths(tmp_path))
    assert len(run(open_paths(tmp_path / "a"))) == 2
    for path in (tmp_path / "a").iterdir():  # neither study nor series is told
        data = path.read_bytes().replace(b"1.2.3.4.5", b" " * 9).replace(b"1.2.3.4", b" " * 7)
        path.write_bytes(data)
    with pytest.raises(UsageError, match="may show different people"):
        run(open_paths(tmp_path / "a"))


def test_sizes_and_kinds_are_never_mixed(tmp_path: Path) -> None:
    make_slices(tmp_path / "a", 2)
    other = dicom_file(head(number=9) + pixel_description(rows=3) + native_pixels(size=36))
    (tmp_path / "a" / "other").write_bytes(other)
    with pytest.raises(UsageError, match="differ in size, from 6 x 3 to 6 x 4"):
        run(open_paths(tmp_path / "a"))


def test_nothing_to_open_says_why(tmp_path: Path) -> None:
    report = "1.2.840.10008.5.1.4.1.1.88.11"
    path = tmp_path / "report"
    path.write_bytes(dicom_file(head(sop_class=report), sop_class=report))
    with pytest.raises(NoPixelsError, match="a structured report"):
        run(open_paths(path))
    path.write_text("text")
    with pytest.raises(UnreadableError, match="not a picture or DICOM file"):
        run(open_paths(path))
    with pytest.raises(UnreadableError, match=r"opened: there is no such file or folder[.]$"):
        run(open_paths(tmp_path / "gone"))
    with pytest.raises(UnreadableError, match="no pictures"):
        run(open_paths([]))


def test_damaged_files_of_a_sequence_are_named_in_its_warnings(tmp_path: Path) -> None:
    make_slices(tmp_path, 3)
    (tmp_path / "IM0002").write_bytes(ct_slice()[:300])
    clip = run(open_paths(tmp_path))
    assert len(clip) == 2
    assert "1 damaged file is left out." in clip.acquisition.warnings


def test_messages_name_no_patient(tmp_path: Path) -> None:
    path = tmp_path / "Doe_Jane"
    path.write_bytes(ct_slice()[:300])
    with pytest.raises(UnreadableError) as caught:
        run(open_paths(path))
    assert "Doe" not in str(caught.value)


@given(
    st.lists(
        st.tuples(st.text("ab0123", min_size=1, max_size=4), st.binary(max_size=300)), max_size=8
    )
)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_folder(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, content in files:
        (folder / name).write_bytes(content)
    catalog = run(scan(folder))
    assert catalog.instances + len(catalog.skipped) == len({name for name, _ in files})


def test_a_segmentation_is_no_part_of_the_stack_it_belongs_to(tmp_path: Path) -> None:
    pixels = np.zeros((8, 8), np.uint8)
    study = {"StudyInstanceUID": "1.2.3", "StudyDate": "20260101"}
    image = make_object(pixels, SeriesInstanceUID="1.2.3.1", **study)
    mask = make_object(pixels, SeriesInstanceUID="1.2.3.2", **study)
    mask.SOPClassUID = opening.SEGMENTATION + "4"
    save(image, tmp_path / "image.dcm")
    path = save(mask, tmp_path / "mask.dcm")
    clip = run(open_paths([tmp_path]))
    assert clip.paths == (str(tmp_path / "image.dcm"),)
    assert "Segmentations beside the images" in clip.acquisition.warnings[-1]
    assert run(open_paths([path])).paths == (path,)


def test_several_series_in_one_sequence_are_told(tmp_path: Path) -> None:
    for number in (1, 2):
        pixels = np.full((4, 4), number, np.uint8)
        made = make_object(pixels, SeriesInstanceUID=f"1.2.3.{number}", StudyInstanceUID="1.2.3")
        save(made, tmp_path / f"{number}.dcm")
    clip = run(open_paths(tmp_path))
    assert "2 series stand in one sequence, in time order." in clip.acquisition.warnings
    alone = run(open_paths(tmp_path / "1.dcm"))
    assert not alone.acquisition.warnings
