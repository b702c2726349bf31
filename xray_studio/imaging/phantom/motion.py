"""How the heart beats and the chest breathes, as functions of time in seconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.heart import Heart

SYSTOLE = 0.34  # seconds from the R wave to the smallest ventricle
RELAXED = 0.62  # seconds from the R wave until it has filled again


@dataclass(frozen=True)
class Rhythm:
    """R waves (seconds, rising, before the first and after the last frame) and the breath."""

    r_waves: Array
    breath_depth: float
    breath_period: float
    breath_start: float

    @staticmethod
    def make(seed: int, duration: float) -> Rhythm:
        """Make a sinus rhythm near 70 per minute, a little irregular, and a shallow breath."""
        rng = np.random.default_rng([seed, 4])
        beats = int(duration / 0.6) + 4
        intervals = 0.86 + 0.02 * np.sin(np.arange(beats) * 1.3) + rng.normal(0.0, 0.012, beats)
        waves = np.cumsum(intervals) - intervals[0] - rng.uniform(0.15, 0.8)
        return Rhythm(waves, rng.uniform(2.2, 3.4), rng.uniform(4.2, 5.2), rng.uniform(0.0, 1.0))

    def since_r_wave(self, time: Array | float) -> tuple[Array, Array]:
        """Seconds since the last R wave, and the fraction of the cycle (0 to 1) they make."""
        beat = np.searchsorted(self.r_waves, time, side="right") - 1
        start, end = self.r_waves[beat], self.r_waves[beat + 1]
        return time - start, (time - start) / (end - start)

    def contraction(self, time: Array | float) -> Array:
        """Give 0 at the end of diastole, 1 at the end of systole, below 0 at the atrial kick."""
        since, phase = self.since_r_wave(time)
        rising = _ease((since - 0.03) / (SYSTOLE - 0.03))
        falling = _ease((since - SYSTOLE) / (RELAXED - SYSTOLE))
        filling = 0.22 * (1.0 - _ease((phase - 0.60) / 0.28)) * _ease((since - SYSTOLE) / 0.1)
        kick = 0.06 * np.exp(-(((phase - 0.93) / 0.05) ** 2))
        return np.asarray(np.maximum(rising - falling, filling) - kick)

    def breath(self, time: float) -> float:
        """Shift of the diaphragm towards the feet in mm."""
        turn = 2.0 * np.pi * (time / self.breath_period + self.breath_start)
        return float(self.breath_depth * (np.sin(turn) + 0.18 * np.sin(2.0 * turn + 1.0)))


def _ease(fraction: Array | float) -> Array:
    """Smooth step from 0 to 1."""
    x = np.clip(fraction, 0.0, 1.0)
    return np.asarray(x * x * (3.0 - 2.0 * x))


def beat(heart: Heart, points: Array, contraction: float, breath: float) -> Array:
    """Points (n, 3) of the heart moved by contraction (0 to 1) and breath (mm).

    The base comes down to the apex, the wall thickens inwards and the apex wrings against the base.
    """
    local = heart.to_local(points)
    level = np.clip(local[:, 2] / heart.length, -0.4, 1.1)
    twist = np.deg2rad(contraction * (-4.0 + 13.0 * level))
    inwards = 1.0 - contraction * (0.15 - 0.05 * np.minimum(level, 0.0))
    x, y = inwards * local[:, 0], inwards * local[:, 1]
    cos, sin = np.cos(twist), np.sin(twist)
    down = contraction * (9.0 + 2.5 * local[:, 0] / heart.width) * (1.0 - level)
    moved = np.stack([x * cos - y * sin, x * sin + y * cos, local[:, 2] + down], axis=1)
    swing = contraction * np.array([-1.8, -1.2, 0.6]) + breath * np.array([-0.08, 0.12, -0.75])
    return heart.to_patient(moved) + swing
