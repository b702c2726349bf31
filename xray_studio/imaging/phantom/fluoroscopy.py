"""Fluoroscopy: a tenth of the dose, free breathing, no contrast, a wire on its way down the LAD."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.detector import Detector
from xray_studio.imaging.phantom.flow import Bolus
from xray_studio.imaging.phantom.motion import Rhythm
from xray_studio.imaging.phantom.raster import Image
from xray_studio.imaging.phantom.scene import Moment, Scene
from xray_studio.imaging.phantom.wire import GuideWire

BREATH = 7.5  # mm by which the diaphragm moves
NEVER = 1e6  # seconds: no contrast is injected
LOW_DOSE = Detector(gain=4.2, electronic=8.0)


@dataclass(frozen=True)
class Fluoroscopy(Scene):
    """A scene under fluoroscopy."""

    @cached_property
    def rhythm(self) -> Rhythm:
        """Heart beat and free breathing during this run."""
        return replace(Rhythm.make(self.run_seed, self.duration + 3.0), breath_depth=BREATH)

    @cached_property
    def bolus(self) -> Bolus:
        """No injection."""
        return Bolus(self.rhythm, start=NEVER, duration=self.duration)

    @cached_property
    def detector(self) -> Detector:
        """The image chain at fluoroscopic dose."""
        return LOW_DOSE

    def attenuation(self, moment: Moment) -> Image:
        """Line integral of attenuation (rows, columns), the wire included."""
        total = super().attenuation(moment)
        self.wire.add(total, self.artery(moment), moment.time)
        return total

    def artery(self, moment: Moment) -> Array:
        """Centre line (n, 3) of left main and LAD at a moment."""
        return self.moved(self.vessels.tubes.points[self.vessels.slices[0]], moment)

    @cached_property
    def wire(self) -> GuideWire:
        """The guide wire."""
        return GuideWire(self.beam, self._catheter.points)
