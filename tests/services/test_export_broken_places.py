"""Disks that are full and folders that go away while an export is written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import make_object, save
from tests.services.clips import cine, moving
from tests.services.test_export import PLAIN, listing
from xray_studio.core.errors import WriteError
from xray_studio.core.job import run
from xray_studio.services.export import gif as export_gif
from xray_studio.services.export import stills as export_stills
from xray_studio.services.export import video as export_video
from xray_studio.services.export.run import export

NAMES = ["clip.mp4", "clip.webm", "clip.mkv", "clip.avi", "clip.gif", "frames", "one.tiff"]


def options_for(name: str) -> Any:
    return replace(PLAIN, frames=(2, 2)) if name.startswith("one") else PLAIN


class Full:
    """A writer whose disk is full from its second picture on, or when it is closed."""

    def __init__(self, writer: Any) -> None:
        self.writer, self.count = writer, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.writer.__exit__(*error)

    def write(self, picture: np.ndarray) -> None:
        self.count += 1
        if self.count > 1:
            raise OSError(28, "No space left on device")
        self.writer.write(picture)

    def close(self) -> None:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("name", NAMES)
def test_a_disk_that_gets_full_is_told(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(export(cine(moving(3)), tmp_path / name, options_for(name)))
    before = listing(tmp_path)
    for kind in (
        export_video.VideoExporter, export_gif.GifExporter, export_stills.StillExporter,
        export_stills.FolderExporter,
    ):  # fmt: skip
        usual = kind.writer
        monkeypatch.setattr(
            kind, "writer", lambda self, path, spec, usual=usual: Full(usual(self, path, spec))
        )
    with pytest.raises(WriteError, match="the disk is full; free some space"):
        run(export(cine(), tmp_path / name, options_for(name)))
    assert listing(tmp_path) == before


def take_away(folder: Path) -> None:
    """Remove a folder into which a writer's threads may still put files."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", [*NAMES, "clip.npz"])
@pytest.mark.parametrize("steps", [1, 4, 9])
def test_a_folder_that_goes_away_is_told(tmp_path: Path, name: str, steps: int) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    job = export(cine(), folder / name, options_for(name))
    for _ in range(steps):
        if next(job, None) is None:
            return
    take_away(folder)
    with pytest.raises(WriteError, match="its folder is no longer there; choose another one"):
        run(job)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no files")
@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm", "clip.mkv", "clip.gif", "frames"])
def test_what_the_system_really_refuses_to_write(tmp_path: Path, name: str) -> None:
    """The limit of the size of files stands for a full disk: every library writes against it."""
    random = np.random.default_rng(5)
    pages = [Image.fromarray(random.integers(0, 256, (200, 200), np.uint8)) for _ in range(8)]
    source, out = tmp_path / "clip.tiff", tmp_path / "out"
    pages[0].save(source, save_all=True, append_images=pages[1:])
    out.mkdir()
    if "." in name:
        (out / name).write_bytes(b"old")
    before = listing(out)
    done = limited(source, out / name, "--overwrite", "--quality", "lossless")
    told_and_undone(done, out, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no files")
@pytest.mark.parametrize("name", ["disc", "disc.zip"])
def test_a_medium_that_gets_full_is_told(tmp_path: Path, name: str) -> None:
    save(make_object(np.zeros((200, 200), np.uint8)), tmp_path / "in.dcm")
    out = tmp_path / "out"
    out.mkdir()
    done = limited(tmp_path / "in.dcm", out / name, "--media")
    told_and_undone(done, out, {})


def limited(source: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Export where no file may be larger than 8 blocks."""
    return subprocess.run(
        ["bash", "-c", 'ulimit -f 8; exec "$@"', "bash", sys.executable, "-m", "xray_studio",
         "export", str(source), str(target), "-q", *options],
        capture_output=True, text=True, check=False,
        # Python would leave compiled modules behind that end where the limit is.
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def told_and_undone(
    done: subprocess.CompletedProcess[str], out: Path, before: dict[str, bytes]
) -> None:
    assert done.returncode == 1, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "cannot be written: the file grows too large for this disk" in lines[0]
    assert listing(out) == before
