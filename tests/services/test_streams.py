"""Objects with a video stream open, seek and play like any clip, whatever their stream is."""

from __future__ import annotations

import hashlib
import os
import random
import struct
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.dicom.video_objects import END, ITEM, save_video
from tests.video.probe import needs_ffmpeg
from tests.video.streams import COLUMNS, FRAMES, KINDS, ROWS, UIDS, USUAL, Kind, write_stream
from xray_studio import open as open_clip
from xray_studio.core.clip import Clip
from xray_studio.core.errors import NoPixelsError, StudioError, UnreadableError
from xray_studio.core.job import Progress, run
from xray_studio.core.video.syntaxes import LARGEST_ITEM
from xray_studio.services import streams as streams_module
from xray_studio.services.open import open_paths, scan
from xray_studio.services.thumbnails import thumbnail
from xray_studio.video.decoder import NOT_YET, Decoder
from xray_studio.video.place import CHANGED
from xray_studio.video.read import VideoSource, open_video

TS, ES = KINDS[7], KINDS[0]


@pytest.fixture(scope="session")
def streams(tmp_path_factory: pytest.TempPathFactory) -> dict[Kind, Path]:
    """A stream of every kind."""
    folder = tmp_path_factory.mktemp("streams")
    return {kind: write_stream(folder / kind.name, kind) for kind in KINDS}


@pytest.fixture
def usual(streams: dict[Kind, Path]) -> bytes:
    return streams[USUAL].read_bytes()


def opened(folder: Path, stream: bytes, kind: Kind = USUAL, **about: Any) -> Clip:
    return open_clip(save_video(folder / "video.dcm", stream, kind.syntax, **about))


def frames_of(clip: Clip) -> list[np.ndarray]:
    return [clip.stored(number) for number in range(len(clip))]


def source_of(clip: Clip) -> VideoSource:
    assert isinstance(clip.source, VideoSource)
    return clip.source


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_gives_the_frames_of_its_file(
    streams: dict[Kind, Path], tmp_path: Path, kind: Kind
) -> None:
    fragments = 3 if kind.syntax.endswith(".1") else 1
    clip = opened(tmp_path, streams[kind].read_bytes(), kind, fragments=fragments)
    file = open_video(str(streams[kind]))
    assert clip.source.shape == file.source.shape == (FRAMES, ROWS, COLUMNS, 3)
    assert (clip.frame_rate, clip.timing.source) == (25.0, "Cine Rate")
    assert (clip.acquisition.warnings, clip.acquisition.lossy) == ((), True)
    assert clip.acquisition.transfer_syntax == kind.syntax
    assert clip.identity.patient_name == "Test^Object"
    forward = frames_of(file)
    for number in [*range(FRAMES), *random.Random(5).choices(range(FRAMES), k=30)]:
        np.testing.assert_array_equal(clip.stored(number), forward[number])


@needs_ffmpeg
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_frames_have_the_hashes_that_ffmpeg_gives(
    streams: dict[Kind, Path], tmp_path: Path, kind: Kind
) -> None:
    source = source_of(opened(tmp_path, streams[kind].read_bytes(), kind))
    decoder = Decoder(source.place)
    found = []
    for number in range(FRAMES):
        planes = decoder.frame(source.header.index.target(number)).to_ndarray()
        found.append(hashlib.md5(planes.tobytes()).hexdigest())
    decoder.close()
    assert found == ffmpeg_hashes(streams[kind])


def ffmpeg_hashes(path: Path) -> list[str]:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vsync", "0", "-f", "framemd5", "-"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[-1] for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("fragments", [1, 2, 7, 400])
@pytest.mark.parametrize("table", ["empty", "filled"])
def test_fragments_and_offset_tables_make_no_difference(
    usual: bytes, tmp_path: Path, fragments: int, table: str
) -> None:
    clip = opened(tmp_path, usual, KINDS[6], fragments=fragments, table=table)
    whole = source_of(clip).place
    assert not isinstance(whole, str)
    assert whole.length in {len(usual), len(usual) + 1}
    assert (len(clip), clip.acquisition.warnings) == (FRAMES, ())
    np.testing.assert_array_equal(clip.stored(30), opened(tmp_path, usual).stored(30))


def test_a_byte_of_padding_is_left_out_where_the_length_is_told(
    streams: dict[Kind, Path], tmp_path: Path
) -> None:
    odd = streams[TS].read_bytes()
    odd += b"" if len(odd) % 2 else b"\xff"
    clip = opened(tmp_path, odd, TS, EncapsulatedPixelDataValueTotalLength=len(odd))
    place = source_of(clip).place
    assert not isinstance(place, str)
    assert (place.length, len(clip)) == (len(odd), FRAMES)


@pytest.mark.parametrize("frames", [1, 2, 3])
@pytest.mark.parametrize("kind", [USUAL, TS, ES, KINDS[16]], ids=lambda kind: kind.name)
def test_few_frames_are_a_stream_as_well(tmp_path: Path, kind: Kind, frames: int) -> None:
    stream = write_stream(tmp_path / "short", kind, frames).read_bytes()
    clip = opened(tmp_path, stream, kind, NumberOfFrames=frames)
    assert (len(clip), clip.acquisition.warnings) == (frames, ())
    assert np.ptp(clip.stored(frames - 1)) > 100


def test_sound_is_left_out(tmp_path: Path) -> None:
    stream = write_stream(tmp_path / "sound.ts", TS, sound=True)
    assert len(av.open(str(stream)).streams.audio) == 1
    clip = opened(tmp_path, stream.read_bytes(), TS)
    assert (len(clip), clip.acquisition.warnings) == (FRAMES, ())


def test_the_rate_of_the_stream_counts_where_the_object_tells_none(
    usual: bytes, tmp_path: Path
) -> None:
    silent = {"CineRate": None, "FrameTime": None, "FrameIncrementPointer": None}
    timing = opened(tmp_path, usual, **silent).timing
    assert (timing.rate, timing.source) == (25.0, "video stream")
    assert timing.times[-1] == pytest.approx((FRAMES - 1) / 25)


DISAGREEMENTS = {
    "fewer": ({"NumberOfFrames": 50}, "says 50 frames; its video stream holds 40, which are shown"),
    "more": ({"NumberOfFrames": 1}, "says 1 frame; its video stream holds 40, which are shown"),
    "none": ({"NumberOfFrames": None}, "does not say how many frames it has; its video stream"),
    "size": ({"Rows": 48, "Columns": 64}, "says 64 x 48 pixels; its video stream has 128 x 96"),
    "rate": ({"FrameTime": 20.0}, "says 50 frames per second; its video stream says 25"),
    "grey": (
        {"PhotometricInterpretation": "MONOCHROME2", "SamplesPerPixel": 1},
        "MONOCHROME2 with a video stream; it is shown in colour",
    ),
}


@pytest.mark.parametrize("what", DISAGREEMENTS)
def test_the_stream_counts_where_the_object_disagrees(
    usual: bytes, tmp_path: Path, what: str
) -> None:
    attributes, told = DISAGREEMENTS[what]
    clip = opened(tmp_path, usual, **attributes)
    (warning,) = clip.acquisition.warnings
    assert told in warning
    assert clip.source.shape == (FRAMES, ROWS, COLUMNS, 3)
    assert len(clip.timing.times) == FRAMES
    np.testing.assert_array_equal(clip.stored(20), opened(tmp_path, usual).stored(20))


@pytest.mark.parametrize(("kind", "told"), [(ES, "MPEG2"), (KINDS[15], "HEVC")])
def test_a_stream_is_played_as_what_it_is(
    streams: dict[Kind, Path], tmp_path: Path, kind: Kind, told: str
) -> None:
    clip = opened(tmp_path, streams[kind].read_bytes())  # as if it were H.264
    (warning,) = clip.acquisition.warnings
    assert warning.startswith(f"The transfer syntax says H.264; the video stream is {told}")
    np.testing.assert_array_equal(clip.stored(9), open_video(str(streams[kind])).stored(9))


def without_frames(path: Path) -> bytes:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = COLUMNS, ROWS, "yuv420p"
        container.start_encoding()
    return path.read_bytes()


def only_sound(path: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1", str(path)]
    subprocess.run(command, check=True)
    return path.read_bytes()


def encrypted(path: Path, stream: bytes) -> bytes:
    (path.parent / "plain.mp4").write_bytes(stream)
    command = ["ffmpeg", "-v", "error", "-i", str(path.parent / "plain.mp4"), "-c", "copy"]
    key = ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "7" * 32]
    subprocess.run([*command, *key, "-encryption_kid", "a" * 32, str(path)], check=True)
    return path.read_bytes()


def test_what_is_no_stream_is_said(usual: bytes, tmp_path: Path) -> None:
    list_of_others = f"#EXTM3U\n#EXTINF:10,\nfile://{tmp_path}/video.mp4\n#EXT-X-ENDLIST\n"
    (tmp_path / "video.mp4").write_bytes(usual)
    for wrong, told in (
        (os.urandom(100_000), "not a video that can be read"),
        (b"hello " * 1000, "not a video that can be read"),
        (usual[: len(usual) // 2], "not a video that can be read"),
        (list_of_others.encode(), "not a video that can be read"),
        (b"ffconcat version 1.0\nfile video.mp4\n", "not a video that can be read"),
        (without_frames(tmp_path / "none.mp4"), "no moving pictures"),
    ):
        with pytest.raises(UnreadableError, match=told) as error:
            opened(tmp_path, wrong)
        assert str(error.value).startswith("The video stream of the object cannot be played: ")
    with pytest.raises(NoPixelsError, match="no pixel data"):
        opened(tmp_path, b"")


@needs_ffmpeg
def test_sound_alone_and_encrypted_streams_are_said(usual: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no moving pictures"):
        opened(tmp_path, only_sound(tmp_path / "sound.mp4"))
    with pytest.raises(UnreadableError, match="the video is encrypted"):
        opened(tmp_path, encrypted(tmp_path / "encrypted.mp4", usual))


@pytest.mark.parametrize("kind", [USUAL, TS, ES], ids=lambda kind: kind.container)
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.9])
def test_a_file_that_is_cut_short_plays_as_far_as_it_goes(
    streams: dict[Kind, Path], tmp_path: Path, kind: Kind, kept: float
) -> None:
    stream = streams[kind].read_bytes()
    path = Path(save_video(tmp_path / "video.dcm", stream, kind.syntax))
    whole = frames_of(open_clip(path))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - round(len(stream) * (1 - kept))])
    try:
        clip = open_clip(path)
    except UnreadableError as error:
        assert str(error).startswith("The file is cut short")  # noqa: PT017 - it may play as well
        return
    assert "The file is cut short: the end of its video stream is missing." in (
        clip.acquisition.warnings
    )
    assert len(clip) < FRAMES
    for number in range(len(clip) - 4):  # the last ones refer to one that is not whole
        np.testing.assert_array_equal(clip.stored(number), whole[number])


def test_an_object_that_changed_is_not_read_on(usual: bytes, tmp_path: Path) -> None:
    clip = opened(tmp_path, usual)
    clip.stored(3)
    path = Path(clip.paths[0])
    path.write_bytes(path.read_bytes() + b"\0\0")
    with pytest.raises(StudioError, match=CHANGED):
        clip.stored(4)


def test_several_objects_are_one_sequence(usual: bytes, tmp_path: Path) -> None:
    study = {"StudyInstanceUID": f"{UIDS}1", "SeriesInstanceUID": f"{UIDS}2"}
    for number, frames in enumerate((FRAMES, FRAMES + 9)):
        about = study | {"NumberOfFrames": frames, "InstanceNumber": number + 1}
        save_video(tmp_path / f"{number}.dcm", usual, **about)
    clip = open_clip(tmp_path)
    assert len(clip) == 2 * FRAMES
    np.testing.assert_array_equal(clip.stored(FRAMES + 7), clip.stored(7))


def test_real_interlaced_frames_are_those_of_the_file(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "video" / "mpeg2_720x480.mpeg"
    about = {"Rows": 480, "Columns": 720, "NumberOfFrames": 78, "CineRate": 30}
    clip = opened(tmp_path, file.read_bytes(), ES, FrameTime=33.367, **about)
    shown = open_video(str(file))
    assert clip.source.shape == (78, 480, 720, 3)
    assert clip.acquisition.warnings == ()
    assert clip.pixel_aspect == pytest.approx(9 / 8)
    for number in random.Random(3).sample(range(78), 25):
        np.testing.assert_array_equal(clip.stored(number), shown.stored(number))


def test_a_long_stream_is_shown_before_it_is_read_through(
    usual: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_video(tmp_path / "video.dcm", usual)
    whole = open_clip(path)
    monkeypatch.setattr(streams_module, "SHORT", 0)
    monkeypatch.setattr(streams_module, "REACH", 10)
    begun: list[Clip] = []
    told = run(open_paths([path]), lambda p: begun.append(p.partial) if is_clip(p) else None)
    (first,) = begun
    assert (len(first), len(told)) == (FRAMES, FRAMES)
    assert (source_of(first).provisional, source_of(told).provisional) == (True, False)
    assert first.acquisition.warnings == (streams_module.ON_ITS_WAY,)
    assert told.acquisition.warnings == ()
    for number in (0, 7, 3, 12, 1):  # each within reach of the start, or of the one before
        np.testing.assert_array_equal(first.stored(number), whole.stored(number))
    with pytest.raises(UnreadableError, match=NOT_YET):
        first.stored(35)
    np.testing.assert_array_equal(told.stored(35), whole.stored(35))


def is_clip(progress: Progress) -> bool:
    return isinstance(progress.partial, Clip)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_thumbnail_of_a_long_stream_needs_no_index(
    streams: dict[Kind, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    path = save_video(tmp_path / "video.dcm", streams[kind].read_bytes(), kind.syntax)
    monkeypatch.setattr(streams_module, "SHORT", 0)
    monkeypatch.setattr(streams_module, "_read_through", None)
    (series,) = run(scan([path])).all_series()
    picture = run(thumbnail(series))
    assert picture.shape == (128, 128, 3)
    assert np.ptp(picture) > 100


def test_a_stream_beyond_four_gigabytes_is_read_in_place(tmp_path: Path) -> None:
    """Two items, of which the file keeps only what is no zero; the index lies behind all."""
    stream = write_stream(tmp_path / "a.mp4").read_bytes()
    moov = stream.rindex(b"moov") - 4
    empty = (5 << 30) + 1
    gap = struct.pack(">I4sQ", 1, b"free", empty)  # a box that is skipped
    head, rest = stream[:moov] + gap, stream[moov:]
    total = len(head) + empty - len(gap) + len(rest)
    first = LARGEST_ITEM // 2 * 2
    path = Path(save_video(tmp_path / "long.dcm", b"", KINDS[6].syntax))
    begin = path.read_bytes()[: -len(END)]
    with path.open("wb") as file:
        file.write(begin + ITEM + struct.pack("<I", first) + head)
        file.seek(len(begin) + 8 + first)
        file.write(ITEM + struct.pack("<I", total - first + total % 2))
        file.seek(len(begin) + 16 + total - len(rest))
        file.write(rest + b"\0" * (total % 2) + END)
    assert path.stat().st_size > 5 << 30
    clip = open_clip(path)
    assert (len(clip), clip.acquisition.warnings) == (FRAMES, ())
    file_clip = open_video(str(tmp_path / "a.mp4"))
    for number in (0, 33, 7):
        np.testing.assert_array_equal(clip.stored(number), file_clip.stored(number))


PATCHES = ((200, 40, 40), (40, 190, 60), (50, 60, 210), (128, 128, 128), (235, 220, 30), (5, 5, 5))


@needs_ffmpeg
@pytest.mark.parametrize("matrix", ["bt709", "smpte170m", "untold"])
@pytest.mark.parametrize("levels", ["tv", "pc"])
@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg2video"])
def test_colours_are_those_that_went_in(
    tmp_path: Path, matrix: str, levels: str, codec: str
) -> None:
    """The stream's own matrix and range count; a small one that tells none is BT.601."""
    if codec == "mpeg2video" and levels == "pc":
        pytest.skip("MPEG2 has levels 16 to 235 alone")
    picture = np.repeat(np.repeat(np.array([PATCHES], np.uint8), 64, axis=0), 64, axis=1)
    rows, columns, _ = picture.shape
    how = "bt601" if matrix == "untold" else matrix
    told = [] if matrix == "untold" else ["-colorspace", matrix]
    size = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{columns}x{rows}", "-r", "25"]
    scale = f"scale=out_color_matrix={how}:out_range={levels}"
    coding = ["-vf", scale, *told, "-color_range", levels, "-c:v", codec, "-pix_fmt", "yuv420p"]
    finer = ["-x265-params", "log-level=none"] if codec == "libx265" else []
    finer += ["-qscale:v", "2"] if codec == "mpeg2video" else ["-crf", "8"]
    path = tmp_path / "colours.ts"
    command = ["ffmpeg", "-v", "error", *size, "-i", "-", *coding, *finer, str(path)]
    subprocess.run(command, input=picture.tobytes() * 20, check=True)
    about = {"Rows": rows, "Columns": columns, "NumberOfFrames": 20}
    shown = opened(tmp_path, path.read_bytes(), TS, **about).stored(11)
    for place, colour in enumerate(PATCHES):
        middle = shown[20:44, 64 * place + 20 : 64 * place + 44].reshape(-1, 3).astype(float)
        assert np.abs(middle.mean(axis=0) - colour).max() <= 4, (matrix, levels, colour)
