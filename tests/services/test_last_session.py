from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.presentation import Overlay, Presentation, VoiFunction, Window
from xray_studio.services.last_session import (
    SavedGrid,
    SavedSession,
    SavedView,
    SessionFile,
    from_json,
    to_json,
)
from xray_studio.services.settings import settings_file

finite = st.floats(-1e6, 1e6)
windows = st.builds(Window, finite, st.floats(1.0, 1e6), st.sampled_from(VoiFunction), st.text())
presentations = st.builds(
    Presentation,
    voi=st.none() | st.integers(0, 9) | windows,
    invert=st.booleans(),
    overlay=st.sampled_from(Overlay),
    zoom=st.none() | st.floats(0.01, 40.0),
    pan=st.tuples(finite, finite),
    rotation=st.sampled_from((0, 90, 180, 270)),
    flip_horizontal=st.booleans(),
    hidden_planes=st.frozensets(st.integers(0x6000, 0x601E)),
)
views = st.builds(
    SavedView,
    place=st.integers(0, 8),
    series_instance_uid=st.text("0123456789.", max_size=64),
    path=st.text(),
    frame=st.integers(0, 500),
    speed=st.floats(0.25, 4.0),
    presentation=presentations,
)
grids = st.builds(
    SavedGrid, st.text(max_size=20), st.integers(0, 8), st.lists(views, max_size=4).map(tuple)
)
sessions = st.builds(
    SavedSession,
    st.lists(st.text(), max_size=3).map(tuple),
    st.lists(grids, max_size=3).map(tuple),
    st.integers(0, 8),
    st.frozensets(st.integers(0, 8)),
)


def session_of(view: SavedView) -> SavedSession:
    return SavedSession(("/a",), (SavedGrid("2x2", 1, (view,)),))


@given(sessions)
def test_a_session_comes_back_from_its_text(session):
    assert from_json(to_json(session)) == session


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "7", '{"opened": 3}', '{"opened": [3]}', '{"grids": {}}', '{"grids": [1]}'),
        *('{"grids": [{"views": {}}]}', '{"grids": [{"views": [1]}]}'),
    ],
)
def test_what_is_no_session_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        from_json(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [("place", "x"), ("frame", None), ("speed", []), ("real_time", 3), ("presentation", 4)],
)
def test_a_field_that_makes_no_sense_is_passed_over(field, value):
    plain = json.loads(to_json(session_of(SavedView(place=2, frame=3))))
    view = plain["grids"][0]["views"][0]
    view[field], view["of a later version"] = value, 1
    assert getattr(from_json(json.dumps(plain)).grids[0].views[0], field) == getattr(
        SavedView(), field
    )


@pytest.mark.parametrize(
    "voi", [{"center": "x", "width": 1}, {"center": 1}, "x", -3, {"center": 1, "width": 0}, 1e400]
)
def test_a_window_that_there_cannot_be_is_the_full_range(voi):
    session = session_of(SavedView(presentation=Presentation(voi=3)))
    plain = json.loads(to_json(session))
    plain["grids"][0]["views"][0]["presentation"]["voi"] = voi
    assert from_json(json.dumps(plain)).grids[0].views[0].presentation.voi is None


def test_the_file_is_private_and_goes_with_a_good_end():
    file, session = SessionFile(), session_of(SavedView())
    assert file.left is None
    file.write(session)
    written = settings_file().parent / "session-1.json"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    file.end()
    assert not written.exists()
    file.end()


def test_what_a_killed_window_left_is_found_by_the_next_one():
    killed, session = SessionFile(), session_of(SavedView())
    killed.write(session)
    beside = SessionFile()  # a second window while the first one is open
    assert beside.left is None
    beside.end()
    killed._lock.release()  # the system does it when the process ends
    after = SessionFile()
    assert after.left == session
    after.write(replace(session, front=1))
    after.end()
    again = SessionFile()
    assert again.left is None
    again.end()
