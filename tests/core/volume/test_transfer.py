"""Which colour and opacity a value has, and what is cut away."""

from __future__ import annotations

import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.scene import Box, VolumeScene
from xray_studio.core.volume.transfer import PRESETS, Transfer, TransferPoint, preset, suited

WHITE = (1.0, 1.0, 1.0)
RAMP = Transfer((TransferPoint(0.0, 0.0, WHITE), TransferPoint(100.0, 0.5, WHITE)))


def test_changes_leave_the_rest_as_it_was() -> None:
    assert [point.value for point in RAMP.shifted(20.0).points] == [20.0, 120.0]
    assert [point.value for point in RAMP.spread(2.0).points] == [-50.0, 150.0]
    assert [point.opacity for point in RAMP.fainter(3.0).points] == [0.0, 1.0]


def test_shares_become_values_of_the_volume() -> None:
    share = Transfer((TransferPoint(0.0, 0.0, WHITE), TransferPoint(0.5, 1.0, WHITE)), unit="")
    assert [point.value for point in share.at(10.0, 30.0).points] == [10.0, 20.0]
    assert [point.value for point in share.at(5.0, 5.0).points] == [5.0, 5.5]
    assert RAMP.at(10.0, 30.0) is RAMP


@pytest.mark.parametrize(
    "points",
    [
        (TransferPoint(0.0, 0.0, WHITE),),
        (TransferPoint(1.0, 0.0, WHITE), TransferPoint(0.0, 0.0, WHITE)),
        (TransferPoint(0.0, 0.0, WHITE), TransferPoint(1.0, 1.5, WHITE)),
    ],
)
def test_functions_that_mean_nothing_are_refused(points: tuple[TransferPoint, ...]) -> None:
    with pytest.raises(UsageError):
        Transfer(points)


@pytest.mark.parametrize("change", [lambda: RAMP.spread(0.0), lambda: RAMP.fainter(-1.0)])
def test_changes_that_mean_nothing_are_refused(change: object) -> None:
    with pytest.raises(UsageError):
        change()  # type: ignore[operator]


def test_presets_are_known_by_name() -> None:
    assert {"bone", "vessels", "lung", "skin"} <= set(PRESETS)
    assert preset("lung") is PRESETS["lung"]
    with pytest.raises(UsageError, match="choose one of: bone"):
        preset("metal")


def test_a_volume_is_first_seen_as_suits_it() -> None:
    assert (suited("HU", "CT"), suited("", "MR"), suited("g/ml", "PT")) == ("bone", "soft", "hot")


@pytest.mark.parametrize(("low", "high"), [((0.5, 0, 0), (0.5, 1, 1)), ((-0.1, 0, 0), (1, 1, 1))])
def test_a_box_has_an_inside(low: tuple[float, ...], high: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="clipping box"):
        Box(low, high)  # type: ignore[arg-type]


def test_pictures_have_a_size_that_can_be_drawn() -> None:
    with pytest.raises(UsageError, match="16 to 4,096"):
        VolumeScene(size=(8, 512))
