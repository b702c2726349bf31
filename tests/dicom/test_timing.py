"""The rate rule, real times, trims and playback of a cine."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset

from xray_studio.core.playback import Loop, Timing
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.timing import read_timing
from xray_studio.dicom.rate import FRAME_TIME, FRAME_TIME_VECTOR


def timing(frames: int = 4, **attributes: Any) -> Timing:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return read_timing(Groups.of(dataset), frames, [])


EVERYTHING: dict[str, Any] = {
    "Modality": "XA",
    "RecommendedDisplayFrameRate": 12,
    "CineRate": 25,
    "FrameIncrementPointer": FRAME_TIME_VECTOR,
    "FrameTimeVector": [0, 50, 50, 50],
    "FrameTime": 100,
}


@pytest.mark.parametrize(
    ("without", "rate", "source"),
    [
        ([], 12, "Recommended Display Frame Rate"),
        (["RecommendedDisplayFrameRate"], 25, "Cine Rate"),
        (["RecommendedDisplayFrameRate", "CineRate"], 20, "Frame Time Vector"),
        (
            ["RecommendedDisplayFrameRate", "CineRate", "FrameIncrementPointer"],
            10,
            "Frame Time",
        ),
        (
            ["RecommendedDisplayFrameRate", "CineRate", "FrameIncrementPointer", "FrameTime"],
            15,
            "default for XA",
        ),
    ],
)
def test_the_first_attribute_that_is_there_gives_the_rate(
    without: list[str], rate: float, source: str
) -> None:
    found = timing(**{k: v for k, v in EVERYTHING.items() if k not in without})
    assert (found.rate, found.source) == (rate, source)


@pytest.mark.parametrize(
    ("modality", "rate", "source"),
    [
        ("XA", 15, "default for XA"),
        ("RF", 8, "default for RF"),
        ("US", 30, "default for US"),
        ("MR", 10, "default"),
        ("", 10, "default"),
    ],
)
def test_without_attributes_the_modality_decides(modality: str, rate: float, source: str) -> None:
    found = timing(Modality=modality)
    assert (found.rate, found.source) == (rate, source)


@pytest.mark.parametrize("odd", [0, -3, 1e9])
def test_a_rate_that_cannot_be_played_is_no_rate(odd: float) -> None:
    found = timing(RecommendedDisplayFrameRate=int(odd), CineRate=0, FrameTime="0", Modality="RF")
    assert found.source == "default for RF"
    found = timing(FrameTime="1e9", Modality="RF")  # 11 days
    assert (found.source, found.times) == ("default for RF", ())


def test_the_pointer_can_name_several_and_unknown_attributes() -> None:
    unknown = 0x00540010
    found = timing(FrameIncrementPointer=[unknown, FRAME_TIME], FrameTime="40")
    assert (found.rate, found.source) == (25, "Frame Time")
    found = timing(FrameIncrementPointer=unknown)
    assert found.source == "default"


def test_the_first_element_of_the_vector_is_no_interval() -> None:
    found = timing(FrameIncrementPointer=FRAME_TIME_VECTOR, FrameTimeVector=[999, 40, 60, 40])
    assert found.rate == 25
    assert found.times == pytest.approx((0, 0.04, 0.1, 0.14))
    assert found.real_duration() == pytest.approx(0.18)


def test_a_short_vector_goes_on_with_its_median() -> None:
    found = timing(5, FrameIncrementPointer=FRAME_TIME_VECTOR, FrameTimeVector=[0, 40, 20, 40])
    assert found.times == pytest.approx((0, 0.04, 0.06, 0.1, 0.14))


@pytest.mark.parametrize("vector", [[0], [0, 0, 0, 0], [5, -1, 0, 0]])
def test_a_vector_without_intervals_is_none(vector: list[float]) -> None:
    found = timing(FrameIncrementPointer=FRAME_TIME_VECTOR, FrameTimeVector=vector)
    assert found.times == ()
    assert found.source == "default"


def test_frame_time_gives_even_moments() -> None:
    assert timing(3, FrameTime="40").times == pytest.approx((0, 0.04, 0.08))
    assert timing(1, FrameTime="40").times == ()


def test_a_long_vector_is_cut_to_the_frames() -> None:
    assert len(timing(2, FrameTimeVector=[0, 10, 10, 10]).times) == 2


def test_moments_of_an_enhanced_angiogram() -> None:
    per_frame = []
    for second in ("00.000", "00.040", "00.120"):
        frame, content = Dataset(), Dataset()
        content.FrameAcquisitionDateTime = f"202001010000{second}+0100"
        frame.FrameContentSequence = [content]
        per_frame.append(frame)
    found = timing(3, Modality="XA", PerFrameFunctionalGroupsSequence=per_frame)
    assert found.times == pytest.approx((0, 0.04, 0.12))
    per_frame[2].FrameContentSequence[0].FrameAcquisitionDateTime = "20200101000000"
    assert timing(3, Modality="XA", PerFrameFunctionalGroupsSequence=per_frame).times == ()
    per_frame[2].FrameContentSequence[0].FrameAcquisitionDateTime = "2020"
    assert timing(3, Modality="XA", PerFrameFunctionalGroupsSequence=per_frame).times == ()


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [(2, 3, (1, 2)), (1, 4, (0, None)), (3, 2, (0, None)), (2, 9, (0, None)), (None, 2, (0, 1))],
)
def test_trims_count_from_one(
    start: int | None, stop: int | None, expected: tuple[int, int | None]
) -> None:
    given = {"StartTrim": start, "StopTrim": stop}
    found = timing(4, **{k: v for k, v in given.items() if v is not None})
    assert (found.start, found.stop) == expected


def test_delay_and_preferred_sequencing() -> None:
    found = timing(PreferredPlaybackSequencing=1, FrameDelay="250")
    assert found.preferred is Loop.PING_PONG
    assert found.delay == 0.25
    assert timing(PreferredPlaybackSequencing=0).preferred is Loop.LOOP


def said(frames: int = 4, **attributes: Any) -> list[str]:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    warnings: list[str] = []
    read_timing(Groups.of(dataset), frames, warnings)
    return warnings


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"CineRate": -3}, "Cine Rate -3 is no rate"),
        ({"RecommendedDisplayFrameRate": 5000, "CineRate": 15}, "Rate 5000 is no rate"),
        ({"FrameTime": "0.0001"}, "Frame Time 0.0001 is no rate"),
        ({"CineRate": 0}, "Cine Rate 0 is no rate"),
        ({"FrameTimeVector": [0, 40, 40]}, "has 3 values for 4 frames; the rest is estimated"),
        ({"FrameTimeVector": [0, 40, 40, 40, 40]}, "those behind are left out"),
        ({"FrameTimeVector": [0, 40, -40, 40]}, "goes back in time"),
    ],
)
def test_impossible_times_are_said(attributes: dict[str, Any], words: str) -> None:
    (warning,) = said(**attributes)
    assert words in warning


def test_a_rate_of_nothing_beside_a_good_one_is_none() -> None:
    assert said(CineRate=0, FrameTime="40") == []
    assert said(frames=1, CineRate=-3, FrameTimeVector=[0, 1, 2]) == []
