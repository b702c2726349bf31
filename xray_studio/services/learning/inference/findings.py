"""Which findings the films of a study show, as the finding classifier says.

The view classifier is asked first: of pictures that are no films of a chest nothing is said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import Assessed, Assessment, FindingScore, ModelMark
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.findings import SENSITIVE
from xray_studio.core.learning.fusion import SEEN, Calibration, Numbers, probabilities, unchanged
from xray_studio.core.learning.guest import is_guest
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.learning.model import Model
from xray_studio.core.reasons import losses
from xray_studio.imaging.render import render
from xray_studio.imaging.squash import squashed
from xray_studio.services.dataset.samples import bare
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.tasks.view import is_no_film

if TYPE_CHECKING:
    from xray_studio.ai.findings import Outputs
    from xray_studio.ai.view import Seen

TASK: Final = "classifier"
VIEWS: Final = (View.FRONTAL, View.LATERAL)  # by their numbers in the network
NOT_DIAGNOSIS: Final = "For research and education, not for diagnosis."
LATERAL_ALONE: Final = (
    "There is no frontal film: this rests on a lateral film alone, which shows much less."
)
_NO_CHEST: Final = (
    "This is no film of the chest that the classifier was made for, so it says nothing of findings"
)
_STRANGE: Final = 0.6  # most films are below, negatives of films begin at 0.84
INVERTED: Final = "inverted"  # in place of the view of a film whose negative is a film of the chest
_INVERTED: Final = (
    "This film seems to be inverted, with dark bones and bright air, so nothing is told of it."
    " Write it the other way round first (xray-studio render FILE OUT.png --invert)."
)
CUT: Final = "cut short"  # in place of the view of a film of which a part is missing
CUT_SHORT: Final = (
    "A part of this film is missing, so nothing is told of it; copy the whole file again."
)
_TINTED: Final = 8  # grey levels that the channels of a grey picture differ by at most
_LOOKING: Final = Progress(message="Looking for findings")
_LOADING: Final = Progress(message="Asking which view it is")


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame (from 0) of a clip that is to be looked at."""

    clip: Clip
    frame: int

    @classmethod
    def of(cls, clip: Clip) -> Shown:
        """Return the middle frame of a clip, as in training."""
        return cls(clip, len(clip) // 2)

    @property
    def is_cut_short(self) -> bool:
        """Tell whether a part of this frame is missing; in a file it is the last one."""
        lost = any("incomplete" in one for one in losses(self.clip.acquisition.warnings))
        return lost and (self.frame == len(self.clip) - 1 or len(self.clip.paths) > 1)


@dataclass(frozen=True, slots=True)
class Models:
    """The finding classifier, and the view classifier that is asked before it."""

    findings: Installed
    view: Installed

    @classmethod
    def installed(cls, named: Path | None = None) -> Models:
        """Return the models that are installed, or the classifier in the folder `named`.

        Raises StudioError where one is missing.
        """
        return cls(model_for(TASK, named), model_for("view"))


def assess(engine: Engine, models: Models, films: Sequence[Shown]) -> Job[Assessment]:
    """Return what the classifier says of the films of one study.

    Films are told apart by the view classifier; what is no film of a chest is left out, and where
    nothing else is there the answer abstains. Raises StudioError where a film cannot be read or a
    model cannot be used.
    """
    if not films:
        raise UsageError("Name at least one film.")
    shown = []
    for number, one in enumerate(films):
        yield Progress(number, len(films), "Reading films")
        shown.append(picture_of(one))
    views, note = yield from _told_views(engine, models.view, films, shown)
    pictures = tuple(
        _assessed(film, picture, view, models.findings.model.input)
        for film, picture, view in zip(films, shown, views, strict=True)
    )
    outputs, notes = [], [note]
    for number, view in enumerate(VIEWS):
        chosen = [
            picture
            for picture, told in zip(shown, views, strict=True)
            if told == view and is_for(models.findings.model, view)
        ]
        found = yield from _outputs(engine, models.findings, number, chosen)
        outputs.append(None if found is None else found.values)
        notes.append(found.note if found else "")
    return _assessment(models.findings.model, pictures, outputs, notes)


def is_for(model: Model, view: View) -> bool:
    """Tell whether a classifier answers about films of a view; those that users bring say which."""
    return not is_guest(model) or view in model.network.get("views", [View.FRONTAL])


def picture_of(one: Shown) -> Squashed:
    """Return a frame as it opens in the window."""
    return np.asarray(render(one.clip, one.frame, bare(one.clip)))


def is_tinted(picture: Squashed) -> bool:
    """Tell whether a picture that is kept in colour shows any, (rows, columns[, 3])."""
    channels = picture.astype(np.int16)
    return picture.ndim == 3 and int(np.ptp(channels, axis=2).max(initial=0)) > _TINTED


def views_of(engine: Engine, model: Installed, films: Sequence[Shown]) -> Job[list[str]]:
    """Return which view each film is of, as the view classifier says.

    It is "other" for what is no film of the chest, "inverted" for the negative of one, and "cut
    short" where a part of it is missing.
    """
    shown = [picture_of(film) for film in films]
    views, _ = yield from _told_views(engine, model, films, shown)
    return views


def _told_views(
    engine: Engine, model: Installed, films: Sequence[Shown], shown: Sequence[Squashed]
) -> Job[tuple[list[str], str]]:
    """Return the view of each film, and what did not go as usual.

    A film is taken for inverted where its negative is a chest film and less strange than itself. Of
    359 films of two collections none was; of their negatives, those of a few lateral films alone
    pass for films of the chest.
    """
    seen = yield from _views(engine, model, shown)
    turned = yield from _views(engine, model, [255 - one for one in shown])
    negatives = zip(turned.answers(), _is_less_strange(turned, seen), strict=True)
    told = zip(films, seen.answers(), negatives, strict=True)
    return [_view(film, view, *negative) for film, view, negative in told], seen.note


def _is_less_strange(turned: Seen, seen: Seen) -> list[bool]:
    pairs = zip(turned.strangeness, seen.strangeness, strict=True)
    return [bool(film > _STRANGE and negative < film) for negative, film in pairs]


def _view(film: Shown, view: str, negative: str, is_less_strange: bool) -> str:
    """Return the view of a film; objects that are no films are "other", whatever was seen."""
    if film.is_cut_short:
        return CUT
    if is_no_film(film.clip):
        return View.OTHER
    return INVERTED if is_less_strange and negative in VIEWS else view


def _views(engine: Engine, model: Installed, shown: Sequence[Squashed]) -> Job[Seen]:
    spec = model.model.input
    given = spec.normalised(np.stack([squashed(picture, spec) for picture in shown]))
    seen = yield from engine.view(model, given, _LOADING)
    return seen


def _outputs(
    engine: Engine, model: Installed, view: int, shown: Sequence[Squashed]
) -> Job[Outputs | None]:
    if not shown:
        return None
    spec = model.model.input
    given = spec.normalised(np.stack([squashed(picture, spec) for picture in shown]))
    outputs = yield from engine.findings(model, view, given, _LOOKING)
    return outputs


def _assessed(film: Shown, picture: Squashed, view: str, spec: InputSpec) -> Assessed:
    path = film.clip.paths[0] if film.clip.paths else ""
    uid = film.clip.origin(film.frame)[0] or film.clip.acquisition.sop_instance_uid
    digest = hashlib.sha256(squashed(picture, spec).tobytes()).hexdigest()
    return Assessed(path, uid, film.frame, digest, view)


def _assessment(
    model: Model,
    pictures: tuple[Assessed, ...],
    outputs: Sequence[Numbers | None],
    notes: Sequence[str],
) -> Assessment:
    """Return the answer of all networks together for one study."""
    mark = ModelMark(model.name, model.version, model.sha256)
    if all(one is None for one in outputs):
        return Assessment(pictures, mark, abstained=_silence({one.view for one in pictures}))
    # Several films of one view count as one.
    means = [None if one is None else one.mean(axis=1) for one in outputs]
    frontal, lateral = means
    known = [one for one in means if one is not None]
    logits = np.stack([
        calibration.logits(
            None if frontal is None else frontal[number],
            None if lateral is None else lateral[number],
        )
        for number, calibration in enumerate(calibrations(model, len(known[0])))
    ])  # fmt: skip
    told = [NOT_DIAGNOSIS, LATERAL_ALONE if frontal is None else ""]
    told += [f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in notes if note]
    others = sum(picture.view == View.OTHER for picture in pictures)
    told += [f"{others} of {len(pictures)} pictures are no films of a chest."] if others else []
    inverted = sum(picture.view == INVERTED for picture in pictures)
    told += [f"{inverted} of {len(pictures)} films seem to be inverted: left out."] * (inverted > 0)
    cut = sum(picture.view == CUT for picture in pictures)
    are = "is" if cut == 1 else "are"
    told += [f"{cut} of {len(pictures)} films {are} cut short: left out."] if cut else []
    scores = findings_of(model, logits.mean(axis=0), np.mean(known, axis=(0, 1)))
    return Assessment(pictures, mark, scores, notes=tuple(note for note in told if note))


def _silence(views: set[str]) -> str:
    """Return why nothing is told of films of such views."""
    if CUT in views:
        return CUT_SHORT
    return _INVERTED if INVERTED in views else f"{_NO_CHEST} (view: {', '.join(sorted(views))})."


def findings_of(
    model: Model, logits: npt.NDArray[np.float64], outputs: npt.NDArray[np.float64]
) -> tuple[FindingScore, ...]:
    """Return the findings of one study from calibrated and plain outputs, (labels,) each."""
    chances, plain = probabilities(logits), probabilities(outputs)
    points = model.thresholds
    return tuple(
        FindingScore(
            label,
            float(chances[number]),
            float(plain[number]),
            float(points.get(label, 0.5)),
            float(points.get(f"{label}{SENSITIVE}", 0.0)),
        )
        for number, label in enumerate(model.labels)
    )


def calibrations(model: Model, networks: int) -> list[Calibration]:
    """Return the calibration of each network of a model; one that users bring can have none.

    Raises UnreadableError for that of others.
    """
    if is_guest(model) and not model.calibration:
        return [unchanged(len(model.labels))] * networks
    try:
        return [_calibration(model, number) for number in range(networks)]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError(
            f"The calibration of {model.name} is not that of its networks; install it again."
        ) from error


def _calibration(model: Model, number: int) -> Calibration:
    labels = len(model.labels)

    def line(key: str) -> Numbers:
        return np.array(model.calibration[f"{number} {key}"], np.float64).reshape(labels)

    slopes = {
        seen: np.stack([line(f"{seen}: {view} slopes") for view in views], axis=1)
        for seen, views in SEEN.items()
    }
    return Calibration(slopes, {seen: line(f"{seen}: shifts") for seen in SEEN})


def calibration_facts(calibrations: Sequence[Calibration]) -> dict[str, list[float]]:
    """Return calibrations as they stand in `model.toml`; `calibrations` reads them."""
    found = {}
    for number, one in enumerate(calibrations):
        for seen, views in SEEN.items():
            for view in views:
                found[f"{number} {seen}: {view} slopes"] = _rounded(one.slope(view, seen))
            found[f"{number} {seen}: shifts"] = _rounded(one.shifts[seen])
    return found


def _rounded(values: Numbers) -> list[float]:
    return [round(float(value), 5) for value in values]
