"""What segments measure is what their voxels are."""

import numpy as np
import pytest

from tests.volume.phantom import affine
from xray_studio.core.job import run
from xray_studio.core.labels.label_map import LabelMap, LabelSegment
from xray_studio.core.labels.statistics import measured
from xray_studio.core.volume.geometry import VolumeGeometry


def test_numbers_are_those_of_the_voxels() -> None:
    rng = np.random.default_rng(1)
    shape = (9, 20, 30)
    values = rng.normal(10_000.0, 3.0, shape)
    values[4, 5, 6] = np.nan
    marks = rng.integers(0, 4, shape).astype(np.uint8)
    marks[4, 5, 6] = 1
    segments = tuple(LabelSegment(n, str(n), (0, 0, 0)) for n in (1, 3, 5))
    labels = LabelMap(VolumeGeometry(shape, affine(tilted=True)), marks, segments)
    one, three, five = run(measured(labels, values))
    own = values[(marks == 1) & np.isfinite(values)]
    assert one.voxels == (marks == 1).sum() == len(own) + 1
    assert one.millilitres == pytest.approx(one.voxels * 0.8 * 1.3 * 2.5 / 1000, rel=1e-9)
    assert (one.mean, one.deviation) == pytest.approx((own.mean(), own.std(ddof=1)), rel=1e-12)
    assert (one.lowest, one.highest) == (own.min(), own.max())
    assert three.areas == pytest.approx([(plane == 3).sum() * 0.8 * 1.3 for plane in marks])
    assert (five.voxels, five.mean, five.deviation, five.lowest) == (0, None, None, None)
