"""What the vision transformer is: its network and input, and which films it learns from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.learning.cases import Collection
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Source
from xray_studio.services.learning.tasks.kind import Kind
from xray_studio.services.learning.tasks.view import (
    ViewFilms,
    ViewParts,
    film_parts,
    sources,
    view_films,
)

TASK: Final = "vit"
SPEC: Final = InputSpec(rows=128, columns=128)
NETWORK: Final[Mapping[str, Any]] = {
    "kind": "vit", "size": 128, "patch": 16, "width": 192, "depth": 6, "heads": 6,
}  # fmt: skip
# With what draws hidden patches, which only the training needs.
LEARNING: Final[Mapping[str, Any]] = {
    **NETWORK, "kind": "masked", "drawn_width": 96, "drawn_depth": 2,
}  # fmt: skip
USE: Final = (
    "Sees what a frontal or lateral film of the chest looks like, patch by patch, having learned"
    " from films alone and nothing that was said of them. It names nothing by itself. For research"
    " and education, not for diagnosis."
)
KIND: Final = Kind("vit", TASK, ("features",), NETWORK, SPEC, USE)
HELD_OUT: Final = 30  # per cent of patients, where the publisher made no parts
_MARKED: Final = "cases"  # the layout with masks: there to judge by alone
_LEAST: Final = 8  # films to learn from


def vit_films(collections: Sequence[Collection]) -> ViewFilms:
    """Return the films of collections that tell the view.

    Those with masks are among them, all as held out, so that copies of them are found.
    """
    return view_films([_to_judge_by(one) for one in collections])


def vit_parts(
    chosen: ViewFilms,
    seed: int,
    alike: Sequence[tuple[int, int]] = (),
    failed: Iterable[int] = (),
) -> ViewParts:
    """Return which films learn and which steer, as `film_parts` does.

    Raises UsageError where there are too few.
    """
    parts = film_parts(chosen, seed, alike, failed, HELD_OUT)
    learned, steering = int(parts.learned.sum()), int(parts.steering.sum())
    if learned < _LEAST or not steering:
        raise UsageError(
            f"There are {learned} films to learn from and {steering} to steer the training by; at"
            f" least {_LEAST} and 1 are needed. Name folders whose tables tell the view (see"
            " docs/learning.md)."
        )
    return parts


def vit_sources(
    chosen: ViewFilms, parts: ViewParts, licences: Mapping[str, str]
) -> tuple[Source, ...]:
    """Return what is learned from, without what is held out."""
    return tuple(one for one in sources(chosen, parts, licences) if one.films)


def _to_judge_by(one: Collection) -> Collection:
    if one.layout != _MARKED:
        return one
    return replace(one, cases=tuple(replace(case, part="test") for case in one.cases))
