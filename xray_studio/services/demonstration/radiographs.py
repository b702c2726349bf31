"""Two chest examinations, from behind and from the side: with a nodule, and a year before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xray_studio.core.job import Job, Progress
from xray_studio.dicom.write.dx import DX_CLASS, VIEWS, Radiograph, write_dx
from xray_studio.dicom.write.seg import Mask, Subject, write_seg
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts
from xray_studio.imaging.chest.radiograph import Films, take
from xray_studio.services.demonstration.patient import LUNG, NODULE, PRIOR, RADIOGRAPHS, SEED

SCALE = 4  # times the size of an angiogram
WINDOW = (2048.0, 4096.0)


@dataclass(frozen=True)
class Recipe:
    """One view: its series number, the exposure in kV and mAs, and its name in files."""

    view: str
    number: int
    description: str
    name: str
    voltage: float
    exposure: float


RECIPES = (
    Recipe("PA", 1, "Chest PA", "pa", 120.0, 1.8),
    Recipe("LL", 2, "Chest lateral", "lateral", 125.0, 4.6),
)
FOLDER, FOLDER_PRIOR = "radiographs", "radiographs-prior"


def parts() -> list[tuple[float, Callable[[Path, int], Job[None]]]]:
    """Return how to write each view, with about the seconds it takes."""
    return [(2.6, partial(write_views, recipe)) for recipe in RECIPES]


def write_views(recipe: Recipe, folder: Path, size: int) -> Job[None]:
    """Write one view of both examinations and the mask of the nodule."""
    yield Progress(0, 2, "Making radiographs")
    films = take(recipe.view, SEED, SCALE * size)
    yield Progress(1, 2, "Making radiographs")
    for place in (folder / FOLDER, folder / FOLDER_PRIOR):
        place.mkdir(exist_ok=True)
    file = f"{recipe.name}.dcm"
    now = _film(recipe, RADIOGRAPHS, films, films.now)
    image = write_dx(folder / FOLDER / file, RADIOGRAPHS, now)
    write_dx(folder / FOLDER_PRIOR / file, PRIOR, _film(recipe, PRIOR, films, films.earlier))
    facts = SeriesFacts(
        "SEG", recipe.number + 100, f"{recipe.description}: nodule", now.acquired, "CHEST"
    )
    mask = _mask(films, recipe.view, image, now.series.uid(RADIOGRAPHS))
    write_seg(folder / FOLDER / f"{recipe.name}-nodule.dcm", RADIOGRAPHS, facts, mask)


def _film(
    recipe: Recipe, study: StudyFacts, films: Films, pixels: NDArray[np.uint16]
) -> Radiograph:
    return Radiograph(
        pixels=pixels,
        number=recipe.number,
        description=recipe.description,
        acquired=study.started + timedelta(minutes=2 * recipe.number),
        view=recipe.view,
        spacing=films.beam.pixel_spacing,
        source_detector=films.beam.source_detector,
        source_patient=films.beam.source_patient,
        window=WINDOW,
        inverse=study is RADIOGRAPHS,
        voltage=recipe.voltage,
        exposure=recipe.exposure,
    )


def _mask(films: Films, view: str, image: str, series: str) -> Mask:
    return Mask(
        frames=films.mask[None],
        images=(image,),
        sop_class=DX_CLASS,
        source_series=series,
        subjects=(Subject("Nodule", NODULE, LUNG),),
        orientation=VIEWS[view][1],
    )
