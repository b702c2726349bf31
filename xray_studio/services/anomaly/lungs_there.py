"""Where the lungs are in a film that a detector has looked at, so that places have names."""

from __future__ import annotations

from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.anomaly.whereabouts import Mask
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.services.anomaly.classifier_heat import ClassifierHeat
from xray_studio.services.anomaly.film_detector import FilmDetector
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Shown
from xray_studio.services.learning.inference.lungs import lung_fields, lungs_of
from xray_studio.services.learning.models.installed import model_for
from xray_studio.services.learning.tasks.lungs import TASK, Lungs


def lungs_for(detector: AnomalyDetector, clip: Clip) -> Job[Mask | None]:
    """Return the lungs of a film that a detector has marked something in, as `lungs_in`.

    Where it marks frontal films of the chest alone, nobody need be asked whether it is one.
    """
    found = yield from lungs_in(clip, frontal=isinstance(detector, FilmDetector | ClassifierHeat))
    return found


def lungs_in(clip: Clip, *, frontal: bool = False) -> Job[Mask | None]:
    """Return the lungs of a film, (rows, columns); None where it is no frontal one.

    `frontal` tells that it is one. Nor are there any where a model is missing: places are told by
    the picture then.
    """
    try:
        if frontal:
            yield Progress(message="Looking for the lungs")
            return lungs_of(Lungs.of(model_for(TASK)), Shown(clip, 0))[0]
        finder, view = model_for(TASK), model_for("view")
        with Engine() as engine:
            found = yield from lung_fields(engine, view, finder, Shown(clip, 0))
    except Cancelled:
        raise
    except StudioError:
        return None
    return found.mask
