"""Exports that come back: known by their manifest and led to their source, unless changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.ui.studies import write_cine
from xray_studio.core.job import run
from xray_studio.core.presentation import Overlay
from xray_studio.core.study import Catalog
from xray_studio.services.api import open as open_clip
from xray_studio.services.comparison import Part, comparison
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.round_trip import CHANGED, Exported, exports_in, facts, words
from xray_studio.services.export.run import export
from xray_studio.services.open import scan
from xray_studio.services.presets import initial_presentation

ABOUT = {"PatientName": "Doe^Jane", "PatientID": "PAT-1", "StudyInstanceUID": "1.2.3"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "study" / "run.dcm"
    path.parent.mkdir()
    write_cine(path, 1, "LCA", ABOUT)
    return path


def exports(*paths: Path) -> tuple[tuple[Exported, ...], Catalog]:
    catalog = run(scan([str(path) for path in paths]))
    return run(exports_in(catalog)), catalog


@pytest.mark.parametrize("name", ["out.mp4", "out.png", "out.gif", "out.mkv"])
@pytest.mark.parametrize("overlay", [Overlay.ANONYMOUS, Overlay.ALL])
def test_an_export_leads_back_to_its_source(
    source: Path, tmp_path: Path, name: str, overlay: Overlay
) -> None:
    frames = (4, 4) if name.endswith("png") else (2, 7)
    target = tmp_path / name
    run(export(open_clip(source), target, ExportOptions(frames=frames, overlay=overlay)))
    (found,), catalog = exports(target, source.parent)
    assert not found.changed
    assert found.source is not None
    assert found.source.found is not None
    assert found.source.found.paths == (str(source),)
    assert found.source.uid == dcmread(source).SOPInstanceUID
    assert (found.source.first, found.source.last) == (frames[0] + 1, frames[1] + 1)
    assert f"from SOP Instance UID {found.source.uid}, frame" in words(found)
    assert len(catalog.all_series()) == 2


def test_without_the_source_an_anonymous_export_tells_no_uid(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    run(export(open_clip(source), target))
    (found,), _ = exports(target)
    assert found.source is not None
    assert (found.source.uid, found.source.found) == ("", None)
    assert "an object without its UID, frames 1 to 12" in words(found)
    assert dcmread(source).SOPInstanceUID not in json.dumps(facts(found))


def test_a_changed_file_is_not_trusted(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.png"
    run(export(open_clip(source), target, ExportOptions(frames=(0, 0), overlay=Overlay.ALL)))
    target.write_bytes(target.read_bytes() + b"\0")
    (found,), _ = exports(target, source.parent)
    assert found == Exported((str(target),), changed=True)
    assert words(found) == CHANGED
    assert facts(found)["sources"] == []


def test_a_folder_of_pictures_has_one_manifest(source: Path, tmp_path: Path) -> None:
    run(export(open_clip(source), tmp_path / "frames", ExportOptions(frames=(0, 2))))
    found, _ = exports(tmp_path / "frames", source.parent)
    assert found
    assert all(one.source is not None and one.source.found is not None for one in found)
    (tmp_path / "frames" / "frame_0002.png").write_bytes(
        (tmp_path / "frames" / "frame_0001.png").read_bytes()
    )
    found, _ = exports(tmp_path / "frames", source.parent)
    assert any(one.changed for one in found)


def test_a_comparison_leads_to_each_source(source: Path, tmp_path: Path) -> None:
    other = source.with_name("other.dcm")
    write_cine(other, 2, "RCA", ABOUT)
    clips = [open_clip(path) for path in (source, other)]
    whole = comparison([Part(clip, initial_presentation(clip)) for clip in clips])
    run(export(whole, tmp_path / "both.mp4"))
    (found,), _ = exports(tmp_path / "both.mp4", source.parent)
    assert [one.found is not None for one in found.sources] == [True, True]
    assert "and 1 other clip" in words(found)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(source=None),
        lambda told: told.update(source={"comparison": {"clips": [1, {}]}}),
        lambda told: told.update(frames=["1"]),
        lambda told: told["program"].update(version=7),
        lambda told: told.update(source={"sop_instance_uid": 5}),
    ],
)
def test_an_odd_manifest_breaks_nothing(source: Path, tmp_path: Path, change: object) -> None:
    target = tmp_path / "out.png"
    run(export(open_clip(source), target, ExportOptions(frames=(0, 0))))
    place = tmp_path / "out.png.json"
    told = json.loads(place.read_text("utf-8"))
    assert callable(change)
    change(told)
    place.write_text(json.dumps(told), "utf-8")
    found, _ = exports(target)
    assert words(found[0]).startswith("Exported by X-Ray Studio")


def test_what_nobody_exported_is_none(source: Path, tmp_path: Path) -> None:
    (tmp_path / "run.dcm.json").write_text('{"program": {"name": "Other"}}', "utf-8")
    assert exports(source)[0] == ()
