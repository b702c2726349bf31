"""All marks of a window with their calibrations, and what was changed, so that it can be undone."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from xray_studio.core.clip import Clip
from xray_studio.core.measure.mark import Mark, Spot, index_of

Image: TypeAlias = tuple[str, str]
MOST = 500  # changes that can be undone


@dataclass(frozen=True, slots=True)
class Calibration:
    """Row and column spacing in millimetres that a person gave an object; `image` as in Spot."""

    image: Image
    spacing: tuple[float, float]


Item: TypeAlias = Mark | Calibration


class Change(NamedTuple):
    """One thing before and after; None where there was none."""

    before: Item | None
    after: Item | None

    @property
    def image(self) -> Image:
        """The object that it was done on."""
        item = self.after if self.before is None else self.before
        assert item is not None
        return item.image


@dataclass(frozen=True, slots=True)
class Marks:
    """`each` are the marks in the order drawn, `chosen` the number of the one that keys mean.

    `handle`, from 0, is the one of its handles that they mean, -1 for all of it.

    `past` are changes that can be undone, the latest one last, `future` those that were. `last` is
    the highest number that a mark had.
    """

    each: tuple[Mark, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    chosen: int = 0
    handle: int = -1
    past: tuple[Change, ...] = ()
    future: tuple[Change, ...] = ()
    last: int = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.each)

    def at(self, spot: Spot | None) -> tuple[Mark, ...]:
        """Return the marks that lie on a frame."""
        if spot is None or not self.each:
            return ()
        return tuple(mark for mark in self.each if mark.covers(spot))

    def of(self, clip: Clip) -> tuple[Mark, ...]:
        """Return the marks that lie on any frame of a clip, in the order of its frames."""
        found = [(index_of(clip, mark.spot), mark.number, mark) for mark in self.each]
        known = [(index, number, mark) for index, number, mark in found if index is not None]
        return tuple(mark for *_, mark in sorted(known, key=lambda one: one[:2]))

    def get(self, number: int) -> Mark | None:
        """Return a mark by its number."""
        return next((mark for mark in self.each if mark.number == number), None)

    def spacing(self, image: Image) -> tuple[float, float] | None:
        """Return the spacing that a person gave an object."""
        return next((one.spacing for one in self.calibrations if one.image == image), None)

    def calibration(self, image: Image) -> Calibration | None:
        """Return the calibration of an object."""
        return next((one for one in self.calibrations if one.image == image), None)

    def on(self, image: Image) -> Marks:
        """Return those of one object, with its calibration and nothing that could be undone."""
        return Marks(
            tuple(mark for mark in self.each if mark.image == image),
            tuple(one for one in self.calibrations if one.image == image),
        )

    def moved_to(self, image: Image) -> Marks:
        """Return those of one object on another one, or by another name of it."""
        return replace(
            self,
            each=tuple(replace(m, spot=Spot(*image, m.spot.frame)) for m in self.each),
            calibrations=tuple(replace(one, image=image) for one in self.calibrations),
        )

    def joining(self, other: Marks) -> Marks:
        """Return them with others, which keep their numbers where these are free."""
        each, last = {mark.number: mark for mark in self.each}, max(self.last, other.last)
        for mark in other.each:
            last = max(last, mark.number)
            number = mark.number
            if number in each:
                number = last = last + 1
            each[number] = replace(mark, number=number)
        ordered = tuple(each[number] for number in sorted(each))
        kept = (*self.calibrations, *other.calibrations)
        return replace(self, each=ordered, calibrations=kept, last=last)

    def images(self) -> frozenset[Image]:
        """Return the objects that they lie on, and those that are calibrated."""
        calibrated = (one.image for one in self.calibrations)
        return frozenset((*(mark.image for mark in self.each), *calibrated))

    def choosing(self, number: int, handle: int = -1) -> Marks:
        """Return them with another one chosen, 0 for none."""
        return replace(self, chosen=number, handle=handle)

    def shaping(self, mark: Mark) -> Marks:
        """Return them while a mark is being pulled: nothing yet that could be undone."""
        return self._put(self.get(mark.number), mark)

    def changed(self, before: Item | None, after: Item | None) -> Marks:
        """Return them with one thing added (no `before`), taken away (no `after`) or changed."""
        if before == after:
            return self
        past = (*self.past, Change(before, after))[-MOST:]
        return replace(self._put(before, after), past=past, future=())

    def undone(self, images: AbstractSet[Image]) -> Marks:
        """Return them without the latest change that was done on one of some objects."""
        place = _latest(self.past, images)
        if place is None:
            return self
        change = self.past[place]
        past = (*self.past[:place], *self.past[place + 1 :])
        future = (*self.future, change)
        return replace(self._put(change.after, change.before), past=past, future=future)

    def redone(self, images: AbstractSet[Image]) -> Marks:
        """Return them with the change again that was undone latest on one of some objects."""
        place = _latest(self.future, images)
        if place is None:
            return self
        change = self.future[place]
        future = (*self.future[:place], *self.future[place + 1 :])
        past = (*self.past, change)
        return replace(self._put(change.before, change.after), past=past, future=future)

    def _put(self, before: Item | None, after: Item | None) -> Marks:
        if isinstance(before, Calibration) or isinstance(after, Calibration):
            kept = tuple(one for one in self.calibrations if one != before)
            new = (after,) if isinstance(after, Calibration) else ()
            return replace(self, calibrations=(*kept, *new))
        number = 0 if before is None else before.number
        if after is None:
            kept_marks = tuple(mark for mark in self.each if mark.number != number)
            return replace(
                self, each=kept_marks, chosen=0 if self.chosen == number else self.chosen
            )
        if before is None:
            each = tuple(sorted((*self.each, after), key=lambda mark: mark.number))
            return replace(self, each=each, chosen=after.number, last=max(self.last, after.number))
        each = tuple(after if mark.number == number else mark for mark in self.each)
        return replace(self, each=each, chosen=after.number)


def _latest(changes: tuple[Change, ...], images: AbstractSet[Image]) -> int | None:
    places = (n for n in reversed(range(len(changes))) if changes[n].image in images)
    return next(places, None)


def images_of(clip: Clip | None) -> frozenset[Image]:
    """Return the objects that a clip is made of, as in Spot."""
    if clip is None:
        return frozenset()
    if clip.made:
        return frozenset((("", clip.made),))
    if len(clip.paths) == len(clip.objects):
        return frozenset(
            (uid, path) for (uid, _), path in zip(clip.objects, clip.paths, strict=True)
        )
    if clip.objects:
        path = clip.paths[0] if len(clip.paths) == 1 else ""
        return frozenset((uid, path) for uid, _ in clip.objects)
    return frozenset(("", path) for path in clip.paths)
