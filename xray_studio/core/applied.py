"""What a pipeline did to a clip, step by step, for whoever tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xray_studio.core.pipeline import Prepared
from xray_studio.core.scene import Noise, Scene
from xray_studio.core.step import Step


@dataclass(frozen=True, slots=True)
class Applied:
    """One step that was done: its name and words, the badge, and the noise that it found.

    `keeps` tells that its values mean what they meant before, `told` what pictures say of it.
    """

    name: str
    words: str
    badge: str
    noise: Noise
    keeps: bool = True
    told: str = ""

    @property
    def full_words(self) -> str:
        """What was done, in the words of the command line, and what it was done with."""
        return f"{self.words} ({self.told})" if self.told else self.words

    def facts(self) -> dict[str, Any]:
        """Return what a manifest tells."""
        noise = {"gain": self.noise.gain, "ground": self.noise.ground}
        facts = {"step": self.name, "words": self.words, "badge": self.badge, "noise": noise}
        return facts | ({"told": self.told} if self.told else {})


def applied_steps(prepared: Prepared) -> tuple[Applied, ...]:
    """Return what the steps of a pipeline are told as."""
    pairs = zip(prepared.steps, prepared.scenes, strict=True)
    return tuple(_applied(step, scene) for step, scene in pairs)


def _applied(step: Step, scene: Scene) -> Applied:
    after = step.output(scene)
    keeps = (after.low, after.high) == (scene.low, scene.high)
    return Applied(step.name, step.words(), step.group.value, scene.noise, keeps, step.told(scene))
