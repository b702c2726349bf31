"""Encoders of graphics hardware: pure choices, an honest look at this machine, and a stand-in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.services.clips import cine
from tests.services.test_export import PLAIN, manifest
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.output import OutputSpec, Quality
from xray_studio.services.export import encoders
from xray_studio.services.export import video as export_video
from xray_studio.services.export.run import export
from xray_studio.video import encoding
from xray_studio.video.encoders import hardware_problem
from xray_studio.video.encoding import encoding_for
from xray_studio.video.hardware import CODECS, KINDS, hardware_options

SPEC = OutputSpec(48, 64, False, 8, Fraction(15))


def only(*there: str):
    return lambda kind, codec: "" if f"{codec}_{kind}" in there else "there is none"


@pytest.mark.parametrize(
    ("asked", "codec", "there", "taken"),
    [
        ("", "h264", ("h264_nvenc",), ""),
        ("auto", "h264", (), ""),
        ("auto", "h264", ("h264_vaapi",), "vaapi"),
        ("auto", "h264", ("h264_qsv", "h264_nvenc"), "nvenc"),
        ("auto", "hevc", ("h264_nvenc", "hevc_qsv"), "qsv"),
        ("auto", "vp9", ("h264_nvenc",), ""),
        ("qsv", "h264", ("h264_qsv",), "qsv"),
    ],
)
def test_hardware_is_taken_when_present_and_chosen(
    asked: str, codec: str, there: tuple[str, ...], taken: str
) -> None:
    assert encoders.settled(replace(SPEC, encoder=asked), codec, only(*there)).encoder == taken


def test_lossless_is_left_to_the_processor() -> None:
    spec = replace(SPEC, encoder="auto", quality=Quality.LOSSLESS)
    assert encoders.settled(spec, "h264", only("h264_nvenc")).encoder == ""


def test_hardware_that_is_not_there_is_refused_with_its_reason() -> None:
    with pytest.raises(UsageError, match="NVENC cannot be used here: there is none; choose"):
        encoders.settled(replace(SPEC, encoder="nvenc"), "h264", only())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("codec", CODECS)
def test_quality_becomes_a_quantiser(kind: str, codec: str) -> None:
    steps = []
    for quality in (Quality.LOW, Quality.MEDIUM, Quality.HIGH):
        name, options = hardware_options(kind, codec, quality)
        assert name == f"{codec}_{kind}"
        steps.append(int(options.get("cq") or options.get("qp") or options["global_quality"]))
    assert steps == sorted(steps, reverse=True)
    assert len(set(steps)) == 3


def test_what_hardware_cannot_is_refused() -> None:
    for change, words in (
        ({"encoder": "qsv", "quality": Quality.LOSSLESS}, "cannot be lossless"),
        ({"encoder": "nvenc", "quality": Quality.LOSSLESS, "colour": True}, "no exact colours"),
    ):
        with pytest.raises(UsageError, match=words):
            encoding_for(".mp4", replace(SPEC, **change))
    with pytest.raises(UsageError, match=r"encodes H\.264 and HEVC only"):
        encoding_for(".webm", replace(SPEC, encoder="nvenc"))
    how = encoding_for(".mp4", replace(SPEC, encoder="nvenc", quality=Quality.LOSSLESS))
    assert how.layout.full_range  # every grey level stays
    assert encoding_for(".mp4", replace(SPEC, encoder="vaapi")).layout.pixel_format == "nv12"


@pytest.mark.parametrize("kind", KINDS)
def test_this_machine_is_looked_at_really(kind: str) -> None:
    found = encoders.problem(kind, "h264")
    assert found == hardware_problem(kind, "h264")
    assert found == "" or "here (" in found or "built without" in found
    assert encoders.hardware()[f"h264_{kind}"] == found


def test_an_encoder_that_is_chosen_writes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in plays the hardware: an encoder that takes nv12 and an option of its own."""
    stand_in = ("libx264", {"crf": "20", "bf": "0"})
    monkeypatch.setattr(encoding, "hardware_options", lambda *_: stand_in)
    there = only("h264_qsv")
    monkeypatch.setattr(
        export_video, "settled", lambda spec, codec: encoders.settled(spec, codec, there)
    )
    run(export(cine(), tmp_path / "clip.mp4", replace(PLAIN, encoder="auto")))
    told = manifest(tmp_path / "clip.mp4")["output"]
    assert (told["encoder"], told["pixel_format"]) == ("libx264", "nv12")
    with pytest.raises(UsageError, match="VAAPI cannot be used here"):
        run(export(cine(), tmp_path / "clip.mov", replace(PLAIN, encoder="vaapi")))
    assert not (tmp_path / "clip.mov").exists()
