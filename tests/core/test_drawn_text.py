"""Which pictures may name the patient by text that is part of them."""

from __future__ import annotations

import pytest

from tests.core.test_clip import Counting
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.drawn_text import may_hold_text

SCREEN = "1.2.840.10008.5.1.4.1.1.7"


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (Acquisition(modality="XA"), False),
        (Acquisition(modality="CT"), False),
        (Acquisition(modality="US"), True),
        (Acquisition(modality="OT"), True),
        (Acquisition(), True),
        (Acquisition(modality="US", burned_in="NO"), False),
        (Acquisition(modality="XA", burned_in="YES"), True),
        (Acquisition(modality="US", burned_in="PERHAPS"), True),
        (Acquisition(modality="CT", sop_class_uid=SCREEN), True),
        (Acquisition(modality="CT", sop_class_uid=f"{SCREEN}.4"), True),
        (Acquisition(modality="PT", sop_class_uid="1.2.840.10008.5.1.4.1.1.77.1.4"), False),
    ],
)
def test_the_file_decides_else_the_kind_of_picture(made: Acquisition, wanted: bool) -> None:
    assert may_hold_text(Clip(Counting(), acquisition=made)) is wanted
