"""What the finder of lungs is, which films it learns from, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.cases import Case, Collection, View
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import WEIGHTS, Source
from xray_studio.core.learning.parts import groups
from xray_studio.core.learning.tensors import read_tensors
from xray_studio.core.split import fold_of
from xray_studio.imaging.lung_fields import SPEC, Stage, Values, chances, stages_of
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.kind import Kind, source
from xray_studio.services.learning.tasks.known import film_mark

TASK: Final = "lungs"
FOLDS: Final = 5
MASK: Final = "lung"
NETWORK: Final[Mapping[str, Any]] = {"kind": "lung-context", "stages": 2, "folds": FOLDS}
USE: Final = (
    "Finds the lungs in frontal films of the chest, so that others look there. What is behind the"
    " heart and below the diaphragm is left out. For research and education, not for diagnosis."
)
KIND: Final = Kind("lungs", TASK, (MASK,), NETWORK, SPEC, USE)


@dataclass(frozen=True, slots=True)
class LungSet:
    """Films whose lungs are marked: files, those of their masks, their cases and collections."""

    films: tuple[str, ...]
    masks: tuple[str, ...]
    cases: tuple[Case, ...]
    names: tuple[str, ...]

    def without(self, failed: Sequence[int]) -> LungSet:
        """Return those that did not fail."""
        kept = [number for number in range(len(self.films)) if number not in set(failed)]
        fields = (self.films, self.masks, self.cases, self.names)
        return LungSet(*(tuple(one[n] for n in kept) for one in fields))  # type: ignore[arg-type]  # one of each kind

    def owners(self, alike: Sequence[tuple[int, int]] = ()) -> list[str]:
        """Return the groups of films that must not be parted, by name."""
        return groups(self.cases, alike)

    def sources(self, licences: Mapping[str, str]) -> tuple[Source, ...]:
        """Return what is learned from."""
        found = []
        for name in dict.fromkeys(self.names):
            own = [case for case, one in zip(self.cases, self.names, strict=True) if one == name]
            found.append(source(name, licences, len({case.patient for case in own}), len(own)))
        return tuple(found)


def lung_set(collections: Sequence[Collection]) -> LungSet:
    """Return the films of collections whose lungs are marked; lateral ones are none."""
    found = [
        (film.path, dict(film.masks)[MASK], case, one.name)
        for one in collections
        for case in one.cases
        for film in case.films
        if film.view in {View.FRONTAL, View.UNTOLD} and MASK in dict(film.masks)
    ]
    films, masks, cases, names = zip(*found, strict=True) if found else ((), (), (), ())
    return LungSet(films, masks, cases, names)


def lung_folds(owners: Sequence[str], seed: int) -> list[int]:
    """Return the fold of each film."""
    return [fold_of(owner, FOLDS, seed) for owner in owners]


@dataclass(frozen=True, slots=True, eq=False)
class Lungs:
    """A finder of lungs that is loaded, and the folds of the films that it learned from."""

    stages: tuple[Stage, ...]
    folds: Mapping[int, int]

    @classmethod
    def of(cls, installed: Installed) -> Lungs:
        """Return the finder in a folder. Raises StudioError where it cannot be used."""
        model = installed.model
        tensors = read_tensors(installed.folder / WEIGHTS, model.sha256)
        try:
            known = zip(model.calibration["films"], model.calibration["folds"], strict=True)
            return cls(stages_of(tensors), {int(mark): int(fold) for mark, fold in known})
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableError(
                f"The weights of {model.name} are not those of a finder of lungs; install it again."
            ) from error

    def is_known(self, film: Squashed) -> bool:
        """Tell whether it learned from a film, squashed to its input."""
        return film_mark(film) in self.folds

    def chances(self, film: Squashed) -> Values:
        """Return how likely each pixel is lung, float32 (128, 128), of a film squashed to SPEC.

        A film that it learned from is told by the readout that has not seen it.
        """
        return chances(self.stages, film, self.folds.get(film_mark(film), FOLDS))
