"""Heat maps of findings as files: drawn over their films, and as values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.corner_text import CornerText
from xray_studio.core.files import replacing
from xray_studio.core.job import Job
from xray_studio.core.learning.assessment import Assessed, Assessment
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.heat import ABOUT, BADGE, Heat, Method
from xray_studio.core.learning.question import Wish
from xray_studio.core.output import Picture
from xray_studio.imaging.heat import drawn_over, in_picture
from xray_studio.imaging.overlay import CornerPainter
from xray_studio.imaging.save import save
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import VIEWS, Models, Shown, picture_of
from xray_studio.services.learning.inference.heat_maps import explain

COLOURS: Final = "inferno"
OPACITY: Final = 0.5
ROOM: Final = 144  # pixels along the shorter side that words and badge need


@dataclass(frozen=True, slots=True)
class MapFiles:
    """Where heat maps are written and by which method they are made."""

    out: Path
    method: Method
    overwrite: bool = False


def write_maps(
    engine: Engine, models: Models, told: Assessment, films: Sequence[Shown], how: MapFiles
) -> Job[list[Path]]:
    """Write the heat maps of a study's findings, for each of its films, and return the files.

    FILM.FINDING.png shows one over its film, FILM.FINDING.npz holds its `values`, float32 at the
    pixels of the film, and what they mean. Findings are those that count as seen, else the
    likeliest one. Raises StudioError where one cannot be made or written.
    """
    written = list[Path]()
    for film, picture in zip(films, told.pictures, strict=True):
        if picture.view not in VIEWS:
            continue
        for name in explained(told):
            wish = Wish(name, how.method)
            heat = yield from explain(engine, models.findings, told, film, wish)
            written += _write(film, picture, told, heat, how)
    return written


def explained(told: Assessment) -> list[str]:
    """Return the findings of an assessment that are worth a heat map."""
    scores = [one for one in told.findings if one.name != NORMAL]
    seen = [one.name for one in scores if one.positive]
    likeliest = sorted(scores, key=lambda one: -one.probability)[:1]
    return seen or [one.name for one in likeliest]


def _write(
    film: Shown, picture: Assessed, told: Assessment, heat: Heat, how: MapFiles
) -> list[Path]:
    stem = f"{Path(picture.path).stem}.{heat.label.replace(' ', '-')}"
    drawing, values = how.out / f"{stem}.png", how.out / f"{stem}.npz"
    for target in (drawing, values):
        check_file_place(target, [picture.path], overwrite=how.overwrite)
    with replacing(drawing) as temporary:
        save(temporary, over_picture(picture_of(film), heat), ".png")
    with replacing(values) as temporary, temporary.open("wb") as file:
        values_of: dict[str, Any] = {"values": in_picture(heat), **_facts(picture, told, heat)}
        np.savez_compressed(file, **values_of)
    return [drawing, values]


def over_picture(picture: Picture, heat: Heat) -> Picture:
    """Return a displayed film with its heat map, which finding it is of, and the badge, RGB."""
    return with_words(drawn_over(picture, heat, COLOURS, OPACITY), words_of(heat))


def words_of(heat: Heat) -> tuple[str, ...]:
    """Return what stands in a picture of a heat map: its finding, and how it was made."""
    return heat.label, ABOUT[heat.method].title


def with_room(picture: Picture) -> Picture:
    """Return a copy of a picture, small ones enlarged by a whole number: words have room there."""
    times = math.ceil(ROOM / min(picture.shape[:2]))
    return np.ascontiguousarray(picture.repeat(times, axis=0).repeat(times, axis=1))


def with_words(picture: Picture, lines: tuple[str, ...]) -> Picture:
    """Return a picture with lines in its corner, and the badge; small ones `with_room` for it."""
    drawn = with_room(picture)
    words = CornerText(top_left=lines, badges=(BADGE,))
    rows, columns = drawn.shape[:2]
    painter = CornerPainter(rows, columns, words)
    painter.require(words.badges)
    painter.paint(drawn, words)
    return drawn


def _facts(picture: Assessed, told: Assessment, heat: Heat) -> dict[str, str | int]:
    about = ABOUT[heat.method]
    return {
        "finding": heat.label, "method": str(heat.method), "unit": about.unit,
        "meaning": about.meaning, "source": about.source, "note": BADGE,
        "sop_instance_uid": picture.sop_instance_uid, "frame": picture.frame,
        "pixels_sha256": picture.pixels_sha256, "model_sha256": told.model.sha256,
    }  # fmt: skip
