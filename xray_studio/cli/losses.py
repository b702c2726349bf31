"""What of a clip is missing, told so that no part is taken for the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xray_studio.cli.common import complain
from xray_studio.core.reasons import losses

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip


def tell_losses(clip: Clip) -> list[str]:
    """Say on standard error what of a clip is missing, and return it."""
    lost = losses(clip.acquisition.warnings)
    for sentence in lost:
        complain(sentence)
    return lost
