"""What lies in the files that a user names: volumes to choose from, each opened when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.volume.volume import Volume

Opener: TypeAlias = Callable[[], Job[Volume]]


@dataclass(frozen=True, slots=True)
class Part:
    """One volume: `shape` is (planes, rows, columns), with the number of moments before several.

    `slices` counts those that files hold.
    """

    title: str
    format: str
    shape: tuple[int, ...]
    opener: Opener
    paths: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it is and its size, in a few words."""
        *moments, planes, rows, columns = self.shape
        size = f"{columns} x {rows} x {planes}" + "".join(f" x {count}" for count in moments)
        return f"{self.title or self.format}, {size}"


def chosen(parts: Sequence[Part], number: int | None) -> Part:
    """Return part `number`, from 1, or the only one with more than one slice.

    Raises UsageError, naming the parts, where the choice is the user's.
    """
    if number is not None:
        if not 1 <= number <= len(parts):
            raise UsageError(f"There is no volume {number} here; {_listed(parts)}")
        return parts[number - 1]
    deep = [part for part in parts if part.shape[-3] > 1]
    if len(deep) == 1:
        return deep[0]
    if len(parts) == 1:
        return parts[0]
    raise UsageError(f"There are {len(parts)} volumes here, choose one with --part: {_list(parts)}")


def _listed(parts: Sequence[Part]) -> str:
    return f"choose one of {_list(parts)}"


def _list(parts: Sequence[Part]) -> str:
    words = [f"{number} ({part.words})" for number, part in enumerate(parts[:9], 1)]
    return ", ".join(words) + (", ..." if len(parts) > 9 else "") + "."
