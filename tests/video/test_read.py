"""Videos as clips: any frame, in any order, is the frame that playing through gives."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.video.probe import ffmpeg_frames, make, needs_ffmpeg
from tests.video.test_write import grey_pictures, write
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import Priority
from xray_studio.video import decoder as decoder_module
from xray_studio.video import index as index_module
from xray_studio.video.colour import to_array
from xray_studio.video.decoder import Decoder, read_frame
from xray_studio.video.index import FrameIndex, Target, frame_index, opened
from xray_studio.video.read import VideoHeader, open_video, read_video_header

KINDS = {
    "b-frames.mp4": ("-c:v", "libx264", "-g", "30", "-bf", "3"),
    "open-gop.mkv": ("-c:v", "libx264", "-x264-params", "open-gop=1:keyint=20:bframes=3"),
    "intra-refresh.mp4": ("-c:v", "libx264", "-x264-params", "intra-refresh=1:keyint=20"),
    "broadcast.ts": ("-c:v", "libx264", "-g", "25"),
    "no-time-stamps.h264": ("-c:v", "libx264", "-g", "25"),
    "program.mpg": ("-c:v", "mpeg2video", "-g", "12", "-bf", "2"),
    "old.avi": ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"),
    "web.webm": ("-c:v", "libvpx-vp9", "-g", "30", "-cpu-used", "8", "-deadline", "realtime"),
    "grey.mkv": ("-c:v", "ffv1", "-pix_fmt", "gray"),
    "deep.mkv": ("-c:v", "ffv1", "-pix_fmt", "gray12le"),
}


TARGET = Target(0, 0, None)


def everything(path: Path) -> np.ndarray:
    header = read_video_header(str(path))
    targets = [header.index.target(number) for number in range(header.shape[0])]
    return np.stack([read_frame(str(path), target, header.shape[1:]) for target in targets])


def unreadable(path: Path, header: VideoHeader) -> list[str]:
    told = []
    for number in range(header.shape[0]):
        try:
            read_frame(str(path), header.index.target(number), header.shape[1:])
        except UnreadableError as error:
            told.append(str(error))
    return told


@needs_ffmpeg
@pytest.mark.parametrize("name", [*KINDS])
def test_any_order_gives_the_same_frames(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / name, *KINDS[name], size="96x64")
    frames = everything(path)
    assert len(frames) == 100
    index, shape = read_video_header(str(path)).index, frames.shape[1:]
    order = random.Random(7).choices(range(100), k=60) + list(range(99, 60, -1))
    decoder = Decoder(str(path))
    for number in order:
        decoder._kept.clear()  # as if the frames decoded last did not fit any more
        decoder._kept_bytes = 0
        found = to_array(decoder.frame(index.target(number)), shape)
        np.testing.assert_array_equal(found, frames[number], err_msg=f"frame {number}")
        found = read_frame(str(path), index.target(number), shape)
        np.testing.assert_array_equal(found, frames[number], err_msg=f"frame {number}")
    decoder.close()


@needs_ffmpeg
@pytest.mark.parametrize("name", ["b-frames.mp4", "broadcast.ts", "program.mpg", "grey.mkv"])
def test_frames_are_sought_where_packets_do_not_tell_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = make(tmp_path / name, *KINDS[name], size="96x64")
    told = frame_index(str(path))
    monkeypatch.setattr(index_module, "index_of", lambda packets: None)
    assert frame_index(str(path)) == told
    assert told.keys


@needs_ffmpeg
@pytest.mark.parametrize("name", ["b-frames.mp4", "open-gop.mkv", "program.mpg", "grey.mkv"])
def test_frames_equal_those_of_ffmpeg(tmp_path: Path, name: str) -> None:
    frames = everything(make(tmp_path / name, *KINDS[name], size="96x64", seconds=2))
    wanted = ffmpeg_frames(tmp_path / name, frames.shape[1:])
    assert len(frames) == len(wanted)
    assert np.abs(frames.astype(int) - wanted).mean() < 0.5


def test_a_written_clip_comes_back(tmp_path: Path) -> None:
    starts = tuple(Fraction(x) for x in ("0", "0.1", "0.133", "0.2"))
    pictures = grey_pictures(4)
    path = write(tmp_path / "clip.mp4", pictures, starts=starts, end=Fraction("0.4"))
    clip = open_video(str(path))
    assert clip.source.shape == (4, 70, 92, 3)
    assert clip.timing.times == pytest.approx([float(x) for x in starts], abs=1e-4)
    assert (clip.timing.source, clip.is_colour, clip.acquisition.lossy) == (
        "video stream", True, True,
    )  # fmt: skip
    shown = clip.stored(2)
    assert np.ptp(shown, axis=2).max() == 0
    assert np.abs(shown[:, :91, 0].astype(int) - pictures[2]).mean() < 4


def test_a_source_travels_small_and_answers_as_a_future(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mp4", grey_pictures(30))
    source = open_video(str(path)).source
    again = pickle.loads(pickle.dumps(source))
    assert len(pickle.dumps(source)) < 4000
    futures = [again.request(number, Priority.BATCH) for number in range(30)]
    frames = [future.result() for future in futures]
    np.testing.assert_array_equal(frames[11], source.read(11))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_rotation_is_respected(tmp_path: Path, degrees: int) -> None:
    picture = np.zeros((32, 64), np.uint8)
    picture[:16, :32] = 250
    plain = write(tmp_path / "plain.mp4", [picture] * 2)
    turned = tmp_path / "turned.mp4"
    with av.open(str(plain)) as source, av.open(str(turned), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(degrees)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    shown = open_video(str(turned)).stored(0)[..., 0]
    np.testing.assert_array_equal(shown > 125, np.rot90(picture > 125, degrees // 90))


def test_real_interlaced_mpeg(shared_data: Path) -> None:
    path = shared_data / "video" / "mpeg2_720x480.mpeg"
    clip = open_video(str(path))
    assert clip.source.shape == (78, 480, 720, 3)
    assert clip.frame_rate == pytest.approx(30000 / 1001)
    assert clip.pixel_aspect == pytest.approx(9 / 8)
    forward = [clip.stored(number) for number in range(78)]
    for number in random.Random(3).sample(range(78), 30):
        np.testing.assert_array_equal(clip.stored(number), forward[number])


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a video")
    with pytest.raises(UnreadableError, match="not a video that can be read"):
        open_video(str(tmp_path / "text.mp4"))
    with pytest.raises(UnreadableError, match="does not exist"):
        open_video(str(tmp_path / "missing.mp4"))


def test_play_lists_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "clip.mp4", grey_pictures(2))
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile clip.mp4\n")
    with pytest.raises(UnreadableError, match="not a video that can be read"):
        open_video(str(tmp_path / "list.mp4"))


@needs_ffmpeg
@pytest.mark.parametrize("name", ["old.avi", "open-gop.mkv", "program.mpg", "broadcast.ts"])
@pytest.mark.parametrize("kept", [0.03, 0.5, 0.97])
def test_a_cut_video_plays_as_far_as_it_goes(tmp_path: Path, name: str, kept: float) -> None:
    path = make(tmp_path / name, *KINDS[name], size="96x64")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    try:
        header = read_video_header(str(path))
    except UnreadableError:
        return
    assert 0 < header.shape[0] <= 100
    assert len(unreadable(path, header)) <= 3


@needs_ffmpeg
def test_damaged_frames_are_told_and_the_rest_plays(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mkv", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", size="96x64")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 30_000] = bytes(30_000)
    path.write_bytes(data)
    header = read_video_header(str(path))
    told = unreadable(path, header)
    assert header.shape[0] - len(told) > 40
    assert all(message.endswith("of the video is damaged.") for message in told)


@needs_ffmpeg
def test_frames_that_are_kept_stay_within_their_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "clip.mp4", *KINDS["b-frames.mp4"], size="96x64")
    frame_bytes = sum(p.buffer_size for p in Decoder(str(path)).frame(TARGET).planes)
    monkeypatch.setattr(decoder_module, "_KEPT_BYTES", 5 * frame_bytes)
    index, decoder = read_video_header(str(path)).index, Decoder(str(path))
    for number in random.Random(2).choices(range(100), k=80):
        decoder.frame(index.target(number))
        assert decoder._kept_bytes == len(decoder._kept) * frame_bytes <= 5 * frame_bytes
    assert len(decoder._kept) == 5
    decoder.close()


@pytest.mark.parametrize(("size", "most"), [("3840x2160", 4), ("1920x1080", 16), ("96x64", 64)])
@needs_ffmpeg
def test_large_frames_have_fewer_threads_so_that_they_fit_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str, most: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    options = ("-c:v", "libx264", "-preset", "ultrafast", "-frames:v", "2")
    path = make(tmp_path / "large.mp4", *options, size=size, seconds=1)
    with opened(str(path)) as (_, stream):
        assert stream.codec_context.thread_count == most


def test_too_little_memory_closes_other_videos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [write(tmp_path / f"{number}.mp4", grey_pictures(3)) for number in range(2)]
    headers = [read_video_header(str(path)) for path in paths]
    read_frame(str(paths[0]), headers[0].index.target(1), headers[0].shape[1:])
    frame, tries = Decoder.frame, list[int]()

    def little(self: Decoder, target: Target) -> av.VideoFrame:
        tries.append(len(decoder_module._decoders))
        if len(tries) == 1:
            raise MemoryError
        return frame(self, target)

    monkeypatch.setattr(Decoder, "frame", little)
    read_frame(str(paths[1]), headers[1].index.target(2), headers[1].shape[1:])
    assert tries[1] == 1


def test_frames_without_time_stamps_are_counted() -> None:
    assert FrameIndex(3).target(2) == Target(2, 2, None)
