"""A volume laid onto another, so that it is shown and saved where that lies."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.volume.registration import Moved, Movement, Registration
from xray_studio.core.volume.volume import Volume


def laid_onto(fixed: Volume, moving: Volume, movement: Movement) -> Job[tuple[Volume, Moved]]:
    """Return the moving volume in the grid and the frame of reference of the fixed one.

    Both have one moment. Raises UsageError where the volumes fit no better than before, and
    UnsupportedError where they cannot be laid onto each other.
    """
    from xray_studio.volume.register import registered  # SimpleITK: not needed to start

    still = fixed.single("A registration")
    made, found = yield from registered(
        still, moving.single("A registration"), Registration(kind=movement.value)
    )
    if not found.is_better:
        raise UsageError(
            "No movement was found under which both volumes fit better; try another kind of"
            " movement, or check that both show the same part of the body."
        )
    return replace(made, frame_of_reference=still.frame_of_reference), found
