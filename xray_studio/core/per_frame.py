"""A value that the file gives for each frame of a clip instead of once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class PerFrame(Generic[T_co]):
    """One value a frame, in order; `each` has as many as the clip has frames."""

    each: tuple[T_co, ...]

    def __hash__(self) -> int:
        """Return the hash of the ends: there may be thousands between them."""
        return hash((len(self.each), self.each[0], self.each[-1]))

    def at(self, index: int) -> T_co:
        """Return the value of frame `index`, from 0."""
        return self.each[index]

    @property
    def middle(self) -> T_co:
        """The value of the middle frame, which stands for all of them."""
        return self.each[len(self.each) // 2]


def at_frame(value: T | PerFrame[T], index: int) -> T:
    """Return what holds for frame `index`, from 0."""
    return value.at(index) if isinstance(value, PerFrame) else value


def middle_of(value: T | PerFrame[T]) -> T:
    """Return what holds for the middle frame, which stands for all of them."""
    return value.middle if isinstance(value, PerFrame) else value


def for_frames(each: Iterable[T]) -> T | PerFrame[T]:
    """Return one value where all are equal, else one a frame. There is at least one."""
    values = tuple(each)
    return values[0] if all(one == values[0] for one in values) else PerFrame(values)
