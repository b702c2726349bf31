"""Volumes for tests of the window."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xray_studio.core.clip import Identity
from xray_studio.core.study import Instance, Series
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.looking import first_aim
from xray_studio.core.volume.scene import VolumeScene
from xray_studio.core.volume.volume import Along, Volume
from xray_studio.services.volume.plane_clips import Planes
from xray_studio.ui.layout import Layout
from xray_studio.ui.rules import settled
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import Before, VolumeLook, shown

SERIES = Series("1.2.3", "CT", instances=(Instance("/ct/1.dcm"), Instance("/ct/2.dcm")))


def volume(moments: int = 1) -> Volume:
    """Return a volume of 12 planes, 20 rows and 16 columns, each voxel with its own value."""
    shape = (12, 20, 16) if moments == 1 else (moments, 12, 20, 16)
    values = np.arange(np.prod(shape), dtype=np.int32).reshape(shape)
    grid = from_axes((12, 20, 16), (-7.5, -9.5, -13.75), np.eye(3), (1.0, 1.0, 2.5))
    along = Along("time", tuple(2.0 * n for n in range(moments)), "s") if moments > 1 else None
    return Volume(
        values, grid, "CT", "HU", along, paths=("/ct/1.dcm",), description="Chest",
        identity=Identity(patient_name="Test^Object"), frame_of_reference="1.2",
    )  # fmt: skip


def session_with(made: Volume) -> Iterator[Session]:
    """Yield a session that shows a volume, and let its planes go."""
    session, planes = Session(rule=settled), Planes(made, "1.2.3.4")
    before = Before(Layout(1, 2), State().views, 1, "window")
    look = VolumeLook(SERIES, planes, first_aim(made.geometry), VolumeScene(), before)
    session.update(**shown(look))
    yield session
    planes.close()
