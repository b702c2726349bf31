"""Where an export may be written: odd and long names, folders named as files, originals."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.services.clips import cine
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.services.export.frame_picture import write_frame
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

SHOWN = Presentation(voi=Window(2000.0, 3600.0))
PLAIN = ExportOptions(presentation=SHOWN)


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes that are no text")
@pytest.mark.parametrize("name", [b"\xfeout.mp4", b"\xfeout.png", b"\xfefolder", b"\xfe/out.mp4"])
def test_names_that_are_no_text(tmp_path: Path, name: bytes) -> None:
    target = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    target.parent.mkdir(exist_ok=True)
    options = ExportOptions(presentation=SHOWN, frames=(0, 0))
    result = run(export(cine(), target, options))
    told = json.loads(result.manifest.read_text("utf-8"))
    assert told["files"][0]["name"] in {target.name, "frame_0001.png"}
    run(export(cine(), target, options))  # an earlier export is known again


@pytest.mark.parametrize("name", ["a" * 248 + ".mp4", "a" * 251 + ".mp4", "a" * 300])
def test_names_that_are_too_long(tmp_path: Path, name: str) -> None:
    with pytest.raises(WriteError, match="the name is too long; choose a shorter one"):
        run(export(cine(), tmp_path / name, PLAIN))
    with pytest.raises(WriteError, match="the name is too long; choose a shorter one"):
        run(export(cine(), tmp_path / ("b" * 300) / "out.mp4", PLAIN))
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_a_name_that_is_too_long(tmp_path: Path) -> None:
    job = write_frame(cine(), 0, tmp_path / f"{'a' * 300}.png", SHOWN, Overlay.NONE)
    with pytest.raises(WriteError, match="the name is too long"):
        run(job)


def test_a_folder_named_as_a_file_stays(tmp_path: Path) -> None:
    (tmp_path / "g.mp4").mkdir()
    with pytest.raises(WriteError, match=r"^g\.mp4 is a folder; choose another name\.$"):
        run(export(cine(), tmp_path / "g.mp4", PLAIN))
    assert list((tmp_path / "g.mp4").iterdir()) == []
    (tmp_path / "frames.2").mkdir()
    run(export(cine(), tmp_path / "frames.2", PLAIN))
    assert len(list((tmp_path / "frames.2").iterdir())) == len(cine())


def test_what_was_named_beside_the_clip_is_never_replaced(tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(b"a duplicate")
    sources = (str(tmp_path / "gone.dcm"), "no\0name", str(other))
    with pytest.raises(UsageError, match="originals are never changed"):
        run(export(cine(), other, PLAIN, overwrite=True, sources=sources))
    assert other.read_bytes() == b"a duplicate"
