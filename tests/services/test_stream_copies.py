"""What is made of objects with a video stream: copies keep it, the rest is of decoded frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pydicom
import pytest

import xray_studio as xs
from tests.dicom.video_objects import save_video
from tests.video.streams import COLUMNS, FRAMES, KINDS, ROWS, USUAL, Kind, write_stream
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.services.export.run import KEPT
from xray_studio.video.place import Place
from xray_studio.video.probe import probe
from xray_studio.video.read import VideoSource
from xray_studio.video.stream_bytes import stream_sum

IN_FRAGMENTS = KINDS[6]
TS = KINDS[7]


def video(folder: Path, kind: Kind = USUAL, **about: Any) -> Path:
    stream = write_stream(folder / "stream", kind).read_bytes()
    return Path(save_video(folder / "video.dcm", stream, kind.syntax, **about))


def stream_of(path: Path) -> bytes:
    data: bytes = pydicom.dcmread(path).PixelData
    return data


@pytest.mark.parametrize(("kind", "fragments"), [(USUAL, 1), (IN_FRAGMENTS, 3), (TS, 1)])
@pytest.mark.parametrize("table", ["empty", "filled"])
def test_a_copy_keeps_the_stream_bit_for_bit(
    tmp_path: Path, kind: Kind, fragments: int, table: str
) -> None:
    source = video(tmp_path, kind, fragments=fragments, table=table, CompletionFlag="COMPLETE")
    xs.export(source, tmp_path / "copy.dcm")
    assert stream_of(tmp_path / "copy.dcm") == stream_of(source)
    old, new = pydicom.dcmread(source), pydicom.dcmread(tmp_path / "copy.dcm")
    assert new.SOPInstanceUID == old.SOPInstanceUID
    assert new.file_meta.TransferSyntaxUID == kind.syntax


def test_what_a_copy_loses_nothing_of_is_not_written_of_half_a_file(tmp_path: Path) -> None:
    source = video(tmp_path, TS)
    source.write_bytes(source.read_bytes()[:-9000])
    with pytest.raises(UsageError, match="no whole copy of its video stream"):
        xs.export(source, tmp_path / "copy.dcm")
    assert not (tmp_path / "copy.dcm").exists()
    count = len(xs.open(source))
    xs.export(source, tmp_path / "frames.dcm", frames=(0, count - 5))
    assert len(xs.open(tmp_path / "frames.dcm")) == count - 4


@pytest.mark.parametrize("syntax", ["", "jpeg-ls"])
def test_some_frames_are_decoded_without_more_loss(tmp_path: Path, syntax: str) -> None:
    source = video(tmp_path)
    xs.export(source, tmp_path / "some.dcm", frames=(5, 9), syntax=syntax)
    clip, made = xs.open(source), xs.open(tmp_path / "some.dcm")
    assert made.source.shape == (5, ROWS, COLUMNS, 3)
    for number in range(5):
        np.testing.assert_array_equal(made.stored(number), clip.stored(5 + number))
    told = pydicom.dcmread(tmp_path / "some.dcm", stop_before_pixels=True)
    assert told.LossyImageCompression == "01"
    assert told.DerivationDescription.endswith("Frames of a video stream, each on its own")
    assert "DerivationCodeSequence" not in told
    assert (made.frame_rate, made.timing.source) == (25.0, "Cine Rate")


def test_masks_are_drawn_into_decoded_frames(tmp_path: Path) -> None:
    source = video(tmp_path)
    xs.export(source, tmp_path / "masked.dcm", masks=[(4, 6, 30, 20)])
    clip, made = xs.open(source), xs.open(tmp_path / "masked.dcm")
    for number in (0, 17):
        wanted = clip.stored(number).copy()
        wanted[6:26, 4:34] = 0
        np.testing.assert_array_equal(made.stored(number), wanted)


def test_processed_frames_are_those_that_the_stream_holds(tmp_path: Path) -> None:
    source = video(tmp_path, NumberOfFrames=FRAMES + 3, Rows=ROWS // 2)
    xs.process(source, tmp_path / "made.dcm", "gaussian:sigma=1")
    wanted, made = xs.open(source).process("gaussian:sigma=1"), xs.open(tmp_path / "made.dcm")
    assert made.source.shape == (FRAMES, ROWS, COLUMNS, 3)
    np.testing.assert_array_equal(made.stored(21), wanted.stored(21))


def test_pictures_as_shown_become_a_capture(tmp_path: Path) -> None:
    source = video(tmp_path)
    xs.export(source, tmp_path / "shown.dcm", shown=True, frames=(3, 6))
    np.testing.assert_array_equal(
        xs.open(tmp_path / "shown.dcm").stored(1), xs.open(source).stored(4)
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_copy_without_identity_keeps_the_pictures_bit_for_bit(tmp_path: Path, kind: Kind) -> None:
    source = video(tmp_path, kind, PatientName="Doe^Jane", PatientComments="Jane")
    result = xs.deidentify(source, tmp_path / "out", pixels_seen=True)
    (made,) = (tmp_path / "out").rglob("*.dcm")
    assert (len(result.done), len(result.failed)) == (1, 0)
    assert b"Jane" not in made.read_bytes()
    old, new = xs.open(source), xs.open(made)
    assert sum_of(new) == sum_of(old)
    assert (len(new), new.acquisition.warnings) == (FRAMES, ())
    assert old.acquisition.sop_instance_uid != new.acquisition.sop_instance_uid
    for number in (0, 30, FRAMES - 1):
        np.testing.assert_array_equal(new.stored(number), old.stored(number))


def sum_of(clip: Clip) -> tuple[int, int]:
    source = clip.source
    assert isinstance(source, VideoSource)
    found = run(stream_sum(source.place))
    return found.packets, found.sum


@pytest.mark.parametrize("beside", ["sound", "title"])
def test_what_could_name_somebody_beside_the_pictures_is_left_out(
    tmp_path: Path, beside: str
) -> None:
    sound = write_stream(tmp_path / "sound.ts", TS, sound=True).read_bytes()
    stream = sound if beside == "sound" else with_title(tmp_path, "Jane Doe")
    kind = TS if beside == "sound" else USUAL
    source = Path(save_video(tmp_path / "more.dcm", stream, kind.syntax))
    result = xs.deidentify(source, tmp_path / "out", pixels_seen=True)
    (made,) = (tmp_path / "out").rglob("*.dcm")
    assert len(result.done) == 1
    before, after = probe(place_of(source)).facts, probe(place_of(made)).facts
    assert (bool(before.sound), before.metadata) == (
        (True, ()) if beside == "sound" else (False, ("title",))
    )
    assert (after.sound, after.metadata, after.created) == ((), (), "")
    assert b"Jane" not in made.read_bytes()
    assert sum_of(xs.open(made)) == sum_of(xs.open(source))


def place_of(path: Path) -> Place:
    source = xs.open(path).source
    assert isinstance(source, VideoSource)
    return source.place


def with_title(folder: Path, title: str) -> bytes:
    plain = write_stream(folder / "plain.mp4")
    with av.open(str(plain)) as source, av.open(str(folder / "titled.mp4"), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        target.metadata["title"] = title
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return (folder / "titled.mp4").read_bytes()


def test_masks_for_a_stream_are_refused_with_a_way_out(tmp_path: Path) -> None:
    source = video(tmp_path)
    with pytest.raises(UsageError, match="--mask X,Y,WIDTH,HEIGHT --syntax jpeg-ls"):
        xs.deidentify(source, tmp_path / "out", masks=[(1, 1, 20, 20)])


@pytest.mark.parametrize("kind", [USUAL, TS, KINDS[15]], ids=lambda kind: kind.name)
def test_a_lossless_mp4_holds_the_stream_itself(tmp_path: Path, kind: Kind) -> None:
    clip = xs.open(video(tmp_path, kind))
    result = xs.export(clip, tmp_path / "out.mp4", quality="lossless")
    assert KEPT in result.notes
    told = json.loads((tmp_path / "out.mp4.json").read_text())
    assert told["output"]["encoder"].startswith("none")
    made = xs.open(tmp_path / "out.mp4")
    assert sum_of(made) == sum_of(clip)
    assert (len(made), made.frame_rate) == (FRAMES, 25.0)
    np.testing.assert_array_equal(made.stored(19), clip.stored(19))
    assert probe(str(tmp_path / "out.mp4")).facts.metadata == ()


OTHERWISE: dict[str, dict[str, Any]] = {
    "some": {"frames": (3, 9)},
    "smaller": {"size": (64, 48)},
    "masked": {"masks": [(2, 2, 9, 9)]},
    "inverted": {"invert": True},
    "named": {"overlay": "anonymous"},
    "other": {"codec": "hevc"},
    "usual": {"quality": "medium"},
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_pictures_that_are_changed_are_encoded(tmp_path: Path, what: str) -> None:
    clip = xs.open(video(tmp_path))
    result = xs.export(clip, tmp_path / "out.mp4", **{"quality": "lossless"} | OTHERWISE[what])
    assert KEPT not in result.notes


@pytest.mark.parametrize("kind", [USUAL, IN_FRAGMENTS, KINDS[15]], ids=lambda kind: kind.name)
def test_only_fragmentable_streams_lie_in_several_fragments(tmp_path: Path, kind: Kind) -> None:
    (checked,) = xs.validate(video(tmp_path, kind, fragments=3))
    told = [finding.rule for finding in checked.findings if finding.path == "PixelData"]
    assert [("one fragment" in sentence) for sentence in told] == [True] * (kind is USUAL)


def test_a_copy_is_as_valid_as_its_source(tmp_path: Path) -> None:
    source = video(tmp_path)
    xs.export(source, tmp_path / "copy.dcm")
    before, after = xs.validate(source, tmp_path / "copy.dcm")
    assert [f.rule for f in after.findings] == [f.rule for f in before.findings]
    assert not any("Pixel" in finding.path for finding in after.findings)
