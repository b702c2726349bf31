"""Series of a catalogue as volumes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.services.volume.series_objects import write_series
from tests.volume.phantom import phantom
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import run
from xray_studio.core.kinds import DOCUMENT
from xray_studio.core.study import Series
from xray_studio.services.open import scan
from xray_studio.services.volume.open import series_parts, volume_of_series


def scanned(path: Path) -> Series:
    (series,) = run(scan(path)).all_series()
    return series


def test_a_dicom_series(tmp_path: Path) -> None:
    made = phantom()
    write_series(tmp_path / "s", made)
    found = run(volume_of_series(scanned(tmp_path / "s")))
    np.testing.assert_array_equal(found.values, made.values)
    assert found.geometry.lies_as(made.geometry)


def test_a_series_of_several_volumes_names_them(tmp_path: Path) -> None:
    straight = phantom(turned=False)
    write_series(tmp_path / "a", phantom(), SeriesDescription="Both")
    write_series(tmp_path / "b", straight)
    one, other = scanned(tmp_path / "a"), scanned(tmp_path / "b")
    both = replace(one, instances=(*one.instances, *other.instances))
    assert [part.shape for part in run(series_parts(both))] == [(7, 11, 13)] * 2
    with pytest.raises(UsageError, match=r"2 volumes here.*1 \(CT Both, 13 x 11 x 7\), 2 \("):
        run(volume_of_series(both))
    assert run(volume_of_series(both, part=2)).geometry.lies_as(straight.geometry)


def test_a_stack_of_pictures(tmp_path: Path) -> None:
    values = phantom("uint16").values
    first, *rest = [Image.fromarray(page) for page in values]
    first.save(tmp_path / "a.tif", save_all=True, append_images=rest)
    np.testing.assert_array_equal(run(volume_of_series(scanned(tmp_path))).values, values)


def test_a_document_is_no_volume(tmp_path: Path) -> None:
    write_series(tmp_path / "s", phantom())
    series = scanned(tmp_path / "s")
    document = tuple(one._replace(kind=DOCUMENT, frames=0) for one in series.instances)
    with pytest.raises(UnsupportedError, match="makes no volume"):
        run(volume_of_series(replace(series, instances=document)))
