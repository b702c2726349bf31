"""The mask that an object names for subtraction, and what is asked for that is not done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from xray_studio.core.mask import FileMask
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.mask import read_mask


def item(**values: object) -> Dataset:
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def read(*masks: Dataset, change: Callable[[Dataset], None] | None = None) -> FileMask | None:
    dataset = Dataset()
    dataset.MaskSubtractionSequence = Sequence(masks)
    if change is not None:
        change(dataset)
    return read_mask(Groups.of(dataset), 20)


def test_frames_and_shift_are_read() -> None:
    found = read(item(MaskOperation="AVG_SUB", MaskFrameNumbers=[2, 3, 4],
                      MaskSubPixelShift=[1.5, -0.25], ApplicableFrameRange=[1, 20]))  # fmt: skip
    assert found == FileMask((1, 2, 3), right=-0.25, down=1.5)
    assert read(item(MaskOperation="AVG_SUB", MaskFrameNumbers=1)) == FileMask((0,))


def test_no_mask_is_none() -> None:
    assert read_mask(Groups.of(Dataset()), 20) is None
    assert read(item(MaskOperation="NONE", MaskFrameNumbers=0)) is None


@pytest.mark.parametrize(("masks", "told"), [
    ([item(MaskOperation="TID", TIDOffset=1)], "of frames from one another"),
    ([item(MaskOperation="REV_TID")], "of frames from one another"),
    ([item(MaskOperation="AVG_SUB", MaskFrameNumbers=1)] * 2, "names several masks"),
    ([item(MaskOperation="AVG_SUB", MaskFrameNumbers=21)], "that it does not have"),
    ([item(MaskOperation="AVG_SUB", MaskFrameNumbers=[0, 1])], "that it does not have"),
    ([item(MaskOperation="AVG_SUB")], "that it does not have"),
    ([item(MaskOperation="AVG_SUB", MaskFrameNumbers=1, ContrastFrameAveraging=2)],
     "a mean of several frames"),
])  # fmt: skip
def test_what_is_not_done_is_told(masks: list[Dataset], told: str) -> None:
    found = read(*masks)
    assert found is not None
    assert told in found.refused
    assert found.refused.endswith(".")


def test_a_shift_of_each_frame_is_not_done() -> None:
    def shifted(dataset: Dataset) -> None:
        frame = item(FramePixelShiftSequence=Sequence([item(SubtractionItemID=1)]))
        dataset.PerFrameFunctionalGroupsSequence = Sequence([frame] * 20)

    found = read(item(MaskOperation="AVG_SUB", MaskFrameNumbers=1), change=shifted)
    assert found is not None
    assert "from frame to frame" in found.refused
