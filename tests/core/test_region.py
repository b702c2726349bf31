"""Regions: what they share, cover and leave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.errors import UsageError
from xray_studio.core.region import Region

numbers, sizes = st.integers(-50, 50), st.integers(1, 60)
regions = st.builds(Region, numbers, numbers, sizes, sizes)


@given(regions, regions)
def test_what_two_share_is_in_both_and_both_are_in_their_union(a: Region, b: Region) -> None:
    assert a.shared(b) == b.shared(a) <= min(a.area, b.area)
    assert a.united(b).shared(a) == a.area
    assert a.united(b).shared(b) == b.area


@given(regions, sizes, sizes)
def test_what_is_left_in_a_picture_is_in_it(region: Region, rows: int, columns: int) -> None:
    inside, picture = region.clipped(rows, columns), Region(0, 0, columns, rows)
    assert (0 if inside is None else inside.area) == region.shared(picture)


def test_a_region_covers_something() -> None:
    with pytest.raises(UsageError, match="covers nothing"):
        Region(1, 1, 0, 5)
    assert Region(2, 3, 4, 5).grown(1) == Region(1, 2, 6, 7)
