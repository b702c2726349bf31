"""What detectors of the unusual in films are: their models, and which films they learn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.learning.cases import Case, Collection, View
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Source
from xray_studio.core.split import part_of
from xray_studio.services.learning.films.judged_regions import FilmVerdicts
from xray_studio.services.learning.tasks.kind import Kind
from xray_studio.services.learning.tasks.view import ViewFilms, film_sources
from xray_studio.services.learning.tasks.vit import vit_films, vit_parts

DEFAULT: Final = "default"
RECIPE: Final = "hog-vit-iforest"
TASK: Final = "anomaly"
RECIPE_TASK: Final = "anomaly-forest"
DETECTOR_OF: Final[Mapping[str, str]] = {TASK: DEFAULT, RECIPE_TASK: RECIPE}
# Every film is first squashed to this, and from it to what each network takes.
FILM: Final = InputSpec(rows=256, columns=256)
CHANNELS: Final[Mapping[str, str]] = {
    "form": "large shapes that normal films do not have there",
    "texture": "a texture of the lungs that normal films do not have there",
    "patches": "patches that the vision transformer knows otherwise from normal films",
    "density": "what looks like a density, fluid or missing lung, as drawn into normal films",
}
GROUPS: Final[Mapping[str, str]] = {
    "edges": "how edges run (histograms of oriented gradients)",
    "patches": "what the vision transformer sees there",
    "attention": "how much the vision transformer looks there",
}
BLOCKS: Final = (4, 7, 10)  # of the published network, for the head
SIDE: Final = 7  # places a side of what is left over of maps
NETWORK: Final[Mapping[str, Any]] = {
    "kind": "atypical", "form": 112, "texture": [80, 112], "tokens": 192, "grid": 8,
    "side": SIDE, "parts": 48, "head": 232, "width": 96,
}  # fmt: skip
TREES: Final = 100
SAMPLE: Final = 256
AXES: Final = 16  # principal components of tokens
_USE: Final = (
    "Marks what in a frontal film of the chest is unlike normal films. What is marked need not be a"
    " disease, and what is not need not be normal. For research and education, not for diagnosis."
)
KINDS: Final[Mapping[str, Kind]] = {
    DEFAULT: Kind("anomaly", TASK, tuple(CHANNELS), NETWORK, FILM, _USE),
    RECIPE: Kind(
        "hog-vit-iforest", RECIPE_TASK, tuple(GROUPS),
        {"kind": "isolation-forest", "sample": SAMPLE}, FILM, _USE,
    ),
}  # fmt: skip
_HELD: Final = 25  # per cent of the patients with normal films, by whom thresholds are set
_LEAST: Final = 8  # normal films in each part

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Normals:
    """Normal frontal films, by numbers of `chosen`: to learn from, and to set thresholds by.

    None is of a patient who is held out to judge by. `by_readers` counts those that no table calls
    normal, but readers do.
    """

    chosen: ViewFilms
    learned: Numbers
    held: Numbers
    copies: tuple[int, ...]
    by_readers: int = 0


def normals(
    collections: Sequence[Collection],
    seed: int,
    alike: Sequence[tuple[int, int]] = (),
    failed: Iterable[int] = (),
    judged: FilmVerdicts | None = None,
) -> Normals:
    """Return the normal films of patients from whom the vision transformer learns too.

    Of these patients a quarter sets thresholds and is not learned from; which films are abnormal
    plays no part. By what readers made of regions (`judged`), patients in whom they meant one are
    left out; a film without labels of which all that was marked was rejected is learned from, and
    sets no threshold, since it was chosen for being marked. Raises UsageError where there are too
    few.
    """
    judged = judged or FilmVerdicts()
    chosen = vit_films(collections)
    parts = vit_parts(chosen, seed, alike, failed)
    kept = parts.learned | parts.steering
    ill = {_case(chosen, number).patient for number in judged.meant}
    found = [
        number
        for number in np.flatnonzero(kept)
        if chosen.films[number].view is View.FRONTAL
        and _is_normal(chosen, int(number), judged)
        and _case(chosen, int(number)).patient not in ill
    ]
    shares = 100 - _HELD, _HELD, 0
    names = [_case(chosen, int(number)).patient for number in found]
    # Of another seed, since hashes of the same one would all be on one side.
    held = np.array([part_of(name, shares, seed + 2) == "val" for name in names], np.bool_)
    told = np.array([_case(chosen, int(n)).labels is not None for n in found], np.bool_)
    numbers, more = np.array(found, np.int64), int((~told & ~held).sum())
    made = Normals(chosen, numbers[~held], numbers[held & told], parts.copies, more)
    if min(len(made.learned), len(made.held)) < _LEAST:
        raise UsageError(
            f"There are {len(made.learned)} normal frontal films to learn from and"
            f" {len(made.held)} to set thresholds by; at least {_LEAST} of each are needed. Name"
            " folders whose tables tell which films are normal (see docs/learning.md)."
        )
    return made


def _case(chosen: ViewFilms, number: int) -> Case:
    return chosen.cases[int(chosen.owners[number])]


def _is_normal(chosen: ViewFilms, number: int, judged: FilmVerdicts) -> bool:
    """Tell whether a table calls a film normal, or, where none says anything, readers do."""
    labels = _case(chosen, number).labels
    return number in judged.rejected if labels is None else NORMAL in labels


def normal_sources(found: Normals, licences: Mapping[str, str]) -> tuple[Source, ...]:
    """Return what is learned from, with that by which thresholds are set."""
    return film_sources(found.chosen, (*found.learned, *found.held), licences)
