"""Segments in files: every voxel comes back, and other programs find them where they are."""

from pathlib import Path

import highdicom
import nibabel
import numpy as np
import pydicom
import pytest
import SimpleITK
from skimage.draw import polygon2mask

from tests.dicom.write.validator import errors_of
from tests.services.segmenting.patients import GRIDS, SHAPE, marked, same, series, values
from tests.services.volume.series_objects import write_series
from xray_studio.core.errors import UnreadableError, UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Along, Volume
from xray_studio.dicom.clip import open_clip
from xray_studio.services.segmentations import read_segmentation, with_segments
from xray_studio.services.segmenting.opening import open_segments
from xray_studio.services.segmenting.saving import SUFFIXES, Form, Saving, form_of, save_segments
from xray_studio.services.segmenting.session import Segmenting, begun
from xray_studio.services.volume.convert import convert
from xray_studio.services.volume.open import open_volume
from xray_studio.volume.surface_files import read_surface

FILES = (Form.SEG, Form.RTSTRUCT, Form.NIFTI, Form.NRRD)


@pytest.fixture(scope="module", params=GRIDS)
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Segmenting:
    return marked(series(tmp_path_factory.mktemp("patient"), request.param))


def _saved(session: Segmenting, folder: Path, form: Form) -> Path:
    target = folder / f"marks{SUFFIXES[form]}"
    (made,) = run(save_segments(session.volume, session.labels, Saving(target, form)))
    assert made == target
    return made


@pytest.mark.parametrize("form", FILES)
def test_what_was_marked_comes_back(session: Segmenting, tmp_path: Path, form: Form) -> None:
    path = _saved(session, tmp_path, form)
    found = run(open_segments(path, session.volume)).labels
    if form is Form.RTSTRUCT:  # it has no word for the category
        assert np.array_equal(found.values, session.labels.values)
        assert [one.name for one in found.segments] == [one.name for one in session.segments]
    else:
        assert same(found, session.labels)
    colours = np.array([one.colour for one in found.segments])
    assert np.abs(colours - [one.colour for one in session.segments]).max() <= 1


def _places(points: np.ndarray) -> set[tuple[float, ...]]:
    return {tuple(point) for point in np.round(points, 2).tolist()}


def _own(session: Segmenting, number: int) -> set[tuple[float, ...]]:
    """Return where the voxels of a segment lie, in mm to a hundredth."""
    at = np.argwhere(session.labels.values == number)[:, ::-1]
    return _places(session.labels.geometry.points(at))


def test_highdicom_finds_every_voxel_where_it_is(session: Segmenting, tmp_path: Path) -> None:
    path = _saved(session, tmp_path, Form.SEG)
    assert errors_of(path) == set()
    found = highdicom.seg.segread(path)
    assert found.FrameOfReferenceUID == session.volume.frame_of_reference
    assert [one.segment_label for one in (found.get_segment_description(n) for n in (1, 2, 3))] == [
        one.name for one in session.segments
    ]
    known = {uid: at for at, (uid, _) in enumerate(session.volume.origins)}
    for frame, item in zip(
        np.atleast_3d(found.pixel_array), found.PerFrameFunctionalGroupsSequence, strict=True
    ):
        number = item.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        source = item.DerivationImageSequence[0].SourceImageSequence[0]
        plane = known[source.ReferencedSOPInstanceUID]
        assert np.array_equal(frame.astype(bool), session.labels.values[plane] == number)
        place = [float(x) for x in item.PlanePositionSequence[0].ImagePositionPatient]
        at = session.volume.geometry.points([(0, 0, plane)])[0]
        assert np.abs(at - place).max() < 1e-4


@pytest.mark.parametrize("name", ["straight", "oblique", "sagittal", "left-handed"])
def test_highdicom_lays_the_segments_into_the_patient(tmp_path: Path, name: str) -> None:
    session = marked(series(tmp_path, name))
    found = highdicom.seg.segread(_saved(session, tmp_path, Form.SEG))
    volume = found.get_volume(segment_numbers=[1, 2, 3], combine_segments=True)
    for number in (1, 2, 3):
        at = np.argwhere(volume.array == number)
        assert _places(volume.map_indices_to_reference(at)) == _own(session, number)


def test_itk_and_nibabel_find_the_labels_where_they_are(
    session: Segmenting, tmp_path: Path
) -> None:
    path = _saved(session, tmp_path, Form.NIFTI)
    image = nibabel.load(path)
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    assert np.abs(affine - session.volume.geometry.affine).max() < 1e-4
    assert np.array_equal(np.asarray(image.dataobj).T, session.labels.values)
    if not session.volume.geometry.is_straight:
        return  # ITK reads no askew NIfTI
    other = SimpleITK.ReadImage(path)
    assert np.array_equal(SimpleITK.GetArrayFromImage(other), session.labels.values)
    corner = [int(side) - 1 for side in other.GetSize()]
    at = session.volume.geometry.points([corner])[0]
    assert np.abs(at - other.TransformIndexToPhysicalPoint(corner)).max() < 1e-4


def test_itk_reads_the_nrrd_with_the_names_of_slicer(session: Segmenting, tmp_path: Path) -> None:
    image = SimpleITK.ReadImage(_saved(session, tmp_path, Form.NRRD))
    assert np.array_equal(SimpleITK.GetArrayFromImage(image), session.labels.values)
    assert image.GetMetaData("Segment1_Name") == "Neoplasm"
    assert "SCT^108369006^Neoplasm" in image.GetMetaData("Segment1_Tags")


def test_outlines_are_closed_and_lie_on_their_slices(session: Segmenting, tmp_path: Path) -> None:
    path = _saved(session, tmp_path, Form.RTSTRUCT)
    assert errors_of(path) == set()
    found = pydicom.dcmread(path)
    grid, number = session.volume.geometry, 0
    for roi in found.ROIContourSequence:
        drawn = np.zeros(grid.shape, bool)
        for contour in roi.ContourSequence:
            assert contour.ContourGeometricType == "CLOSED_PLANAR"
            points = np.array(contour.ContourData, float).reshape(-1, 3)
            assert len(points) == contour.NumberOfContourPoints
            at = grid.indices(points)
            source = contour.ContourImageSequence[0].ReferencedSOPInstanceUID
            plane = [uid for uid, _ in session.volume.origins].index(source)
            assert np.abs(at[:, 2] - plane).max() < 1e-3
            drawn[plane] ^= polygon2mask(grid.shape[1:], at[:, 1::-1])
        number = roi.ReferencedROINumber
        own = session.labels.values == number
        # skimage counts points on an edge as it likes, so a pixel of a channel may differ.
        assert 2 * (drawn & own).sum() / (drawn.sum() + own.sum()) > 0.98
    assert number == 3
    assert [one.ROIName for one in found.StructureSetROISequence] == [
        one.name for one in session.segments
    ]
    (frame,) = found.ReferencedFrameOfReferenceSequence
    assert frame.FrameOfReferenceUID == session.volume.frame_of_reference


def test_every_segment_gets_a_surface_where_it_lies(session: Segmenting, tmp_path: Path) -> None:
    saving = Saving(tmp_path / "marks.stl", Form.STL)
    files = run(save_segments(session.volume, session.labels, saving))
    assert [path.name for path in files] == [
        "marks-1-letter.stl", "marks-2-neoplasm.stl", "marks-3-specks.stl",
    ]  # fmt: skip
    for number, path in zip((1, 2), files, strict=False):
        vertices = read_surface(path).vertices
        at = np.argwhere(session.labels.values == number)[:, ::-1]
        points = session.labels.geometry.points(at)
        room = max(session.labels.geometry.spacing)
        assert (vertices.min(axis=0) >= points.min(axis=0) - room).all()
        assert (vertices.max(axis=0) <= points.max(axis=0) + room).all()
        assert np.abs(vertices.mean(axis=0) - points.mean(axis=0)).max() < 3 * room


def test_planes_that_are_missing_are_no_source(tmp_path: Path) -> None:
    series(tmp_path, "oblique")
    sorted((tmp_path / "ct").iterdir())[8].unlink()
    volume = run(open_volume(tmp_path / "ct"))
    assert len(volume.missing) == 1
    session = marked(volume)
    for form in (Form.SEG, Form.RTSTRUCT):
        path = _saved(session, tmp_path, form)
        assert errors_of(path) == set()
        found = run(open_segments(path, volume)).labels
        assert np.array_equal(found.values, session.labels.values)


def test_a_multi_frame_object_is_referred_to_frame_by_frame(tmp_path: Path) -> None:
    run(convert(series(tmp_path, "straight"), tmp_path / "whole.dcm"))
    session = marked(run(open_volume(tmp_path / "whole.dcm")))
    path = _saved(session, tmp_path, Form.SEG)
    assert errors_of(path) == set()
    for item in pydicom.dcmread(path).PerFrameFunctionalGroupsSequence:
        source = item.DerivationImageSequence[0].SourceImageSequence[0]
        place = item.PlanePositionSequence[0].ImagePositionPatient
        plane = session.volume.geometry.indices([[float(x) for x in place]])[0, 2]
        assert source.ReferencedFrameNumber == round(plane) + 1
    path = _saved(session, tmp_path, Form.RTSTRUCT)
    assert errors_of(path) == set()
    assert np.array_equal(
        run(open_segments(path, session.volume)).labels.values, session.labels.values
    )


def test_the_segments_lie_over_the_slices_in_the_window(tmp_path: Path) -> None:
    session = marked(series(tmp_path, "sagittal"))
    found = run(read_segmentation(_saved(session, tmp_path, Form.SEG)))
    clip = open_clip([str(path) for path in sorted((tmp_path / "ct").iterdir())])
    for layer in with_segments(clip, found).segments:
        for index, origin in enumerate(clip.origins):
            plane = session.volume.origins.index(origin)
            own = session.labels.values[plane] == layer.segment.number
            levels = layer.at(index)
            assert np.array_equal(own, np.zeros_like(own) if levels is None else levels > 0)


def test_a_moment_of_several_is_marked_on_its_own_slices(tmp_path: Path) -> None:
    values = np.arange(3 * 4 * 10 * 12, dtype=np.int16).reshape(3, 4, 10, 12)
    grid = VolumeGeometry((4, 10, 12), GRIDS["oblique"])
    along = Along("time", (0.0, 2.0, 4.0), "s")
    run(convert(Volume(values, grid, "MR", along=along), tmp_path / "mr"))
    whole = run(open_volume(tmp_path / "mr"))
    assert whole.moments == 3
    session = begun(whole.alone(1))
    session.add_segment()
    session.labels.values[2, 3:6, 4:8] = 1
    found = pydicom.dcmread(_saved(session, tmp_path, Form.SEG))
    (image,) = found.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    by_uid = {one.SOPInstanceUID: one for one in map(pydicom.dcmread, (tmp_path / "mr").iterdir())}
    source = by_uid[image.ReferencedSOPInstanceUID]
    assert np.array_equal(source.pixel_array, values[1, 2])


def test_the_labels_of_a_case_have_their_names(tmp_path: Path) -> None:
    grid = VolumeGeometry((4, 10, 12), GRIDS["oblique"])
    values = np.arange(4 * 10 * 12, dtype=np.int16).reshape(grid.shape)
    for name in ("t1", "flair"):
        run(convert(Volume(values, grid), tmp_path / f"Case_001_{name}.nii.gz"))
    marks = np.zeros(grid.shape, np.uint8)
    marks[1], marks[2, 3] = 2, 4
    run(convert(Volume(marks, grid), tmp_path / "Case_001_seg.nii.gz"))
    volume = run(open_volume(tmp_path / "Case_001_flair.nii.gz"))
    found = run(open_segments(tmp_path / "Case_001_seg.nii.gz", volume)).labels
    assert [(one.number, one.name) for one in found.segments] == [
        (2, "Oedema"), (4, "Enhancing tumour"),
    ]  # fmt: skip
    run(convert(Volume(values - 9, grid), tmp_path / "no.nii.gz"))
    with pytest.raises(UnreadableError, match="holds no label map"):
        run(open_segments(tmp_path / "no.nii.gz", volume))


def test_what_the_source_breaks_already_is_passed_on(tmp_path: Path) -> None:
    """Some MR scanners take the UID of the study for the frame of reference as well."""
    uid = pydicom.uid.generate_uid()
    made = Volume(values(), VolumeGeometry(SHAPE, GRIDS["oblique"]), "CT", "HU")
    write_series(tmp_path / "ct", made, StudyInstanceUID=uid, FrameOfReferenceUID=uid)
    session = marked(run(open_volume(tmp_path / "ct")))
    for form in (Form.SEG, Form.RTSTRUCT):
        found = run(open_segments(_saved(session, tmp_path, form), session.volume)).labels
        assert np.array_equal(found.values, session.labels.values)


@pytest.mark.parametrize("form", FILES)
def test_odd_names_come_back(tmp_path: Path, form: Form) -> None:
    session = begun(series(tmp_path, "straight"))
    session.add_segment("a\\b|c~d^e:=f\n#  \u2603 " + "x" * 80)
    session.labels.values[3:5, 4:9, 5:8] = 1
    (name,) = (one.name for one in session.segments)
    assert "\n" not in name
    found = run(open_segments(_saved(session, tmp_path, form), session.volume)).labels
    if form in {Form.SEG, Form.RTSTRUCT}:
        name = name.replace("\\", "/")[:64]
    assert [one.name for one in found.segments] == [name]
    assert np.array_equal(found.values, session.labels.values)


def test_what_cannot_be_saved_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    session = marked(series(tmp_path, "straight"))
    empty = begun(session.volume)
    empty.add_segment()
    target = tmp_path / "a.seg.dcm"
    with pytest.raises(UsageError, match="Nothing is marked"):
        run(save_segments(session.volume, empty.labels, Saving(target, Form.SEG)))
    nifti = _saved(session, tmp_path, Form.NIFTI)
    bare = marked(run(open_volume(nifti)))
    with pytest.raises(UsageError, match="refers to DICOM slices"):
        run(save_segments(bare.volume, bare.labels, Saving(target, Form.SEG)))
    with pytest.raises(WriteError, match="would be lost"):
        run(save_segments(session.volume, session.labels, Saving(nifti, Form.NIFTI)))
    job = save_segments(session.volume, session.labels, Saving(target, Form.SEG))
    next(job), next(job)
    job.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ct", "marks.nii.gz"]


def test_segments_of_other_patients_and_places_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    session = marked(series(tmp_path / "a", "straight"))
    other = series(tmp_path / "b", "oblique")
    for form, reason in (
        (Form.SEG, "frame of reference"), (Form.RTSTRUCT, "frame of reference"),
        (Form.NIFTI, "another grid"),
    ):  # fmt: skip
        path = _saved(session, tmp_path, form)
        with pytest.raises(UsageError, match=reason):
            run(open_segments(path, other))


def test_forms_are_told_by_the_end_of_names() -> None:
    ends = {"a.dcm": Form.SEG, "A.RTSTRUCT.dcm": Form.RTSTRUCT, "a.nii": Form.NIFTI, "a": None}
    assert {name: form_of(Path(name)) for name in ends} == ends
