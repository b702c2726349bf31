"""The detector `default`: how far a frontal film is from normal ones, in four ways."""

from __future__ import annotations

from xray_studio.core.anomaly.explanation import Contribution, Explanation, Sight
from xray_studio.core.job import Job
from xray_studio.services.anomaly.film_detector import FilmDetector, Looked, Place
from xray_studio.services.learning.inference.atypical import WEIGHTS, Atypical
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Lookers
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.anomaly import CHANNELS, DEFAULT, TASK


class NormalFilms(FilmDetector):
    """Marks what is unlike normal films: form, texture, patches, and what looks like a density."""

    name = DEFAULT
    title = "Unlike normal films"
    task = TASK
    channels = CHANNELS

    def loaded(self, model: Installed, lookers: Lookers) -> Atypical:
        """Return the model in a folder. Raises UnreadableError where it cannot be used."""
        return Atypical.of(model, lookers)

    def told(self, looked: Looked, engine: Engine, place: Place) -> Job[Explanation]:  # noqa: ARG002 - all is known already
        """Tell what each channel adds to the score of a place."""
        yield from ()
        maps = looked.scores.plain.maps
        inner = maps[:, place.top : place.bottom, place.left : place.right].mean(axis=(1, 2))
        parts = tuple(
            Contribution(name, CHANNELS[name], float(WEIGHTS[name] * value))
            for name, value in zip(CHANNELS, inner, strict=True)
        )
        most = max(parts, key=lambda one: one.value)
        sights = tuple(
            Sight(
                name.capitalize(), f"From usual to four spreads above: {CHANNELS[name]}.",
                (one / _MOST).clip(0.0, 1.0),
            )
            for name, one in zip(CHANNELS, maps, strict=True)
        )  # fmt: skip
        share = looked.scores.values[place.peak]
        return Explanation(
            f"Of such places in normal films {100.0 * share:.0f} % have lower scores; most of it is"
            f" {most.name}: {most.words}.",
            parts, "spreads of normal films, by weight", sights,
        )  # fmt: skip


_MOST = 4.0  # spreads above what is usual at which a picture of a channel is full
