"""ICC profiles of pictures in colour (PS3.3 C.11.15): their colours as sRGB, by LittleCMS."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

Picture = npt.NDArray[np.uint8]
STEPS = 17  # samples of each primary that tell whether a profile changes anything
SAME = 1  # grey levels by which a conversion may differ from none at all
BROKEN = "The ICC profile is damaged; its colours are shown as stored."
OTHER = "The ICC profile is not one for RGB; the colours are shown as stored."


def profile_problem(profile: bytes) -> str:
    """Return why a profile cannot be used as a sentence, "" when it can.

    Runs in a worker process: profiles are of unknown origin. The same bytes are used afterwards.
    """
    try:
        if ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space.strip() != "RGB":
            return OTHER
        _transform(profile)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return BROKEN
    return ""


def srgb_profile() -> bytes:
    """Return the ICC profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def to_srgb(picture: Picture, profile: bytes) -> Picture:
    """Return RGB uint8 (rows, columns, 3) as sRGB; the profile has no problem.

    What a profile leaves as it is within one level comes back unchanged.
    """
    transform = _transform(profile)
    return picture if transform is None else _applied(picture, transform)


@lru_cache(maxsize=8)
def _transform(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    """Return the conversion to sRGB, None when it changes nothing that can be seen."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    transform = ImageCms.buildTransform(
        source,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        "RGB",
        "RGB",
        renderingIntent=ImageCms.Intent(ImageCms.getDefaultIntent(source)),
    )
    levels = np.linspace(0, 255, STEPS).round().astype(np.uint8)
    sample = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(STEPS, -1, 3)
    apart = np.abs(_applied(sample, transform).astype(np.int16) - sample)
    return None if apart.max() <= SAME else transform


def _applied(picture: Picture, transform: ImageCms.ImageCmsTransform) -> Picture:
    image = Image.fromarray(np.ascontiguousarray(picture))
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None, "not in place"
    return np.asarray(converted)
