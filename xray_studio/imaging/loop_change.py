"""What changes in a loop against its own background, beyond what each place does anyway.

The background is what the two quietest of six parts of the loop show: contrast that arrives, stays
and goes is not in them. Each place has a middle there (its median) and a spread: the median
distance from it, and no less than what a heart that beats does there, so that it is its own
measure. A frame is as unusual at a place as it is far from the middle, in spreads: once sharp, for
lines and edges, and once wide, for faint changes of large areas. Medians hold as long as less than
half of what they are of is unusual (Hampel, "The influence curve and its role in robust
estimation", Journal of the American Statistical Association 69, 1974).

How bright a frame is as a whole does not count: before it is compared it is brought to what the
loop usually shows, its median, by an offset or a gain.

What is never lit, behind a collimator or around a round field, stays as dark (or, inverted, as
bright) as the loop can be however bright a frame is: it is neither measured nor marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.detection import Numbers, Scores
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.loop_brightness import levelled
from xray_studio.imaging.moved import moved
from xray_studio.imaging.pixel_shift import pixel_shift

CHANNELS: Final = {
    "darker": "a line, an edge or a spot is lower in value than where the loop is quiet",
    "brighter": "a line, an edge or a spot is higher in value than where the loop is quiet",
    "area darker": "a wide area is lower in value than where the loop is quiet",
    "area brighter": "a wide area is higher in value than where the loop is quiet",
    "moved": "the frame as a whole has moved against where the loop is quiet",
}
_MOVED: Final = 4
_SHARP, _WIDE = 1.0, 6.0  # pixels: deviations of the Gaussians before frames are compared
_FAINT: Final = 2.0  # spreads: what is farther says no more of a wide area, or it would spread
_NORMAL: Final = 1.4826  # of a normal distribution, the deviation over the median distance
_PARTS: Final = 6  # of a loop
_QUIET: Final = 2  # of them are the background
_FARTHEST: Final = 2.5  # spreads that what happens anyway is from the middle at its farthest
_SMALL: Final = 0.002  # of the range of values: less is no change, in a loop without noise
_LOW: Final = 90.0, 2.0  # percentile of the loop that scores 0, and spreads at the least
_HIGH: Final = 99.0, 8.0  # percentile of the loop that scores 1, and spreads at the least
_EVERY: Final = 7  # of the pixels are enough for percentiles
_COMPARED: Final = 128  # pixels of the longer side at which movement is looked for
_FRAME: Final = 0.3  # score of a frame from which on it is
_SHIFT: Final = 0.7  # pixels from which on a frame has moved
_LEFT: Final = 0.8  # of the detail is left where it was movement, at most
_BETTER: Final = 0.5  # and of a score
_PEAK: Final = 0.01  # of the pixels, the highest, are the score of a frame
_UNLIT: Final = 0.01  # of the range of values from its end is what is never lit, at most
_SHADOW: Final = 0.75  # of the pixels are never lit, at most: else this is how the loop is drawn
_PENUMBRA: Final = 5  # pixels across that the edge of what is never lit takes up

Lit: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The background at one width: middle and spread (rows, columns); spreads that score 0 and 1.

    `width` is the deviation of the Gaussian in pixels, `lit` where there is something to see.
    """

    width: float
    middle: Image
    spread: Image
    lit: Lit
    low: float = 0.0
    high: float = 1.0

    def apart(self, frame: Image) -> Image:
        """Return how far a frame is from the middle, in spreads, with sign.

        How bright the frame is as a whole, its median, does not count.
        """
        return _even(_blurred(frame, self.width) - self.middle, self.lit) / self.spread

    def scored(self, apart: Image) -> Scores:
        """Return scores, 0 to 1."""
        part = (np.abs(apart) - np.float32(self.low)) / np.float32(self.high - self.low)
        return np.asarray(np.clip(part, 0.0, 1.0), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What a loop shows where it is quiet, sharp and wide; `ends` are its usual values.

    `usual` is what it shows most of the time, (rows, columns), as bright as frames are made.
    """

    usual: Image
    fine: Level
    wide: Level
    ends: tuple[float, float]

    @classmethod
    def of(cls, frames: Image) -> Background:
        """Return the background of frames, float32 (frames, rows, columns)."""
        low, high = (float(v) for v in np.percentile(frames[:, ::_EVERY, ::_EVERY], (1.0, 99.0)))
        least = max(_SMALL * (high - low), 1e-6)
        lit, usual = _lit(frames), np.asarray(np.median(frames, axis=0), np.float32)
        frames = np.stack([levelled(frame, usual, lit) for frame in frames])
        quiet = _quiet(np.stack([_blurred(frame, _SHARP) for frame in frames]), lit)
        fine = _level(frames, quiet, _SHARP, least, lit)
        faint = np.stack([_faint(fine.apart(frame)) for frame in frames])
        return cls(usual, fine, _level(faint, quiet, _WIDE, _SMALL, lit), (low, high))

    def change(self, frame: Image) -> tuple[Scores, Numbers]:
        """Return the scores of a frame, 0 to 1, and the number of the channel that says most."""
        frame = levelled(frame, self.usual, self.fine.lit)
        values, fired = self._scored(frame)
        still = self._still(frame) if frame_score(values) >= _FRAME else None
        if still is not None:
            left, _ = self._scored(still)
            fired[(left < _BETTER * values) & (values > 0.0)] = _MOVED
        return values, fired

    def _scored(self, frame: Image) -> tuple[Scores, Numbers]:
        fine = self.fine.apart(frame)
        wide = self.wide.apart(_faint(fine))
        one, other = self.fine.scored(fine), self.wide.scored(wide)
        is_wide = other > one
        sign = np.where(is_wide, wide > 0.0, fine > 0.0)
        return np.maximum(one, other), (2 * is_wide + sign).astype(np.uint8)

    def _still(self, frame: Image) -> Image | None:
        """Return a frame that has moved as a whole where it would be if it had not, else None."""
        small, asked = (reduced(one, _COMPARED) for one in (self.fine.middle, frame))
        low, high = self.ends
        shift = pixel_shift(small, asked, Scene(low, high, seen=self.ends))
        times = frame.shape[1] / small.shape[1]
        right, down = times * shift.right, times * shift.down
        if np.hypot(right, down) < _SHIFT or shift.left > _LEFT:
            return None
        return moved(frame, -right, -down)


def frame_score(values: Scores) -> float:
    """Return the score of a frame: the mean of the highest hundredth of its scores."""
    count = max(1, round(_PEAK * values.size))
    return float(np.partition(values.ravel(), -count)[-count:].mean())


def reduced(frame: Image, side: int) -> Image:
    """Return a frame whose longer side has at most `side` pixels, float32; each is a mean."""
    longest = max(frame.shape)
    if longest <= side:
        return np.asarray(frame, np.float32)
    rows, columns = (max(1, round(one * side / longest)) for one in frame.shape)
    small = cv2.resize(frame.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _lit(frames: Image) -> Lit:
    """Return where a loop ever shows anything but one end of its values, (rows, columns)."""
    low, high = float(frames.min()), float(frames.max())
    near = _UNLIT * (high - low)
    unlit = (frames.max(axis=0) <= low + near) | (frames.min(axis=0) >= high - near)
    across = np.ones((_PENUMBRA, _PENUMBRA), np.uint8)
    unlit = cv2.dilate(cv2.morphologyEx(unlit.astype(np.uint8), cv2.MORPH_OPEN, across), across) > 0
    return np.asarray(~unlit if unlit.mean() <= _SHADOW else np.ones_like(unlit), np.bool_)


def _quiet(frames: Image, lit: Lit) -> npt.NDArray[np.int64]:
    """Return the numbers of the frames in the parts of a loop in which least happens, in order."""
    parts = np.array_split(np.arange(len(frames)), _PARTS)
    small, seen = frames[:, ::2, ::2], lit[::2, ::2]
    by_activity = sorted(parts, key=lambda part: _activity(small[part], seen))
    return np.sort(np.concatenate(by_activity[:_QUIET]))


def _activity(frames: Image, lit: Lit) -> float:
    middle = np.median(frames, axis=0)
    return float(np.mean([np.abs(_even(frame - middle, lit)).mean() for frame in frames]))


def _level(
    frames: Image, quiet: npt.NDArray[np.int64], width: float, least: float, lit: Lit
) -> Level:
    blurred = np.stack([_blurred(frame, width) for frame in frames])
    middle = np.asarray(np.median(blurred[quiet], axis=0), np.float32)
    apart = np.stack([_even(one - middle, lit) for one in blurred])
    far = np.abs(apart[quiet])
    spread = np.maximum(_NORMAL * np.median(far, axis=0), far.max(axis=0) / _FARTHEST)
    spread = np.maximum(spread, max(_noise(apart), least)).astype(np.float32)
    # No two beats are the same: a place is measured by what its neighbours do as well.
    spread = np.asarray(cv2.dilate(spread, np.ones((3, 3), np.uint8)), np.float32)
    every = np.abs(apart[:, ::_EVERY, ::_EVERY] / spread[::_EVERY, ::_EVERY])
    every = every[:, lit[::_EVERY, ::_EVERY]]
    low, high = np.percentile(every, (_LOW[0], _HIGH[0]))
    low = max(float(low), _LOW[1])
    return Level(width, middle, spread, lit, low, max(float(high), _HIGH[1], low + 1.0))


def _noise(apart: Image) -> float:
    """Return the deviation of the noise: from frame to frame, where anything changes at all."""
    steps = np.abs(np.diff(apart[:, ::_EVERY, ::_EVERY], axis=0))
    changed = steps[steps > 0.0]
    return float(_NORMAL * np.median(changed) / np.sqrt(2.0)) if changed.size else 0.0


def _blurred(frame: Image, width: float) -> Image:
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), width), np.float32)


def _faint(apart: Image) -> Image:
    return np.clip(apart, np.float32(-_FAINT), np.float32(_FAINT))


def _even(apart: Image, lit: Lit) -> Image:
    """Return distances without what they have in common where the loop is lit, 0 elsewhere."""
    even = apart - np.float32(np.median(apart[lit]))
    return np.asarray(np.where(lit, even, 0.0), np.float32)
