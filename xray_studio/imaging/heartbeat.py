"""Electrocardiograms of twelve leads, made of the waves P, Q, R, S and T.

Each wave is a current with a direction in the body; a lead sees the part that points along it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Wave: seconds after the R wave, deviation in seconds, and its current in microvolts towards the
# left, the feet and the front.
WAVES = (
    (-0.165, 0.022, (85.0, 120.0, 30.0)),
    (-0.034, 0.009, (-150.0, -60.0, 190.0)),
    (0.000, 0.0115, (1050.0, 880.0, -250.0)),
    (0.032, 0.011, (-220.0, -130.0, -560.0)),
    (0.240, 0.046, (230.0, 200.0, 170.0)),
    (0.285, 0.032, (140.0, 110.0, 90.0)),
)
PRECORDIAL = {  # degrees in the horizontal plane from the left towards the front, gain
    1: (112.0, 1.0), 2: (94.0, 1.35), 3: (76.0, 1.35), 4: (56.0, 1.25), 5: (28.0, 1.1),
    6: (2.0, 0.95),
}  # fmt: skip
NOISE, WANDER = 6.0, 28.0  # microvolts


def electrocardiogram(r_waves: Array, seconds: float, rate: float, seed: int = 1) -> Array:
    """Return samples (n, 12) in microvolts of leads I, II, III, aVR, aVL, aVF, V1 to V6.

    `r_waves` in seconds, `rate` in samples a second. The same arguments give the same samples.
    """
    time = np.arange(round(seconds * rate)) / rate
    current = np.zeros((3, len(time)))
    for beat in r_waves:
        for after, wide, towards in WAVES:
            shape = np.exp(-0.5 * ((time - beat - after) / wide) ** 2)
            current += np.outer(towards, shape)
    rng = np.random.default_rng([seed, 51])
    electrodes = _electrodes(current)
    electrodes += NOISE * rng.standard_normal(electrodes.shape)
    phase = rng.uniform(0.0, 2.0 * np.pi, (len(electrodes), 1))
    electrodes += WANDER * np.sin(2.0 * np.pi * time / 4.4 + phase)
    return _leads(electrodes).T


def _electrodes(current: Array) -> Array:
    """Potentials (9, n) of right arm, left arm, left leg and V1 to V6."""
    left, foot, front = current
    limbs = [-0.5 * left - 0.29 * foot, 0.5 * left - 0.29 * foot, 0.58 * foot]
    chest = []
    for degrees, gain in PRECORDIAL.values():
        turn = np.deg2rad(degrees)
        chest.append(gain * (np.cos(turn) * left + np.sin(turn) * front + 0.12 * foot))
    return np.array([*limbs, *chest])


def _leads(electrodes: Array) -> Array:
    right, left, foot, *chest = electrodes
    centre = (right + left + foot) / 3.0
    return np.array([
        left - right, foot - right, foot - left,
        right - (left + foot) / 2.0, left - (right + foot) / 2.0, foot - (right + left) / 2.0,
        *(each - centre for each in chest),
    ])  # fmt: skip
