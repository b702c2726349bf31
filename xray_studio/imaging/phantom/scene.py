"""One patient in one view: everything a frame needs, made once and then moved and filled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom import collimator, devices, flow, thorax, vessels
from xray_studio.imaging.phantom.curves import Array, unit
from xray_studio.imaging.phantom.detector import Detector
from xray_studio.imaging.phantom.heart import Heart
from xray_studio.imaging.phantom.motion import Rhythm, beat
from xray_studio.imaging.phantom.raster import Image, exponential, warp
from xray_studio.imaging.phantom.splat import Ribbons

BLUSH = 0.0016  # attenuation per mm of muscle whose capillaries are full of contrast
EXPOSURE = 950.0  # stored number that the exposure control keeps in the middle of the image
FLICKER = 0.003  # deviation of the dose from pulse to pulse
LEAD_TIME = 0.12  # seconds by which contrast fills the catheter before it leaves it
FAINTEST = 2e-3  # concentration below which a vessel is not drawn


@dataclass(frozen=True)
class Moment:
    """A point in time: `time` in seconds, the state of heart and chest then (see `Rhythm`)."""

    time: float
    phase: float
    contraction: float
    breath: float


@dataclass(frozen=True)
class Scene:
    """A patient, a view and an injection; `run` varies what differs between two acquisitions.

    Two planes of one injection share their run: `plane` (0 or 1) parts their noise and blades.
    """

    beam: ConeBeam
    seed: int
    run: int
    duration: float
    stenosis: vessels.Stenosis | None
    plane: int = 0

    @cached_property
    def heart(self) -> Heart:
        """The heart at the end of diastole."""
        return Heart()

    @cached_property
    def rhythm(self) -> Rhythm:
        """Heart beat and breath during this run."""
        return Rhythm.make(self.run_seed, self.duration + 3.0)

    @cached_property
    def bolus(self) -> flow.Bolus:
        """The injection of this run."""
        return flow.Bolus(self.rhythm, duration=self.duration)

    @cached_property
    def vessels(self) -> vessels.Vessels:
        """Arteries and veins; the same in every run of a patient."""
        return vessels.grow(self.heart, self.seed, self.stenosis)

    @cached_property
    def detector(self) -> Detector:
        """The image chain."""
        return Detector()

    @cached_property
    def shutter(self) -> Image:
        """1 where the image is shown, 0 behind the electronic shutter."""
        return collimator.shutter(self.beam.size)

    @property
    def blade_edges(self) -> tuple[float, float, float, float]:
        """Left, right, upper and lower edge of the collimator in pixels from 0."""
        return collimator.edges(self.beam.size, self.plane_seed)

    @property
    def run_seed(self) -> int:
        """Seed of what differs from run to run."""
        return self.seed * 1000 + self.run

    @property
    def plane_seed(self) -> int:
        """Seed of what also differs between the two planes of a run."""
        return self.run_seed + 500 * self.plane

    def moment(self, time: float) -> Moment:
        """State of motion at a time in seconds from the first frame."""
        _, phase = self.rhythm.since_r_wave(time)
        contraction = float(self.rhythm.contraction(time))
        return Moment(time, float(phase), contraction, self.rhythm.breath(time))

    def moved(self, points: Array, moment: Moment) -> Array:
        """Points (n, 3) of the resting heart where they are at a moment."""
        return beat(self.heart, points, moment.contraction, moment.breath)

    def narrowing(self, moment: Moment) -> tuple[float, float] | None:
        """Column and row of the narrowing's middle at a moment, None where there is none."""
        known = self.vessels
        if self.stenosis is None:
            return None
        part = known.slices[known.names.index(self.stenosis.vessel)]
        at = int(np.abs(known.distance[part] - self.stenosis.distance).argmin())
        column, row = self.beam.project(self.moved(known.tubes.points[part][at][None], moment))[0][
            0
        ]
        return float(column), float(row)

    def concentration(self, time: float) -> Array:
        """Contrast (0 to 1) at every sample of the vessels."""
        known = self.vessels
        arteries = self.bolus.arterial(time, known.distance[: known.arteries])
        veins = self.bolus.venous(time, known.distance[known.arteries :])
        filled = np.concatenate([arteries, veins])
        return np.where(filled > FAINTEST, filled, 0.0)

    def contrast_path(self, moment: Moment) -> Image:
        """Path through undiluted contrast within arteries, mm (rows, columns)."""
        weight = self.concentration(moment.time) * self.vessels.visible * self.vessels.is_artery
        return self._ribbons.draw(self.moved(self.vessels.tubes.points, moment), weight)

    def _add_contrast(self, total: Image, moment: Moment) -> None:
        ribbons = self._ribbons  # made here even before there is contrast: see `angiogram_job`
        weight = flow.IODINE * self.concentration(moment.time) * self.vessels.visible
        if weight.any():
            ribbons.add(total, self.moved(self.vessels.tubes.points, moment), weight)

    def attenuation(self, moment: Moment) -> Image:
        """Line integral of attenuation (rows, columns), from tube to detector."""
        perfusion = BLUSH * self.bolus.muscle(moment.time)
        total = self._thorax.beating(moment.contraction, perfusion)
        total += self._still
        total += self._breathing(moment)
        self._add_contrast(total, moment)
        ostium = self.moved(self.vessels.tubes.points[:1], moment)[0]
        devices.add_spill(total, self.beam, self._spill, ostium, moment.time)
        filling = self.bolus.at_ostium(moment.time + LEAD_TIME)
        self._catheter.add(total, ostium - self.vessels.tubes.points[0], filling)
        return total

    def mean_signal(self, moment: Moment, index: int) -> Image:
        """Noise-free stored numbers (rows, columns) of frame `index`, before the shutter."""
        dose = np.random.default_rng([self.plane_seed, 9, index]).normal(0.0, FLICKER)
        total = self.attenuation(moment)
        return self.detector.expose(exponential(np.subtract(np.float32(dose), total, out=total)))

    def frame(self, time: float, index: int) -> NDArray[np.uint16]:
        """Return the stored pixels (rows, columns) of frame `index`, taken at `time` seconds."""
        signal = self.mean_signal(self.moment(time), index)
        return self.detector.read(signal, self.plane_seed * 7919 + index, self.shutter)

    @cached_property
    def _ribbons(self) -> Ribbons:
        return Ribbons(self.vessels.tubes, self.beam)

    @cached_property
    def _thorax(self) -> thorax.Thorax:
        return thorax.build(self.beam, self.heart, self.seed)

    @cached_property
    def _still(self) -> Image:
        """All that does not move, with the logarithm of the dose taken off."""
        size, chest = self.beam.size, self._thorax
        patient = chest.still + chest.breathing + chest.beating(0.0, 0.0)
        wedge = collimator.wedge(patient)
        middle = slice(size // 5, size - size // 5)
        seen = np.exp(-(patient + wedge)[middle, middle]).mean()
        dose = np.float32(EXPOSURE / seen) * collimator.heel(size, self.seed)
        dose *= collimator.blades(size, self.plane_seed)
        fixed = chest.still + wedge + devices.ecg_lead(self.beam, self.seed)
        return np.asarray(fixed - np.log(dose), np.float32)

    @cached_property
    def _catheter(self) -> devices.Catheter:
        first = self.vessels.tubes.points[:9]
        return devices.Catheter(self.beam, first[0], unit(first[8] - first[0]))

    @cached_property
    def _spill(self) -> list[devices.Puff]:
        return devices.spill(self.run_seed, self.bolus.start, self.bolus.length)

    def _breathing(self, moment: Moment) -> Image:
        """Diaphragm and lung markings, moved down with the breath."""
        down = np.array([[0.0, 0.0, 0.0], [0.0, 0.1 * moment.breath, -moment.breath]])
        rest, now = self.beam.project(down)[0]
        return warp(self._thorax.breathing, np.column_stack([np.eye(2), now - rest]))
