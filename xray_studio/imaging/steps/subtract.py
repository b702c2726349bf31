"""Subtraction: what a mask without contrast medium shows, taken away (DSA)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.mask import FileMask
from xray_studio.core.parameter import choice, number, whole
from xray_studio.core.scene import Noise, Scene
from xray_studio.core.step import Group, Image, Stack, Step
from xray_studio.imaging.moved import moved, reached

UNIT: Final = 1000.0  # of these make a natural logarithm
_LEAST: Final = 128.0  # part of the highest value: below there is noise and cover alone
_MOST: Final = 1000  # frames
_AWAY: Final = 50.0  # pixels
NO_FILE_MASK: Final = FileMask(frames=(0,))


@dataclass(frozen=True)
class Subtract(Step):
    """Each frame less the mean of the mask frames, so that contrast medium alone is left.

    Radiation falls exponentially with what it passes, so values that grow with it (Pixel Intensity
    Relationship LIN) are subtracted as logarithms: a vessel then has the same contrast over bone
    and over lung (Kruger et al., "Computerized fluoroscopy in real time for noninvasive
    visualization of the cardiovascular system", Radiology 130, 1979). What comes out is 0 where
    nothing changed and negative where there is less radiation: 1,000 times the natural logarithm
    of the ratio, or the difference of the values where no logarithm is taken.

    Mask frames and shift of the file are those of PS3.3 C.7.6.10; a positive shift moves the mask
    to the right and down. Where the moved mask does not reach, 0 is shown.
    """

    name: ClassVar[str] = "subtract"
    title: ClassVar[str] = "Subtraction"
    about: ClassVar[str] = "Takes a mask without contrast medium away, so that vessels stand alone."
    group: ClassVar[Group] = Group.SUBTRACT
    least_frames: ClassVar[int] = 2

    first: int = whole(
        "First mask frame", 0, 0, _MOST, about="From 1; 0 is as the file says, else frame 1."
    )
    count: int = whole("Mask frames", 1, 1, 64, unit="frames", about="So many are averaged.")
    right: float = number(
        "Right", 0.0, -_AWAY, _AWAY, unit="pixels", about="The mask is moved, also by parts."
    )
    down: float = number(
        "Down", 0.0, -_AWAY, _AWAY, unit="pixels", about="As right; the shift of the file is added."
    )
    logarithm: str = choice(
        "Logarithm", "auto", {"auto": "As the file says", "on": "On", "off": "Off"},
        about="For values that grow with the radiation; auto takes it where the file says LIN.",
    )  # fmt: skip

    def check(self, scene: Scene) -> None:
        """Refuse colours, masks that are not there or cannot be used, and values without any."""
        if scene.colour:
            raise UsageError(f"{self.title} needs a grey picture; this one is in colour.")
        asked = self._file(scene)
        if asked.refused:
            raise UsageError(f"{self.title}: {asked.refused} Choose the mask frames.")
        beyond = [frame + 1 for frame in self.needs(scene) if frame >= scene.frames]
        if beyond:
            raise UsageError(
                f"{self.title}: there is no mask frame {beyond[0]}; the clip has {scene.frames}."
            )
        if self._takes_logarithm(scene) and scene.high <= 0.0:
            raise UsageError(f"{self.title}: no value is above 0; switch the logarithm off.")

    def needs(self, scene: Scene) -> tuple[int, ...]:
        """Return the mask frames."""
        if self.first:
            return tuple(range(self.first - 1, self.first - 1 + self.count))
        named = self._file(scene)
        return tuple(range(self.count)) if named is NO_FILE_MASK else named.frames

    def output(self, scene: Scene) -> Scene:
        """Return a range as wide below 0 as above."""
        log = self._takes_logarithm(scene)
        most = math.ceil(UNIT * math.log(_LEAST)) if log else scene.span
        return replace(
            scene, low=-float(most), high=float(most), noise=Noise(), seen=None, intensity="",
            mask=None, kept=None,
        )  # fmt: skip

    def apply(self, stack: Stack, scene: Scene) -> Image:
        """Return the difference to the moved mask, 0 where that does not reach."""
        frame = stack.middle
        mask = None if scene.kept is None else scene.kept.image
        if mask is None or mask.shape != frame.shape:
            raise UsageError(f"{self.title} needs a mask of the size of the frame.")
        right, down = self.shift(scene)
        there = moved(mask, right, down)
        least = scene.high / _LEAST
        if self._takes_logarithm(scene):
            found = np.float32(UNIT) * (_logarithm(frame, least) - _logarithm(there, least))
        else:
            found = frame - there
        made, inside = np.zeros_like(frame), reached(frame.shape, right, down)
        made[inside] = found[inside]
        after = self.output(scene)
        return np.clip(made, np.float32(after.low), np.float32(after.high), out=made)

    def shift(self, scene: Scene) -> tuple[float, float]:
        """Return how far the mask is moved right and down, with what the file says."""
        named = NO_FILE_MASK if self.first else self._file(scene)
        return self.right + named.right, self.down + named.down

    def told(self, scene: Scene) -> str:
        """Return mask frames, shift and logarithm in words."""
        return "; ".join((self._told_mask(scene), self._told_shift(scene), self._told_log(scene)))

    def _told_mask(self, scene: Scene) -> str:
        frames = self.needs(scene)
        said = f"mask frame{'s' if len(frames) > 1 else ''} {numbers_told(frames)}"
        if self.first:
            return said
        return said + (" (the file names none)" if scene.mask is None else " (as the file says)")

    def _told_shift(self, scene: Scene) -> str:
        right, down = self.shift(scene)
        sideways = f"{abs(right):.4g} {'right' if right > 0 else 'left'}" if right else ""
        along = f"{abs(down):.4g} {'down' if down > 0 else 'up'}" if down else ""
        ways = ", ".join(way for way in (sideways, along) if way)
        return f"mask moved {ways} (pixels)" if ways else "mask not moved"

    def _told_log(self, scene: Scene) -> str:
        if self._takes_logarithm(scene):
            return "logarithm"
        known = self.logarithm == "off" or scene.intensity == "LOG"
        return "no logarithm" if known else "no logarithm (the file does not ask for one)"

    def _takes_logarithm(self, scene: Scene) -> bool:
        return scene.intensity == "LIN" if self.logarithm == "auto" else self.logarithm == "on"

    def _file(self, scene: Scene) -> FileMask:
        named = NO_FILE_MASK if scene.mask is None else scene.mask
        return NO_FILE_MASK if self.first else named


def numbers_told(frames: Sequence[int]) -> str:
    """Return frames, from 0, in words, from 1: "2-5" or "1, 3, 4"."""
    if len(frames) > 2 and all(after - before == 1 for before, after in pairwise(frames)):
        return f"{frames[0] + 1}-{frames[-1] + 1}"
    return ", ".join(str(frame + 1) for frame in frames)


def _logarithm(values: Image, least: float) -> Image:
    made: Image = np.log(np.maximum(values, np.float32(least)))
    return made
