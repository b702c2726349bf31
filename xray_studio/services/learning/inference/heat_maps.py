"""What in a film speaks for a finding, as the finding classifier sees it."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np

from xray_studio.core.errors import UnreadableError, UnsupportedError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import Assessed, Assessment
from xray_studio.core.learning.guest import is_guest
from xray_studio.core.learning.heat import ABOUT, Heat, HeatValues, heat_of, pieces
from xray_studio.core.learning.input_spec import Normalised, Squashed
from xray_studio.core.learning.question import Question, Wish
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import VIEWS, Shown, calibrations, picture_of
from xray_studio.services.learning.models.installed import Installed

_GUEST: Final = (
    "{} is a network that was brought along: it answers, and cannot be explained; take a classifier"
    " that this program has trained."
)
_CHANGED: Final = "The picture is another one than the findings were found in; look for them again."


def explain(
    engine: Engine, model: Installed, assessment: Assessment, film: Shown, wish: Wish
) -> Job[Heat]:
    """Return what in one film of an assessment speaks for a finding.

    Raises UsageError for a finding that the model does not know and for a film that the assessment
    does not rest on, UnreadableError where the film or the model is another one than then, and
    UnsupportedError for networks that users bring.
    """
    if is_guest(model.model):
        raise UnsupportedError(_GUEST.format(model.model.name))
    shown = picture_of(film)
    small = squashed(shown, model.model.input)
    assessed = _assessed(model, assessment, small)
    if assessed is None:
        raise UnreadableError(_CHANGED)
    question = question_of(model, assessment, assessed, wish)
    heat = yield from heat_values(engine, question, model.model.input.normalised(small))
    return heat_of(wish.method, wish.label, heat, (shown.shape[0], shown.shape[1]))


def is_same_picture(model: Installed, assessment: Assessment, film: Shown) -> bool:
    """Tell whether an assessment by a model rests on a film as it is now.

    Raises what the film's source raises where it cannot be read.
    """
    small = squashed(picture_of(film), model.model.input)
    return _assessed(model, assessment, small) is not None


def _assessed(model: Installed, assessment: Assessment, small: Squashed) -> Assessed | None:
    """Return which of its pictures a film is that was squashed for the network, None for none."""
    if assessment.model.sha256 != model.model.sha256:
        return None
    digest = hashlib.sha256(small.tobytes()).hexdigest()
    return next((one for one in assessment.pictures if one.pixels_sha256 == digest), None)


def question_of(
    model: Installed, assessment: Assessment, assessed: Assessed, wish: Wish
) -> Question:
    """Return what is asked of the networks about one of the pictures of an assessment.

    Each network counts by the slope of its calibration, each film by its part in the means of
    films, views and networks, so that maps are in log-odds of the probability that was told.
    """
    views = [str(view) for view in VIEWS]
    if assessed.view not in views or wish.label not in model.model.labels:
        raise UsageError(f"There is nothing to explain of {wish.label} on this film.")
    used = {picture.view for picture in assessment.pictures if picture.view in views}
    seen = "both" if len(used) > 1 else assessed.view
    alike = sum(picture.view == assessed.view for picture in assessment.pictures)
    number = model.model.labels.index(wish.label)
    known = calibrations(model.model, networks_of(model))
    films = alike * len(known)
    shares = tuple(float(one.slope(assessed.view, seen)[number]) / films for one in known)
    view, folder = views.index(assessed.view), str(model.folder)
    return Question(folder, model.model.sha256, view, number, wish.method, shares)


def networks_of(model: Installed) -> int:
    """Return how many networks a finding classifier holds, as its calibration tells."""
    return len({name.partition(" ")[0] for name in model.model.calibration})


def heat_values(engine: Engine, question: Question, picture: Normalised) -> Job[HeatValues]:
    """Return the whole map of a picture (rows, columns), piece by piece."""
    count = pieces(question.method, picture.shape[0])
    title = f"Asking by {ABOUT[question.method].title}"
    whole = np.zeros(picture.shape, np.float32)
    for number in range(count):
        progress = Progress(number, count, title)
        yield progress  # also a piece that comes at once is a place to stop
        whole += yield from engine.heat(question, picture, number, progress)
    return whole
