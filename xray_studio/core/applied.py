"""What a pipeline did to a clip, step by step, for whoever tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xray_studio.core.pipeline import Prepared
from xray_studio.core.scene import Noise


@dataclass(frozen=True, slots=True)
class Applied:
    """One step that was done: its name and words, the badge, and the noise that it found."""

    name: str
    words: str
    badge: str
    noise: Noise

    def facts(self) -> dict[str, Any]:
        """Return what a manifest tells."""
        noise = {"gain": self.noise.gain, "ground": self.noise.ground}
        return {"step": self.name, "words": self.words, "badge": self.badge, "noise": noise}


def applied_steps(prepared: Prepared) -> tuple[Applied, ...]:
    """Return what the steps of a pipeline are told as."""
    pairs = zip(prepared.steps, prepared.scenes, strict=True)
    return tuple(
        Applied(step.name, step.words(), step.group.value, scene.noise) for step, scene in pairs
    )
