"""Videos become DICOM objects: bit for bit where they can, correct, whole or not at all."""

from __future__ import annotations

import errno
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_fragments

from tests.dicom.write.validator import errors_of
from tests.ui.studies import write_cine
from tests.video.hard_clips import CLIPS, FRAMES, Made, make
from tests.video.probe import needs_ffmpeg
from tests.video.probe import probe as ffprobe
from xray_studio.core.errors import StudioError, UnsupportedError, UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.output import Quality
from xray_studio.core.video.classes import Kind
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import Transcode, Wish
from xray_studio.core.video.syntaxes import HEVC_MAIN_10
from xray_studio.dicom.write.items import StreamItems
from xray_studio.services.api import export, validate
from xray_studio.services.api import open as open_clip
from xray_studio.services.to_dicom.linked import like
from xray_studio.services.to_dicom.look import preview
from xray_studio.services.to_dicom.request import Request, Written
from xray_studio.services.to_dicom.write import to_dicom, write
from xray_studio.video.probe import probe
from xray_studio.video.stream_bytes import frame_digests, stream_digests

WHO = Identity("P-1", "Mustermann^Erika", birth_date="19640812", sex="F")
KEPT = {
    "plain.mp4": "102", "plain.mov": "102", "plain.mkv": "102", "plain.avi": "102",
    "plain.ts": "102", "small.m2v.ts": "101", "interlaced.mpg": "100", "hevc.mp4": "107",
    "hevc_10_bit.mp4": "108", "two_views.mp4": "105",
}  # fmt: skip
OFTEN = (("g", "10"), ("keyint_min", "10"), ("sc_threshold", "0"), ("qp", "4"))
ENCODED = sorted(set(CLIPS) - set(KEPT))


def convert(video: Path, target: Path, wish: Wish | None = None, who: Identity = WHO) -> Written:
    return run(to_dicom(Request(video, target, who, wish or Wish(), overwrite=True)))


def stream_of(path: Path) -> Path:
    """Take the stream out of an object, with pydicom."""
    made = dcmread(path)
    parts = list(generate_fragments(made.PixelData))
    assert parts[0] == b""  # the offset table is empty
    stream = path.with_suffix(".mp4" if b"ftyp" in parts[1][:16] else ".ts")
    stream.write_bytes(b"".join(parts[1:]))
    return stream


def errors(path: Path) -> list[str]:
    (checked,) = validate(path)
    return [str(finding) for finding in checked.findings]


@pytest.mark.parametrize("name", KEPT)
def test_a_legal_stream_is_kept_bit_for_bit(hard_clips: Path, tmp_path: Path, name: str) -> None:
    video, target = hard_clips / name, tmp_path / "out.dcm"
    written = convert(video, target)
    made = dcmread(target)
    assert (written.plan.way.value, written.frames) == ("kept", FRAMES)
    assert made.file_meta.TransferSyntaxUID.rpartition(".")[2] == KEPT[name]
    assert made.NumberOfFrames == FRAMES
    stream = stream_of(target)
    assert stream_digests(str(stream)) == stream_digests(str(video))
    assert frame_digests(str(stream)) == frame_digests(str(video))
    assert errors(target) == []
    assert sorted(tmp_path.iterdir()) == sorted([target, stream])


@pytest.mark.parametrize("name", [name for name in KEPT if not name.startswith("hevc")])
def test_dciodvfy_finds_no_error(hard_clips: Path, tmp_path: Path, name: str) -> None:
    convert(hard_clips / name, tmp_path / "out.dcm")
    assert errors_of(tmp_path / "out.dcm") == set()


@needs_ffmpeg
@pytest.mark.parametrize("name", KEPT)
def test_ffprobe_agrees_about_the_stream(hard_clips: Path, tmp_path: Path, name: str) -> None:
    convert(hard_clips / name, tmp_path / "out.dcm")
    found, made = ffprobe(stream_of(tmp_path / "out.dcm")), CLIPS[name]
    assert (int(found["nb_read_frames"]), found["width"], found["height"]) == (FRAMES, *made.size)
    assert Fraction(found["avg_frame_rate"]) == made.rate


def test_what_an_object_says(hard_clips: Path, tmp_path: Path) -> None:
    who = replace(WHO, modality="ES", study_description="Koloskopie")
    convert(hard_clips / "interlaced.mpg", tmp_path / "out.dcm", who=who)
    made = dcmread(tmp_path / "out.dcm")
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.77.1.1.1"
    assert (made.Modality, made.SpecificCharacterSet) == ("ES", "ISO_IR 192")
    assert (made.PatientID, made.PatientName) == ("P-1", "Mustermann^Erika")
    assert made.StudyDescription == "Koloskopie"
    assert made.PhotometricInterpretation == "YBR_PARTIAL_420"
    assert (made.SamplesPerPixel, made.PlanarConfiguration, made.BitsStored) == (3, 0, 8)
    assert made.FrameIncrementPointer == 0x00181063
    assert made.ImageType == ["ORIGINAL", "PRIMARY"]
    assert (made.LossyImageCompression, made.LossyImageCompressionMethod) == ("01", "ISO_13818_2")
    assert float(made.LossyImageCompressionRatio) > 1
    assert len(made.AcquisitionContextSequence) == 0
    assert made.AnatomicRegionSequence[0].CodeMeaning == "Entire body"
    assert made.file_meta.ImplementationVersionName.startswith("XRAY_STUDIO")
    assert made.AccessionNumber == made.StudyID == ""  # nobody told, so nothing is told


@pytest.mark.parametrize(
    ("rate", "cine"),
    [(Fraction(24_000, 1001), 24), (Fraction(30_000, 1001), 30), (Fraction(60_000, 1001), 60)],
)
def test_rates_of_television_stay_in_new_streams(tmp_path: Path, rate: Fraction, cine: int) -> None:
    video = make(tmp_path / "clip.mkv", Made(rate=rate, frames=60))
    written = convert(video, tmp_path / "out.dcm", Wish(transcode=Transcode.ALWAYS))
    assert (written.plan.rate, written.frames) == (rate, 60)
    assert dcmread(tmp_path / "out.dcm").CineRate == cine
    assert probe(str(stream_of(tmp_path / "out.dcm"))).facts.rate == rate


@pytest.mark.parametrize(
    ("rate", "cine"),
    [(Fraction(24_000, 1001), 24), (Fraction(30_000, 1001), 30), (Fraction(60_000, 1001), 60)],
)
def test_rates_of_television_are_rounded_where_dicom_wants_it(
    tmp_path: Path, rate: Fraction, cine: int
) -> None:
    video = make(tmp_path / "clip.mkv", Made(rate=rate))  # which rounds time stamps to milliseconds
    convert(video, tmp_path / "out.dcm")
    made = dcmread(tmp_path / "out.dcm")
    assert made.CineRate == made.RecommendedDisplayFrameRate == cine
    assert len(made["FrameTime"].value.original_string) <= 16
    assert float(made.FrameTime) == pytest.approx(1000 / rate, abs=1e-6)
    assert probe(str(stream_of(tmp_path / "out.dcm"))).facts.rate == rate


def test_sound_and_metadata_stay_behind(hard_clips: Path, tmp_path: Path) -> None:
    convert(hard_clips / "plain.mov", tmp_path / "out.dcm")
    stream = stream_of(tmp_path / "out.dcm")
    found = probe(str(stream)).facts
    assert (found.sound, found.metadata) == ((), ())
    assert b"Mustermann^Max" not in stream.read_bytes()
    assert "MultiplexedAudioChannelsDescriptionCodeSequence" not in dcmread(tmp_path / "out.dcm")


@pytest.mark.parametrize("name", ["plain.mp4", "interlaced.mpg", "plain.ts"])
def test_sound_that_is_kept_is_described(hard_clips: Path, tmp_path: Path, name: str) -> None:
    convert(hard_clips / name, tmp_path / "out.dcm", Wish(keep_sound=True))
    (channel,) = dcmread(tmp_path / "out.dcm").MultiplexedAudioChannelsDescriptionCodeSequence
    assert (channel.ChannelIdentificationCode, channel.ChannelMode) == (1, "MONO")
    assert len(probe(str(stream_of(tmp_path / "out.dcm"))).facts.sound) == 1
    assert errors(tmp_path / "out.dcm") == []


def test_sound_comes_along_with_new_streams_and_parts(longer: Path, tmp_path: Path) -> None:
    video = make(
        tmp_path / "clip.mp4", Made(frames=50, size=(320, 240), sound="aac", options=OFTEN)
    )
    wish = Wish(keep_sound=True, transcode=Transcode.ALWAYS)
    convert(video, tmp_path / "out.dcm", wish)
    before, after = (heard(path) for path in (video, stream_of(tmp_path / "out.dcm")))
    assert after == pytest.approx(before, abs=0.05)
    wish = Wish(keep_sound=True, parts=True, largest_item=50_000)
    written = convert(video, tmp_path / "out.dcm", wish)
    assert len(written.targets) > 1
    parts = [heard(stream_of(target)) for target in written.targets]
    assert sum(parts) == pytest.approx(before, abs=0.05 * len(parts))
    assert len(stream_digests(str(video))) == sum(
        len(stream_digests(str(stream_of(target)))) for target in written.targets
    )


def test_metadata_that_is_asked_for(hard_clips: Path, tmp_path: Path) -> None:
    convert(hard_clips / "plain.mov", tmp_path / "out.dcm", Wish(keep_metadata=True))
    assert {"title", "comment"} <= set(probe(str(stream_of(tmp_path / "out.dcm"))).facts.metadata)


def heard(path: Path) -> float:
    """Return the seconds of sound in a file."""
    with av.open(str(path)) as file:
        return sum(frame.samples for frame in file.decode(audio=0)) / 48_000


@pytest.mark.parametrize("name", ENCODED)
def test_what_cannot_be_kept_is_encoded_anew(hard_clips: Path, tmp_path: Path, name: str) -> None:
    video, target = hard_clips / name, tmp_path / "out.dcm"
    written = convert(video, target)
    assert written.plan.way.value == "transcoded"
    made, clip, before = dcmread(target), open_clip(target), open_clip(video)
    assert made.ImageType[0] == "DERIVED"
    assert made.DerivationCodeSequence[0].CodeValue == "113040"
    assert len(clip) == made.NumberOfFrames == written.frames
    first = np.asarray(before[0], np.float32)
    first = first if first.ndim == 3 else np.repeat(first[..., None], 3, axis=2)
    shown = np.asarray(clip[0], np.float32)[: first.shape[0], : first.shape[1]]
    assert np.abs(shown - first).mean() < 12
    assert errors(target) == []


def test_ten_bits_are_kept_by_hevc(hard_clips: Path, tmp_path: Path) -> None:
    video, target = hard_clips / "ten_bit.mp4", tmp_path / "out.dcm"
    written = convert(video, target, Wish(syntax=HEVC_MAIN_10))
    assert (written.plan.way.value, written.plan.bits) == ("transcoded", 10)
    assert "encoded anew with HEVC Main 10" in written.plan.doing[0]
    made = dcmread(target)
    assert (made.BitsAllocated, made.BitsStored, made.HighBit) == (16, 10, 9)
    assert made.file_meta.TransferSyntaxUID == HEVC_MAIN_10
    before, after = (deep_luma(path) for path in (video, stream_of(target)))
    assert before.shape == after.shape
    assert np.abs(before - after).mean() < 8  # of 1,024 levels
    assert len(np.unique(after)) > 256
    told = convert(video, tmp_path / "usual.dcm").plan
    assert (told.bits, told.video_syntax is not None) == (8, True)
    assert "10 bits become 8 (--syntax hevc-10 keeps 10)." in told.doing


def deep_luma(path: Path) -> npt.NDArray[np.int32]:
    """Return the luma of the frames of a video, which has 10 bits."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(video=0)]
        rows = container.streams.video[0].height
    assert {frame.dtype for frame in frames} == {np.dtype(np.uint16)}
    return np.stack(frames)[:, :rows].astype(np.int32)


def test_unequal_distances_become_one_rate(hard_clips: Path, tmp_path: Path) -> None:
    written = convert(hard_clips / "variable.mp4", tmp_path / "out.dcm")
    assert written.plan.rate == 25
    assert written.frames == 27  # the last frame, of 1,020 ms, stands at 1,040 ms
    clip, before = open_clip(tmp_path / "out.dcm"), open_clip(hard_clips / "variable.mp4")
    late = np.asarray(before[8], np.float32)  # at 900 ms
    assert np.abs(np.asarray(clip[23], np.float32) - late).mean() < 12


def test_pictures_are_turned(hard_clips: Path, tmp_path: Path) -> None:
    convert(hard_clips / "rotated.mp4", tmp_path / "out.dcm")
    made = dcmread(tmp_path / "out.dcm")
    assert (made.Rows, made.Columns) == (64, 48)


def test_never_says_why(hard_clips: Path, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="unequally far apart"):
        convert(hard_clips / "variable.mp4", tmp_path / "out.dcm", Wish(transcode=Transcode.NEVER))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("syntax", ["", "jpeg-ls", "jpeg-2000", "rle", "explicit", "jpeg-lossless"])
@pytest.mark.parametrize("name", ["full_colour.mp4", "grey.mkv"])
def test_lossless_frames_are_those_of_the_video(
    hard_clips: Path, tmp_path: Path, name: str, syntax: str
) -> None:
    from xray_studio.services.to_dicom.syntax import syntax_named

    wish = Wish(quality=Quality.LOSSLESS, syntax=syntax_named(syntax) if syntax else "")
    convert(hard_clips / name, tmp_path / "out.dcm", wish)
    clip, before = open_clip(tmp_path / "out.dcm"), open_clip(hard_clips / name)
    made = dcmread(tmp_path / "out.dcm", stop_before_pixels=True)
    assert made.SOPClassUID.endswith(".7.2" if name == "grey.mkv" else ".7.4")
    assert made.LossyImageCompression == ("00" if name == "grey.mkv" else "01")
    assert len(clip) == len(before)
    for index in range(len(clip)):
        np.testing.assert_array_equal(np.asarray(clip[index]), np.asarray(before[index]))
    assert errors(tmp_path / "out.dcm") == []


def test_secondary_captures_for_dciodvfy(hard_clips: Path, tmp_path: Path) -> None:
    for name in ("plain.mp4", "grey.mkv", "variable.mp4"):
        convert(hard_clips / name, tmp_path / "out.dcm", Wish(kind=Kind.MULTIFRAME))
        assert errors_of(tmp_path / "out.dcm") == set()


@pytest.mark.parametrize("quality", [Quality.LOSSLESS, Quality.HIGH])
def test_films_that_are_stored_as_if_they_had_colours(tmp_path: Path, quality: Quality) -> None:
    source, video, target = source_of(tmp_path / "study"), tmp_path / "clip.mp4", tmp_path / "o.dcm"
    export(source, video)
    written = convert(video, target, Wish(kind=Kind.MULTIFRAME, quality=quality))
    clip, before = open_clip(target), open_clip(video)
    assert "No picture has a colour" in written.notes[-1]
    assert dcmread(target).SOPClassUID.endswith(".7.2")
    found, wanted = np.asarray(clip[3]), np.asarray(before[3])[..., 0]
    assert np.abs(found - wanted).max() <= (0 if quality is Quality.LOSSLESS else 12)
    assert errors(target) == []


def test_a_capture_keeps_the_moments_of_frames(hard_clips: Path, tmp_path: Path) -> None:
    convert(hard_clips / "variable.mp4", tmp_path / "out.dcm", Wish(kind=Kind.MULTIFRAME))
    made = dcmread(tmp_path / "out.dcm")
    assert made.FrameIncrementPointer == 0x00181065
    assert [float(step) for step in made.FrameTimeVector][:5] == [0, 40, 40, 40, 200]


@pytest.fixture(scope="module")
def longer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten groups of pictures, each of which decodes by itself."""
    made = Made(frames=100, size=(320, 240), options=OFTEN)
    return make(tmp_path_factory.mktemp("longer") / "clip.mp4", made)


def test_a_large_stream_lies_in_several_items(longer: Path, tmp_path: Path) -> None:
    written = convert(longer, tmp_path / "out.dcm", Wish(largest_item=4096))
    made = dcmread(tmp_path / "out.dcm")
    assert made.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.102.1"
    sizes = [len(part) for part in generate_fragments(made.PixelData)][1:]
    assert len(sizes) > 2
    assert set(sizes[:-1]) == {4096}
    assert stream_digests(str(stream_of(tmp_path / "out.dcm"))) == stream_digests(str(longer))
    assert errors(tmp_path / "out.dcm") == []
    assert written.frames == len(open_clip(tmp_path / "out.dcm")) == 100


def test_a_new_stream_that_became_large(longer: Path, tmp_path: Path) -> None:
    wish = Wish(largest_item=4096, transcode=Transcode.ALWAYS, keep_sound=False)
    written = convert(longer, tmp_path / "out.dcm", wish)
    assert written.plan.syntax == "1.2.840.10008.1.2.4.102.1"
    assert len(open_clip(tmp_path / "out.dcm")) == 100


def test_parts_play_alone(longer: Path, tmp_path: Path) -> None:
    wish, begun = Wish(largest_item=30_000, parts=True), datetime(2024, 5, 1, 10, 0, tzinfo=UTC)
    request = Request(longer, tmp_path / "out.dcm", WHO, wish, begun)
    written = run(to_dicom(request))
    assert len(written.targets) > 1
    assert written.targets[0].name == "out-1.dcm"
    every = [dcmread(target) for target in written.targets]
    assert sum(one.NumberOfFrames for one in every) == 100
    assert len({one.SeriesInstanceUID for one in every}) == 1
    assert [one.InstanceNumber for one in every] == list(range(1, len(every) + 1))
    assert all(one.file_meta.TransferSyntaxUID.endswith(".102") for one in every)
    moments = [datetime.strptime(one.AcquisitionDateTime, "%Y%m%d%H%M%S%z") for one in every]
    assert moments[0] == begun < moments[-1]
    frames = [
        digest for target in written.targets for digest in frame_digests(str(stream_of(target)))
    ]
    assert frames == frame_digests(str(longer))


def test_parts_that_cannot_be(hard_clips: Path, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="begins anew too seldom"):
        convert(hard_clips / "plain.mp4", tmp_path / "out.dcm", Wish(largest_item=2048, parts=True))
    assert list(tmp_path.iterdir()) == []


def source_of(folder: Path) -> Path:
    about = {"PatientName": "Doe^Jane", "PatientID": "PAT-1", "StudyInstanceUID": "1.2.3"}
    folder.mkdir()
    write_cine(folder / "run.dcm", 1, "LCA", about)
    return folder / "run.dcm"


@pytest.mark.parametrize("place", ["file", "folder"])
def test_an_export_comes_back_to_its_study(tmp_path: Path, place: str) -> None:
    source, video = source_of(tmp_path / "study"), tmp_path / "clip.mp4"
    export(source, video)
    assert (tmp_path / "clip.mp4.json").exists()
    who = run(like(source if place == "file" else source.parent, video))
    written = convert(video, tmp_path / "out.dcm", who=who)
    made, before = dcmread(tmp_path / "out.dcm"), dcmread(source)
    assert written.linked
    assert made.StudyInstanceUID == before.StudyInstanceUID
    assert made.PatientID == "PAT-1"
    assert made.SourceImageSequence[0].ReferencedSOPInstanceUID == before.SOPInstanceUID
    assert errors(tmp_path / "out.dcm") == []


def test_only_the_source_itself_is_referred_to(hard_clips: Path, tmp_path: Path) -> None:
    source, video = source_of(tmp_path / "study"), tmp_path / "clip.mp4"
    shutil.copy(hard_clips / "plain.mp4", video)
    written = convert(video, tmp_path / "out.dcm", who=run(like(source)))
    made = dcmread(tmp_path / "out.dcm")
    assert not written.linked
    assert "SourceImageSequence" not in made
    assert made.StudyInstanceUID == "1.2.3"
    export(source, tmp_path / "other.mp4")
    with (tmp_path / "other.mp4").open("ab") as file:
        file.write(b"\0" * 8)
    changed = convert(tmp_path / "other.mp4", tmp_path / "out.dcm", who=run(like(source)))
    assert not changed.linked
    assert "changed since" in changed.notes[0]


def test_when_it_was_recorded(tmp_path: Path) -> None:
    video, target = (
        make(tmp_path / "clip.mp4", Made(created="2024-05-01T10:20:30Z")),
        tmp_path / "o.dcm",
    )
    convert(video, target)
    made = dcmread(target)
    told = datetime(2024, 5, 1, 10, 20, 30, tzinfo=UTC)
    assert datetime.strptime(made.AcquisitionDateTime, "%Y%m%d%H%M%S%z") == told
    local = told.astimezone()
    assert made.StudyDate == made.ContentDate == made.AcquisitionDate == f"{local:%Y%m%d}"
    assert made.InstanceCreationDate > made.ContentDate
    convert(video, target, Wish(transcode=Transcode.ALWAYS))
    made = dcmread(target)
    assert made.ContentDate == made.InstanceCreationDate > made.AcquisitionDate
    said = datetime(2023, 1, 2, 3, 4, tzinfo=UTC)
    run(to_dicom(Request(video, target, WHO, acquired=said, overwrite=True)))
    assert datetime.strptime(dcmread(target).AcquisitionDateTime, "%Y%m%d%H%M%S%z") == said


def test_a_video_of_another_kind_in_a_study(hard_clips: Path, tmp_path: Path) -> None:
    who, target = replace(WHO, modality="CT", study_uid="1.2.3"), tmp_path / "out.dcm"
    convert(hard_clips / "plain.mp4", target, Wish(kind=Kind.PHOTOGRAPHIC), who)
    assert dcmread(target).Modality == "XC"
    convert(hard_clips / "plain.mp4", target, who=who)
    made = dcmread(target)
    assert (made.Modality, made.SOPClassUID) == ("CT", "1.2.840.10008.5.1.4.1.1.7.4")
    assert made.PhotometricInterpretation == "YBR_PARTIAL_420"


@pytest.mark.parametrize("modality", ["ES", "GM", "XC", "US", "XA"])
def test_dciodvfy_finds_no_error_in_any_class(
    hard_clips: Path, tmp_path: Path, modality: str
) -> None:
    who = replace(WHO, modality=modality, region=("71854001", "SCT", "Colon"))
    convert(hard_clips / "plain.mp4", tmp_path / "out.dcm", Wish(keep_sound=True), who)
    assert errors_of(tmp_path / "out.dcm") == set()
    assert errors(tmp_path / "out.dcm") == []


def test_missing_identity_is_never_invented(hard_clips: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Whose video"):
        convert(hard_clips / "plain.mp4", tmp_path / "out.dcm", who=Identity())


@pytest.mark.parametrize(
    "name", ["no_moov.mp4", "truncated.mp4", "sound_only.mp4", "no_frames.mp4", "text.mp4"]
)
def test_what_is_broken_leaves_nothing_behind(hard_clips: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError, match=r"\."):
        convert(hard_clips / name, tmp_path / "out.dcm")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("way", [Transcode.AUTO, Transcode.ALWAYS])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EIO, "the disk reports an error"),
        (errno.ENOENT, "its folder is no longer there"),
    ],
)
def test_a_disk_that_fails_leaves_the_old_file(
    hard_clips: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: Transcode,
    number: int,
    words: str,
) -> None:
    target = tmp_path / "out.dcm"
    target.write_bytes(b"old")

    def full(self: StreamItems, data: bytes) -> int:
        raise OSError(number, "told by the system")

    monkeypatch.setattr(StreamItems, "write", full)
    with pytest.raises(WriteError, match=words):
        convert(hard_clips / "plain.mp4", target, Wish(transcode=way))
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_drive_that_goes_away_is_told(longer: Path, tmp_path: Path) -> None:
    video, target = tmp_path / "clip.mp4", tmp_path / "out.dcm"
    shutil.copy(longer, video)
    seen = run(preview(Request(video, target, WHO)))
    with video.open("rb+") as file:
        file.truncate(video.stat().st_size // 2)
    with pytest.raises(StudioError, match=r"read only in part|not a video"):
        run(write(seen))
    assert list(tmp_path.iterdir()) == [video]


def test_stopping_leaves_nothing_behind(longer: Path, tmp_path: Path) -> None:
    wish = Wish(transcode=Transcode.ALWAYS)
    job = to_dicom(Request(longer, tmp_path / "out.dcm", WHO, wish))
    for progress in job:
        if progress.message == "Encoding" and progress.done > 3:
            break
    job.close()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced_unasked(hard_clips: Path, tmp_path: Path) -> None:
    video = tmp_path / "clip.dcm"
    shutil.copy(hard_clips / "plain.mp4", video)
    with pytest.raises(UsageError, match="originals are never changed"):
        run(to_dicom(Request(video, video, WHO, overwrite=True)))
    target = tmp_path / "out.dcm"
    target.write_bytes(b"old")
    with pytest.raises(WriteError, match="would be lost"):
        run(to_dicom(Request(hard_clips / "plain.mp4", target, WHO)))
    with pytest.raises(WriteError, match="does not exist"):
        run(to_dicom(Request(hard_clips / "plain.mp4", tmp_path / "gone" / "out.dcm", WHO)))


def test_real_mpeg2(shared_data: Path, tmp_path: Path) -> None:
    video, target = shared_data / "video" / "mpeg2_720x480.mpeg", tmp_path / "out.dcm"
    convert(video, target)
    made: Dataset = dcmread(target)
    assert made.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.100"
    assert (made.NumberOfFrames, made.CineRate) == (78, 30)
    assert list(made.PixelAspectRatio) == [9, 8]
    assert float(made.FrameTime) == pytest.approx(33.3667, abs=1e-4)
    stream = stream_of(target)
    assert stream_digests(str(stream)) == stream_digests(str(video))
    assert frame_digests(str(stream)) == frame_digests(str(video))
    assert errors(target) == []


def shots(folder: Path, *, deep: bool = False, suffix: str = "png") -> tuple[Path, ...]:
    """Write single pictures that differ."""
    folder.mkdir()
    ramp = np.arange(32 * 48).reshape(32, 48)
    for number in range(5):
        grey = (ramp * 40 + number).astype(np.uint16) if deep else (ramp % 200).astype(np.uint8)
        picture = grey if deep else np.stack([grey, grey + number * 9 + 9, grey], axis=-1)
        Image.fromarray(picture).save(folder / f"{number}.{suffix}")
    return tuple(sorted(folder.iterdir()))


@pytest.mark.parametrize("deep", [False, True])
def test_single_pictures_without_loss(tmp_path: Path, deep: bool) -> None:
    pictures, target = shots(tmp_path / "shots", deep=deep), tmp_path / "out.dcm"
    wish = Wish(quality=Quality.LOSSLESS)
    request = Request(
        pictures[0], target, WHO, wish, pictures=pictures, rate=Fraction(25, 2), overwrite=True
    )
    run(to_dicom(request))
    made, clip = dcmread(target, stop_before_pixels=True), open_clip(target)
    assert made.SOPClassUID.endswith(".7.3" if deep else ".7.4")
    assert (made.LossyImageCompression, float(made.FrameTime)) == ("00", 80.0)
    for number, picture in enumerate(pictures):
        np.testing.assert_array_equal(np.asarray(clip[number]), np.asarray(Image.open(picture)))
    assert errors(target) == []


def test_single_pictures_as_a_video(tmp_path: Path) -> None:
    pictures, target = shots(tmp_path / "shots", suffix="jpg"), tmp_path / "out.dcm"
    written = run(to_dicom(Request(pictures[0], target, WHO, pictures=pictures, rate=Fraction(10))))
    made = dcmread(target, stop_before_pixels=True)
    assert (written.frames, made.NumberOfFrames, made.Modality) == (5, 5, "XC")
    assert list(made.LossyImageCompressionMethod) == ["ISO_10918_1", "ISO_14496_10"]
    with pytest.raises(UsageError, match="--fps"):
        run(to_dicom(Request(pictures[0], tmp_path / "two.dcm", WHO, pictures=pictures)))
