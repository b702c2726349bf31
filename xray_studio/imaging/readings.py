"""Read-outs of one frame before and after processing."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.readings import Measured
from xray_studio.core.step import Image
from xray_studio.imaging.metrics import Whiteness, psnr, ssim, whiteness
from xray_studio.imaging.noise import estimate_noise
from xray_studio.imaging.stabilise import Stabiliser

_BLOCK = 16  # pixels
_SLOW = 8.0  # pixels: what varies more slowly is no noise
_QUIET = 0.25  # part of the blocks, those with the least variation before, that noise is told from
_SCALE = 1.0  # pixels: edges are looked at after a little smoothing, or noise would count as edge
_STEEPEST = 99.5  # percentile of all slopes
_LEAST = 11  # pixels of a side that structural similarity needs
_LEAST_WHITE = 64  # pixels of a side that whiteness needs


def measured(before: Image, after: Image, span: float) -> Measured:
    """Measure a frame, float32 (rows, columns), before and after processing.

    `span` is that of all values there can be, which the peak of the signal-to-noise ratio is. Since
    there is no truth to compare with, that ratio and the root mean square only tell the change.
    """
    removed = _removed(before, after)
    change = float(np.sqrt(np.mean((after - before).astype(np.float64) ** 2)))
    return Measured(
        noise=_noise(before, after),
        edges=(_edges(before), _edges(after)),
        change=change,
        psnr=psnr(after, before, span),
        ssim=ssim(after, before, span) if min(before.shape) >= _LEAST else None,
        whiteness=None if removed is None else removed.flatness,
        structure=None if removed is None else removed.structure,
    )


def _removed(before: Image, after: Image) -> Whiteness | None:
    """Return how white what was taken out is, its noise made even; None where nothing was."""
    if min(before.shape) < _LEAST_WHITE or np.array_equal(before, after):
        return None
    stable = Stabiliser(estimate_noise(before[None]), float(before.min()), float(before.max()))
    return whiteness(stable.forward(before) - stable.forward(after), after)


def _noise(before: Image, after: Image) -> tuple[float, float]:
    """Return the standard deviation in the quiet parts, the same ones of both pictures.

    Noise that was smoothed lies at lower frequencies and counts as well. Parts without any noise
    before, as beside the collimator, tell nothing.
    """
    one, other = _spreads(before), _spreads(after)
    seen = one > 0
    if not seen.any():
        return 0.0, float(np.median(other)) if other.size else 0.0
    quiet = seen & (one <= np.quantile(one[seen], _QUIET))
    return float(np.median(one[quiet])), float(np.median(other[quiet]))


def _spreads(image: Image) -> npt.NDArray[np.float64]:
    """Return the standard deviation of each block around what varies slowly."""
    slow = cv2.GaussianBlur(image, (0, 0), _SLOW, borderType=cv2.BORDER_REFLECT)
    rows, columns = (side // _BLOCK for side in image.shape)
    part = (image - slow)[: rows * _BLOCK, : columns * _BLOCK]
    blocks = part.reshape(rows, _BLOCK, columns, _BLOCK)
    spreads: npt.NDArray[np.float64] = blocks.std(axis=(1, 3), dtype=np.float64).ravel()
    return spreads


def _edges(image: Image) -> float:
    """Return how steep the steepest edges are, in values for each pixel."""
    smooth = cv2.GaussianBlur(image, (0, 0), _SCALE, borderType=cv2.BORDER_REFLECT)
    down, across = (
        cv2.Sobel(smooth, cv2.CV_32F, *order, scale=1 / 8) for order in ((0, 1), (1, 0))
    )
    return float(np.percentile(np.hypot(down, across), _STEEPEST))
