"""Where the large coronary vessels run: surface positions on the heart (see `Heart`).

Segments and their order follow the American Heart Association (Austen, Circulation 51, 1975).
"""

from __future__ import annotations

from dataclasses import dataclass

Control = tuple[float, float, float]


@dataclass(frozen=True)
class Course:
    """A named branch: where it leaves its parent, its share of the flow, and where it runs.

    `leaves_at` is the distance in mm from the parent's origin, `share` the fraction of the
    parent's flow at its origin, `turn` how sharply it turns away (0 follows the parent first),
    `controls` surface positions (level, angle in degrees, depth).
    """

    name: str
    parent: str
    leaves_at: float
    share: float
    turn: float
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class Vein:
    """A vein in the direction of its flow: radius in mm at both ends, and where it runs."""

    name: str
    first_radius: float
    last_radius: float
    controls: tuple[Control, ...]


TRUNK = "LM-LAD"
LEFT_MAIN_LENGTH = 13.0  # mm from the ostium to the fork
FORK: Control = (-0.04, 108.0, 1.03)
# The left main as seen from the fork, in mm of the patient (left, back, head).
LEFT_MAIN = ((-9.0, 3.6, 8.2), (-6.2, 2.2, 6.0), (-3.0, 0.7, 3.0))

LAD: tuple[Control, ...] = (
    FORK, (0.03, 115, 1.02), (0.12, 121, 1.02), (0.30, 122, 1.02), (0.50, 124, 1.02),
    (0.70, 120, 1.02), (0.86, 114, 1.02), (0.97, 104, 1.02), (1.05, 100, 1.02),
)  # fmt: skip

COURSES = (
    Course("LCX", TRUNK, 13.0, 0.45, 3.0, (
        (-0.03, 92, 1.04), (0.00, 65, 1.05), (0.02, 35, 1.05), (0.03, 5, 1.05),
        (0.05, -22, 1.04), (0.12, -46, 1.03), (0.25, -60, 1.02), (0.40, -66, 1.02),
    )),
    Course("D1", TRUNK, 34.0, 0.10, 1.1, (
        (0.24, 104, 1.02), (0.36, 86, 1.02), (0.50, 70, 1.02), (0.64, 58, 1.02),
    )),
    Course("D2", TRUNK, 62.0, 0.055, 1.1, ((0.50, 108, 1.02), (0.60, 94, 1.02), (0.72, 80, 1.02))),
    Course("D3", TRUNK, 84.0, 0.025, 1.1, ((0.72, 110, 1.02), (0.82, 100, 1.02), (0.92, 92, 1.02))),
    Course("S1", TRUNK, 30.0, 0.022, 2.0, (
        (0.20, 130, 0.96), (0.27, 148, 0.90), (0.35, 168, 0.86), (0.42, 184, 0.84),
    )),
    Course("S2", TRUNK, 48.0, 0.016, 2.0, (
        (0.37, 134, 0.96), (0.44, 152, 0.90), (0.52, 170, 0.87),
    )),
    Course("S3", TRUNK, 65.0, 0.012, 2.0, (
        (0.53, 134, 0.96), (0.60, 152, 0.91), (0.66, 166, 0.88),
    )),
    Course("S4", TRUNK, 82.0, 0.009, 2.0, ((0.67, 134, 0.96), (0.73, 150, 0.92))),
    Course("LA", "LCX", 18.0, 0.03, 1.5, ((-0.08, 88, 1.08), (-0.20, 72, 1.0), (-0.32, 60, 0.9))),
    Course("OM1", "LCX", 38.0, 0.26, 1.1, (
        (0.10, 56, 1.03), (0.26, 46, 1.02), (0.46, 36, 1.02), (0.66, 28, 1.02),
    )),
    Course("OM2", "LCX", 78.0, 0.20, 1.1, (
        (0.14, 10, 1.03), (0.30, 2, 1.02), (0.50, -6, 1.02), (0.70, -9, 1.02),
    )),
    Course("OM3", "LCX", 105.0, 0.10, 1.0, (
        (0.20, -32, 1.03), (0.34, -38, 1.02), (0.50, -42, 1.02),
    )),
)  # fmt: skip

VEINS = (
    Vein("GCV", 0.7, 3.0, (
        (0.80, 128, 1.04), (0.50, 130, 1.05), (0.20, 128, 1.06), (0.00, 112, 1.08),
        (-0.03, 80, 1.10), (-0.03, 40, 1.10), (-0.03, 0, 1.10), (-0.04, -35, 1.08),
        (-0.07, -65, 1.04), (-0.10, -85, 0.98),
    )),
    Vein("PVLV", 0.5, 1.7, (
        (0.70, 12, 1.04), (0.45, -2, 1.05), (0.20, -14, 1.06), (-0.02, -28, 1.08),
    )),
    Vein("AIV", 0.4, 1.1, (
        (0.66, 80, 1.04), (0.45, 95, 1.05), (0.30, 112, 1.05), (0.18, 128, 1.06),
    )),
)  # fmt: skip
