"""What the program does with a study, as files: objects, a picture of each series, clips."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Overlay
from xray_studio.core.study import Catalog, Series
from xray_studio.services.export.frame_picture import write_frame
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
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

    Objects keep their place in the study. Each file appears whole or not at all; files of an
    earlier run are replaced.
    """
    _make_folder(out)
    catalog = yield from scan(study)
    objects, pictures, clips = _copied(study, out), [], []
    for name, series in _named(catalog):
        clip = yield from open_series(series)
        pictures.append(out / f"{name}.png")
        yield from _picture(clip, pictures[-1])
        if len(clip) > 1:
            clips.append(out / f"{name}.mp4")
            yield from export(clip, clips[-1], ExportOptions(overlay=_text_for(clip)))
    return Showcase(tuple(objects), tuple(pictures), tuple(clips))


def _named(catalog: Catalog) -> list[tuple[str, Series]]:
    """Return every series of pictures with a name of its own: date, modality and number."""
    named: dict[str, Series] = {}
    for patient in catalog.patients:
        for study in patient.studies:
            for series in (one for one in study.series if not one.is_document):
                words = (study.date, series.modality, str(series.series_number or ""))
                name = "-".join(word.lower() for word in words if word) or "series"
                named[name if name not in named else f"{name}-{len(named) + 1}"] = series
    return list(named.items())


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(out, error) from error


def _copied(study: Path, out: Path) -> list[Path]:
    copies = []
    for path in sorted(path for path in study.rglob("*") if path.is_file()):
        copy = out / path.relative_to(study)
        _make_folder(copy.parent)
        with replacing(copy) as temporary:
            shutil.copyfile(path, temporary)
        copies.append(copy)
    return copies


def _text_for(clip: Clip) -> Overlay:
    """Return the corner text of a picture: none where text is burnt in, which it would cover."""
    return Overlay.NONE if clip.acquisition.burned_in == "YES" else Overlay.ALL


def _picture(clip: Clip, target: Path) -> Job[None]:
    yield Progress(message="Rendering")
    how = initial_presentation(clip)
    middle = len(clip) // 2
    yield from write_frame(clip, middle, target, how, _text_for(clip), overwrite=True)
