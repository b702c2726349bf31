"""Where the lungs are in a film that a detector has looked at, so that places have names."""

from __future__ import annotations

from xray_studio.core.anomaly.whereabouts import Mask
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Shown
from xray_studio.services.learning.inference.lungs import lung_fields
from xray_studio.services.learning.models.installed import model_for
from xray_studio.services.learning.tasks.lungs import TASK


def lungs_in(clip: Clip) -> Job[Mask | None]:
    """Return the lungs of a film, (rows, columns); None where it is no frontal one.

    Nor are there any where a model is missing: places are told by the picture then.
    """
    try:
        finder, view = model_for(TASK), model_for("view")
        with Engine() as engine:
            found = yield from lung_fields(engine, view, finder, Shown(clip, 0))
    except Cancelled:
        raise
    except StudioError:
        return None
    return found.mask
