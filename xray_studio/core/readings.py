"""What is measured of a frame before and after processing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Pairs are before and after, in units of the values.

    `noise` is a standard deviation, `edges` the slope of the steepest edges for each pixel.
    `change` is the root mean square of the difference, `psnr` its peak signal-to-noise ratio in
    decibels, infinite where nothing changed, `ssim` the structural similarity of both (1: the
    same), None for pictures too small for it. `whiteness` of the change is 1 and `structure` in it
    0 where it is nothing but noise; None where nothing changed, and for small pictures.
    """

    noise: tuple[float, float]
    edges: tuple[float, float]
    change: float
    psnr: float
    ssim: float | None
    whiteness: float | None
    structure: float | None
