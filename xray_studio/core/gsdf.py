"""Grayscale Standard Display Function: which luminances look equally far apart (DICOM PS3.14).

The function gives the luminance of each just-noticeable difference (JND) of an average observer
(Barten's model). A display that follows it shows equal steps of P-values as equal steps to the eye.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError

Values: TypeAlias = npt.NDArray[np.float64]

FIRST, LAST = 1.0, 1023.0  # JND indices that the function is defined for
DARKEST, BRIGHTEST = 0.05, 3993.404  # cd/m2 at these indices, as PS3.14 Table B-1 has them

# PS3.14 7.1: numerator a c e g m and denominator 1 b d f h k, in powers of ln(j).
_ABOVE: Final = (-1.3011877, 8.0242636e-2, 1.3646699e-1, -2.5468404e-2, 1.3635334e-3)
_BELOW: Final = (1.0, -2.5840191e-2, -1.0320229e-1, 2.8745620e-2, -3.1978977e-3, 1.2992634e-4)
# PS3.14 7.1: the inverse A to I, in powers of log10(L). A fit, good to some hundredths of a JND.
_INVERSE: Final = (
    71.498068, 94.593053, 41.912053, 9.8247004, 0.28175407, -1.1878455, -0.18014349, 0.14710899,
    -0.017046845,
)  # fmt: skip
_ROUNDING: Final = 1e-3  # part by which a luminance may lie outside, since tables are rounded


def luminance(jnd: npt.ArrayLike) -> Values:
    """Return the luminance in cd/m2 of JND indices from 1 to 1023, which may be fractions.

    Raises UsageError outside this range.
    """
    indices = np.asarray(jnd, np.float64)
    if not np.all((indices >= FIRST) & (indices <= LAST)):
        raise UsageError("JND indices go from 1 to 1,023; choose others.")
    return _power_of_ten(np.log(indices))


def jnd_index(cd_per_m2: npt.ArrayLike) -> Values:
    """Return the JND index, 1 to 1023 with fractions, of luminances in cd/m2.

    The fit of the standard is made exact by Newton's method, so that this is the inverse of
    `luminance`. Raises UsageError for luminances below 0.05 or above 3993.4 cd/m2.
    """
    values = np.asarray(cd_per_m2, np.float64)
    _check(values)
    wanted = np.log10(values)
    indices = np.clip(np.polynomial.polynomial.polyval(wanted, _INVERSE), FIRST, LAST)
    for _ in range(8):
        logs = np.log(indices)
        slope = _slope(logs) / indices
        indices = np.clip(indices - (_exponent(logs) - wanted) / slope, FIRST, LAST)
    return np.asarray(indices, np.float64)


def seen_luminance(
    p_values: npt.ArrayLike, darkest: float, brightest: float, ambient: float = 0.0
) -> Values:
    """Return the luminance in cd/m2 that P-values, 0 to 1, should have on a display.

    `darkest` and `brightest` are the luminances the display itself gives for 0 and 1, `ambient`
    what it reflects of the light of the room; the result includes it (PS3.14 Annex C). Raises
    UsageError for luminances outside the function, and where `brightest` is not the larger one.
    """
    parts = np.asarray(p_values, np.float64)
    if not np.all((parts >= 0.0) & (parts <= 1.0)):
        raise UsageError("P-values go from 0 to 1; choose others.")
    if not brightest > darkest:
        raise UsageError("White must be brighter than black; look at the two luminances again.")
    low, high = jnd_index([darkest + ambient, brightest + ambient])
    return luminance(low + parts * (high - low))


def _check(values: npt.NDArray[Any]) -> None:
    low, high = DARKEST * (1 - _ROUNDING), BRIGHTEST * (1 + _ROUNDING)
    outside = values[~((values >= low) & (values <= high))]  # catches what is no number, too
    if outside.size:
        raise UsageError(
            f"{outside.flat[0]:g} cd/m² lies outside of the Grayscale Standard Display Function, "
            "0.05 to 3,993 cd/m²; measure again, with the light of the room included."
        )


def _power_of_ten(logs: Values) -> Values:
    return np.asarray(10.0 ** _exponent(logs), np.float64)


def _exponent(logs: Values) -> Values:
    """Return log10 of the luminance at ln(j)."""
    polynomial = np.polynomial.polynomial.polyval
    return np.asarray(polynomial(logs, _ABOVE) / polynomial(logs, _BELOW), np.float64)


def _slope(logs: Values) -> Values:
    """Return how fast the exponent grows with ln(j)."""
    value, derive = np.polynomial.polynomial.polyval, np.polynomial.polynomial.polyder
    above, below = value(logs, _ABOVE), value(logs, _BELOW)
    grown = value(logs, derive(_ABOVE)) * below - above * value(logs, derive(_BELOW))
    return np.asarray(grown / below**2, np.float64)
