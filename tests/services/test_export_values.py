"""Export of values: judged by NumPy, Zarr and nibabel, each opening what was written."""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import zarr
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, save
from tests.services.clips import UID, cine, moving
from xray_studio import open as xs_open
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError, UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.playback import Loop, Timing
from xray_studio.core.presentation import Overlay
from xray_studio.services.export import values as export_values
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.volume.zarr_store import end_threads

SUFFIXES = (".npz", ".zarr", ".nii", ".nii.gz")
AXIAL = [1, 0, 0, 0, 1, 0]
TIMES = (0.0, 0.05, 0.2, 0.3, 0.35, 0.5, 0.6, 0.7)


def values_in(path: Path) -> np.ndarray:
    """Return frames (n, rows, columns[, 3]) as another library reads them."""
    if path.suffix == ".npz":
        with np.load(path) as archive:
            return archive["values"]
    if path.suffix == ".zarr":
        try:
            return np.asarray(zarr.open_array(path / "values", mode="r"))
        finally:
            end_threads()
    voxels = np.asarray(nibabel.load(path).dataobj)
    if voxels.dtype.names:
        voxels = np.stack([voxels[name] for name in "RGB"])
        return np.moveaxis(voxels.reshape(*voxels.shape[:3], -1), (0, 1, 2, 3), (3, 2, 1, 0))
    flat = voxels.reshape(*voxels.shape[:2], -1, order="F")
    return np.moveaxis(flat, (0, 1, 2), (2, 1, 0))


def comment_of(path: Path) -> dict[str, Any]:
    image = nibabel.load(path)
    found: dict[str, Any] = json.loads(image.header.extensions[0].get_content())
    return found


def manifest(target: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(target.with_name(f"{target.name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("bits", "rescale", "kind"),
    [
        (12, Rescale(), np.uint16),
        (12, Rescale(1.0, -1024.0, "HU"), np.int16),
        (12, Rescale(0.1, 3.0, "ml"), np.float32),
    ],
)
def test_values_are_kept_exactly(
    tmp_path: Path, suffix: str, bits: int, rescale: Rescale, kind: type
) -> None:
    clip = cine(pixels=Pixels(bits=bits), modality=(rescale,))
    target = tmp_path / f"values{suffix}"
    result = run(export(clip, target, ExportOptions(frames=(2, 6))))
    found = values_in(target)
    assert found.dtype == kind
    np.testing.assert_array_equal(found, np.stack([clip[n] for n in range(2, 7)]).astype(kind))
    assert result.checked.frames == 5
    told = manifest(target)
    assert (told["frames"]["first"], told["frames"]["last"]) == (3, 7)
    assert told["output"]["unit"] == rescale.unit


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_colours_and_trimmed_clips(tmp_path: Path, suffix: str) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (4, 6, 10, 3)).astype(np.uint8)
    clip = cine(pictures, timing=Timing(15.0, "Cine Rate", start=1, stop=2))
    target = tmp_path / f"values{suffix}"
    run(export(clip, target))
    np.testing.assert_array_equal(values_in(target), pictures[1:3])


def test_the_keys_of_an_archive(tmp_path: Path) -> None:
    clip = cine(timing=Timing(15.0, "Frame Time Vector", TIMES))
    run(export(clip, tmp_path / "a.npz", ExportOptions(frames=(3, 5))))
    with np.load(tmp_path / "a.npz") as archive:
        assert archive["times"].tolist() == list(TIMES[3:6])
        assert archive["frames"].tolist() == [3, 4, 5]
        assert str(archive["times_source"]) == "frame times"
        assert np.isnan(archive["spacing"]).all()
        facts = json.loads(str(archive["facts"]))
    assert facts["modality"] == "XA"
    run(export(clip, tmp_path / "b.npz", ExportOptions(frames=(3, 5))))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_layout_of_a_store(tmp_path: Path) -> None:
    run(export(cine(timing=Timing(15.0, "Frame Time", TIMES)), tmp_path / "a.zarr"))
    try:
        group = zarr.open_group(tmp_path / "a.zarr", mode="r")
        assert group.metadata.zarr_format == 3
        assert group["values"].chunks == (1, 48, 64)
        assert group["values"].metadata.dimension_names == ("frame", "row", "column")
        assert np.asarray(group["times"]).tolist() == list(TIMES)
        assert group.attrs["times_unit"] == "s"
    finally:
        end_threads()
    names = {file["name"] for file in manifest(tmp_path / "a.zarr")["files"]}
    assert {"zarr.json", "values/zarr.json", "values/c/0/0/0"} <= names


def test_a_cine_in_nifti_has_its_frame_time(tmp_path: Path) -> None:
    times = tuple(0.04 * n for n in range(8))
    run(export(cine(timing=Timing(25.0, "Frame Time", times)), tmp_path / "a.nii.gz"))
    header = nibabel.load(tmp_path / "a.nii.gz").header
    assert header.get_data_shape() == (64, 48, 1, 8)
    assert header.get_zooms()[3] == pytest.approx(0.04)
    assert header.get_xyzt_units() == ("mm", "sec")
    assert (int(header["sform_code"]), int(header["qform_code"])) == (0, 0)
    told = comment_of(tmp_path / "a.nii.gz")
    assert (told["times"], told["frames"]) == (list(times), list(range(8)))


def slices(tmp_path: Path, heights: list[float], **more: Any) -> list[Path]:
    """Write a stack of axial slices; their values tell their number."""
    series, study = "1.2.826.0.1.3680043.8.498.1", "1.2.826.0.1.3680043.8.498.2"
    paths = []
    for number, height in enumerate(heights):
        dataset = make_object(
            np.full((6, 8), 100 * number, np.int16),
            SOPClassUID="1.2.840.10008.5.1.4.1.1.2",
            Modality="CT",
            SeriesInstanceUID=series,
            StudyInstanceUID=study,
            InstanceNumber=number + 1,
            ImageOrientationPatient=AXIAL,
            ImagePositionPatient=[-20, 7 + 0.2 * height, height],
            PixelSpacing=[0.5, 0.25],
            SliceThickness=1,
            BitsStored=12,
            HighBit=11,
            RescaleSlope=1,
            RescaleIntercept=-1024,
            AcquisitionDate="20261120",
            AcquisitionTime=f"1200{number:02}.5",
            **more,
        )
        paths.append(tmp_path / f"{number}.dcm")
        save(dataset, paths[-1])
    return paths


def test_a_stack_lies_in_the_patient(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    clip = xs_open(*slices(tmp_path / "in", [2.0 * n for n in range(5)]))
    result = run(export(clip, tmp_path / "a.nii"))
    assert "lie askew" in result.notes[0]
    image = nibabel.load(tmp_path / "a.nii")
    # LPS to RAS; the third column holds the tilt as well.
    wanted = [[-0.25, 0, 0, 20], [0, -0.5, -0.4, -7], [0, 0, 2, 0], [0, 0, 0, 1]]
    np.testing.assert_allclose(image.affine, wanted, atol=1e-6)
    assert image.get_data_dtype() == np.int16
    assert [int(v) for v in image.dataobj[0, 0, :]] == [100 * n - 1024 for n in range(5)]
    assert (int(image.header["sform_code"]), int(image.header["qform_code"])) == (1, 0)
    run(export(clip, tmp_path / "a.npz"))
    with np.load(tmp_path / "a.npz") as archive:
        assert archive["times"].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
        assert str(archive["times_source"]) == "acquisition times"
        assert str(archive["unit"]) == "HU"
        np.testing.assert_allclose(np.diag([-1, -1, 1, 1]) @ archive["affine"], wanted, atol=1e-9)


def test_uneven_slices_are_no_volume(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    clip = xs_open(*slices(tmp_path / "in", [0.0, 2.0, 5.0]))
    with pytest.raises(UsageError, match="do not lie evenly"):
        run(export(clip, tmp_path / "a.nii"))
    run(export(clip, tmp_path / "a.npz"))
    run(export(clip, tmp_path / "b.nii", ExportOptions(frames=(0, 1))))
    assert nibabel.load(tmp_path / "b.nii").shape == (8, 6, 2)


def test_an_enhanced_object_lies_where_its_frames_say(tmp_path: Path) -> None:
    frames = []
    for number in range(4):
        frame, plane, measures, way = Dataset(), Dataset(), Dataset(), Dataset()
        plane.ImagePositionPatient = [0, 0, -3 * number]
        way.ImageOrientationPatient = AXIAL
        measures.PixelSpacing = [2, 2]
        frame.PlanePositionSequence = [plane]
        frame.PlaneOrientationSequence = [way]
        frame.PixelMeasuresSequence = [measures]
        frames.append(frame)
    dataset = make_object(moving(4), PerFrameFunctionalGroupsSequence=frames)
    run(export(xs_open(save(dataset, tmp_path / "e.dcm")), tmp_path / "a.nii"))
    affine = nibabel.load(tmp_path / "a.nii").affine
    np.testing.assert_allclose(np.diag(affine), (-2, -2, -3, 1))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("overlay", [*Overlay])
def test_identity_is_inside_only_when_asked_for(
    tmp_path: Path, suffix: str, overlay: Overlay
) -> None:
    run(export(cine(), tmp_path / f"a{suffix}", ExportOptions(overlay=overlay)))
    whole = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    if suffix == ".nii.gz":
        whole += (tmp_path / "a.nii.gz").read_bytes()
        whole += json.dumps(comment_of(tmp_path / "a.nii.gz")).encode()
    if suffix == ".npz":  # text is UTF-32 there
        with np.load(tmp_path / "a.npz") as archive:
            whole += str(archive["facts"]).encode()
    for word in ("Phantom", "ID-4711", "1950", UID):
        assert (word.encode() in whole) == (overlay is Overlay.ALL)
    assert b"Test Hospital" not in whole


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_stopped_anywhere_nothing_stays_and_the_old_stands(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"a{suffix}"
    run(export(cine(), target))
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    steps = sum(1 for _ in export(cine(moving(3)), target))
    for stop in range(0, steps, 3):
        job = export(cine(moving(3) + 1), target)
        with contextlib.suppress(StopIteration):  # fewer steps: less to compare with
            for _ in range(stop):
                next(job)
        job.close()
        assert {p.name for p in tmp_path.iterdir()} == {target.name, f"{target.name}.json"}
    run(export(cine(), target))
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_damaged_frame_ends_the_export(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UnreadableError, match="Frame 6 cannot be read"):
        run(export(cine(bad=(5,)), tmp_path / f"a{suffix}"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_values_than_were_written_are_told(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = export_values.ValueExporter._writer

    def spoiled(self: Any, path: Path, spec: Any) -> Any:
        writer = real(self, path, spec)
        write = writer.write
        writer.write = lambda frame: write(frame + (1 if frame[0, 0] else 0))
        return writer

    monkeypatch.setattr(export_values.ValueExporter, "_writer", spoiled)
    with pytest.raises(WriteError, match="holds other values"):
        run(export(cine(), tmp_path / f"a{suffix}"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ExportOptions(rate=10.0),
        ExportOptions(real_time=True),
        ExportOptions(speed=2.0),
        ExportOptions(loop=Loop.PING_PONG),
        ExportOptions(size=(10, 10)),
    ],
)
def test_what_values_do_not_have_is_refused(tmp_path: Path, options: ExportOptions) -> None:
    with pytest.raises(UsageError, match="Values are written as they were acquired"):
        run(export(cine(), tmp_path / "a.npz", options))


def test_a_folder_that_is_no_store_of_ours_stays(tmp_path: Path) -> None:
    target = tmp_path / "a.zarr"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(WriteError, match="holds other files, which stay"):
        run(export(cine(), target, overwrite=True))


def test_real_series_are_volumes(shared_data: Path, tmp_path: Path) -> None:
    """Values and places are those that pydicom reads."""
    import pydicom

    path = shared_data / "dicom" / "pydicom_data__eCT_Supplemental.dcm"
    dataset = pydicom.dcmread(path)
    run(export(xs_open(path), tmp_path / "a.nii.gz"))
    image = nibabel.load(tmp_path / "a.nii.gz")
    macro = dataset.PerFrameFunctionalGroupsSequence[1]
    position = macro.PlanePositionSequence[0].ImagePositionPatient
    found = image.affine @ (0, 0, 1, 1)
    np.testing.assert_allclose(found[:3], np.array(position, float) * (-1, -1, 1), atol=1e-3)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    rescale = shared.PixelValueTransformationSequence[0]
    wanted = dataset.pixel_array[1] * float(rescale.RescaleSlope) + float(rescale.RescaleIntercept)
    np.testing.assert_array_equal(np.asarray(image.dataobj)[:, :, 1].T, wanted)


def test_vectors_of_real_loops_are_kept(shared_data: Path, tmp_path: Path) -> None:
    import pydicom

    path = shared_data / "dicom" / "stress_echo_I_000007.dcm"
    vector = [float(v) for v in pydicom.dcmread(path).FrameTimeVector]
    run(export(xs_open(path), tmp_path / "a.npz"))
    with np.load(tmp_path / "a.npz") as archive:
        np.testing.assert_allclose(archive["times"], np.cumsum([0.0, *vector[1:]]) / 1000.0)


_LONG = """
import sys
import resource
import numpy as np
from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.core.lut import Pixels
from xray_studio.services.export.run import export
from tests.services.clips import Frames
frames = np.broadcast_to(np.zeros((1024, 1024), np.uint16), (300, 1024, 1024))
run(export(Clip(Frames(frames[:2]), pixels=Pixels(12)), sys.argv[2] + "/small" + sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
run(export(Clip(Frames(frames), pixels=Pixels(12)), sys.argv[2] + "/long" + sys.argv[1]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("suffix", [".npz", ".zarr", ".nii.gz"])
def test_memory_does_not_grow_with_the_length(tmp_path: Path, suffix: str) -> None:
    assert resource.getpagesize() > 0
    words = [sys.executable, "-c", _LONG, suffix, str(tmp_path)]
    grown = subprocess.run(words, capture_output=True, text=True, check=True)
    assert int(grown.stdout) < 100  # MB; the frames are 600


def test_stills_of_several_kinds_do_not_pretend(tmp_path: Path) -> None:
    clip: Clip = replace(cine(), timing=Timing())
    run(export(clip, tmp_path / "a.npz"))
    with np.load(tmp_path / "a.npz") as archive:
        assert np.isnan(archive["times"]).all()
        assert str(archive["times_source"]) == "not told"
