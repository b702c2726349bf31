"""What the program does with a study, as files: objects, a picture of each series, clips."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Overlay
from xray_studio.core.study import Series
from xray_studio.services.export import export
from xray_studio.services.export_options import ExportOptions
from xray_studio.services.frame_picture import write_frame
from xray_studio.services.open import open_series, scan
from xray_studio.services.presets import initial_presentation


@dataclass(frozen=True, slots=True)
class Showcase:
    """Where everything is."""

    objects: tuple[Path, ...]
    pictures: tuple[Path, ...]
    clips: tuple[Path, ...]


def showcase(study: Path, out: Path) -> Job[Showcase]:
    """Write objects, pictures and clips of a study into a folder, which is made when missing.

    Each file appears whole or not at all; files of an earlier run are replaced.
    """
    _make_folder(out)
    catalog = yield from scan(study)
    objects, pictures, clips = [], [], []
    for number, series in enumerate(catalog.all_series(), 1):
        name = f"series-{series.series_number or number}"
        objects += _copied(series, out, name)
        clip = yield from open_series(series)
        pictures.append(out / f"{name}.png")
        yield from _picture(clip, pictures[-1])
        if len(clip) > 1:
            clips.append(out / f"{name}.mp4")
            yield from export(clip, clips[-1], ExportOptions(overlay=Overlay.ALL))
    return Showcase(tuple(objects), tuple(pictures), tuple(clips))


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(out, error) from error


def _copied(series: Series, out: Path, name: str) -> list[Path]:
    copies = []
    for number, path in enumerate(series.paths, 1):
        copy = out / (f"{name}.dcm" if len(series.paths) == 1 else f"{name}-{number:04}.dcm")
        with replacing(copy) as temporary:
            shutil.copyfile(path, temporary)
        copies.append(copy)
    return copies


def _picture(clip: Clip, target: Path) -> Job[None]:
    yield Progress(message="Rendering")
    how = initial_presentation(clip)
    yield from write_frame(clip, len(clip) // 2, target, how, Overlay.ALL, overwrite=True)
