"""Export: what is refused, and that nothing is ever half-written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.clips import cine, moving
from xray_studio.core import files
from xray_studio.core.errors import UnreadableError, UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.output import Quality
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Presentation, Window
from xray_studio.services.export import video as export_video
from xray_studio.services.export.exporters import EXPORTERS
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

SHOWN = Presentation(voi=Window(2000.0, 3600.0))
PLAIN = ExportOptions(presentation=SHOWN)


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (replace(PLAIN, frames=(0, 8)), "no frames 1-9"),
        (replace(PLAIN, frames=(5, 2)), "no frames 6-3"),
        (replace(PLAIN, rate=0.0), "rate must be 0.01 to 1000"),
        (replace(PLAIN, rate=float("nan")), "rate must be 0.01 to 1000"),
        (replace(PLAIN, rate=float("inf")), "rate must be 0.01 to 1000"),
        (replace(PLAIN, rate=900.0, speed=2.0), "1800 frames per second cannot be written"),
        (replace(PLAIN, speed=0.0), "speed must be 0.05 to 20"),
        (replace(PLAIN, speed=1e-4, real_time=True), "speed must be 0.05 to 20"),
        (replace(PLAIN, speed=float("inf")), "speed must be 0.05 to 20"),
        (replace(PLAIN, real_time=True), "tells no moments"),
        (replace(PLAIN, real_time=True, rate=3.0), "either a rate or real time"),
        (replace(PLAIN, size=(0, 10)), "cannot be written"),
        (replace(PLAIN, size=(10, 20_000)), "cannot be written"),
        (replace(PLAIN, presentation=Presentation(voi=3)), "no VOI LUT"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, options: ExportOptions, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        run(export(cine(), tmp_path / "clip.mp4", options))
    assert listing(tmp_path) == {}


@pytest.mark.parametrize("name", ["clip.ogv", "clip.xyz", "clip.mpeg"])
def test_unknown_suffixes_name_what_works(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be written; choose one of \.mp4, \.mov"):
        run(export(cine(), tmp_path / name, PLAIN))


@pytest.mark.parametrize("name", [".mp4", ".nii.gz"])
def test_a_suffix_alone_is_no_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"for example clip{name}"):
        run(export(cine(), tmp_path / name, PLAIN))


@pytest.mark.parametrize("place", ["/", "..", "a/.."])
def test_a_place_without_a_name_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(WriteError, match="has no name of its own"):
        run(export(cine(), tmp_path / place, PLAIN))


def test_a_clip_too_slow_to_write_says_so(tmp_path: Path) -> None:
    slow = cine(timing=Timing(0.002, "Frame Time"))
    with pytest.raises(UsageError, match=r"rate of the clip is 0\.002; one must be 0\.01 to 1000"):
        run(export(slow, tmp_path / "clip.mp4", ExportOptions()))


@pytest.mark.parametrize("name", ["clip.avi", "one.jpg"])
def test_what_cannot_be_lossless_says_so(tmp_path: Path, name: str) -> None:
    options = replace(PLAIN, quality=Quality.LOSSLESS, frames=(0, 0))
    with pytest.raises(UsageError, match="lossless"):
        run(export(cine(), tmp_path / name, options))


def test_originals_are_never_changed(tmp_path: Path) -> None:
    original = tmp_path / "original.mp4"
    original.write_bytes(b"original")
    (tmp_path / "link.mp4").symlink_to(original)
    clip = cine(paths=(str(original),))
    for name in ("original.mp4", "link.mp4"):
        with pytest.raises(UsageError, match="originals are never changed"):
            run(export(clip, tmp_path / name, PLAIN))
    with pytest.raises(UsageError, match="originals are never changed"):
        run(export(clip, tmp_path, PLAIN))
    assert original.read_bytes() == b"original"


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="does not exist; create it"):
        run(export(cine(), tmp_path / "missing" / "clip.mp4", PLAIN))
    (tmp_path / "file").write_text("a file")
    with pytest.raises(WriteError, match="is a file"):
        run(export(cine(), tmp_path / "file", PLAIN))
    (tmp_path / "clip.mp4.json").write_text("mine")
    with pytest.raises(WriteError, match="stands where the manifest belongs"):
        run(export(cine(), tmp_path / "clip.mp4", PLAIN))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WriteError, match="may not be written to"):
        run(export(cine(), tmp_path / "clip.mp4", PLAIN))


def test_a_damaged_frame_ends_the_export(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"old")
    with pytest.raises(UnreadableError, match="Frame 6 cannot be read: A compressed frame"):
        run(export(cine(bad=(5,)), tmp_path / "clip.mp4", PLAIN, overwrite=True))
    assert listing(tmp_path) == {"clip.mp4": b"old"}


@pytest.mark.parametrize("name", ["clip.mp4", "frames"])
def test_a_full_disk_is_told(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "flush", full)
    with pytest.raises(WriteError, match="the disk is full; free some space"):
        run(export(cine(), tmp_path / name, PLAIN))
    assert listing(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def spoiled(change: Callable[[Any], Any]) -> type:
    class Spoiled(export_video.VideoExporter):
        def writer(self, path: Path, spec: Any) -> Any:
            return change(super().writer(path, spec))

    return Spoiled


class Losing:
    """A writer that loses a frame, or shows another one than it was given."""

    def __init__(self, writer: Any, lost: int | None, other: int | None) -> None:
        self.writer, self.lost, self.other, self.count = writer, lost, other, -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.writer.__exit__(*error)

    def write(self, picture: np.ndarray) -> None:
        self.count += 1
        if self.count != self.lost:
            self.writer.write(255 - picture if self.count == self.other else picture)

    def close(self) -> None:
        self.writer.close()


@pytest.mark.parametrize(
    ("lost", "other", "words"),
    [(3, None, "7 frames instead of 8"), (None, 0, "another first"), (None, 7, "another last")],
)
def test_a_file_that_is_not_as_asked_is_removed(
    tmp_path: Path, lost: int | None, other: int | None, words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    kind = spoiled(lambda writer: Losing(writer, lost, other))
    monkeypatch.setattr(export_video, "VideoExporter", kind)
    assert EXPORTERS.load(".mp4") is kind
    (tmp_path / "clip.mp4").write_bytes(b"old")
    with pytest.raises(WriteError, match=words):
        run(export(cine(), tmp_path / "clip.mp4", PLAIN, overwrite=True))
    assert listing(tmp_path) == {"clip.mp4": b"old"}


@pytest.mark.parametrize(
    "name", ["clip.mp4", "clip.mkv", "clip.avi", "clip.gif", "frames", "one.png"]
)
@pytest.mark.parametrize("earlier", [False, True])
@given(stop=st.integers(0, 40))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_stopped_at_any_yield_it_leaves_nothing(
    tmp_path_factory: pytest.TempPathFactory, name: str, earlier: bool, stop: int
) -> None:
    folder = tmp_path_factory.mktemp("export")
    options = replace(PLAIN, frames=(2, 2)) if name.endswith(".png") else PLAIN
    if earlier:
        run(export(cine(moving(3)), folder / name, replace(options, frames=(1, 1))))
    before = listing(folder)
    job = export(cine(), folder / name, options)
    for _ in range(stop):
        if next(job, None) is None:
            after = listing(folder)
            assert after.keys() >= {f"{name}.json"}
            assert after != before
            assert {path.name for path in folder.iterdir()} == {name, f"{name}.json"}
            return
    job.close()
    assert listing(folder) == before
    assert len(list(folder.iterdir())) == (2 if earlier else 0)
