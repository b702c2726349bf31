"""A coronary angiogram with known truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xray_studio.core.job import Job, Progress, run
from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.raster import Image
from xray_studio.imaging.phantom.scene import Moment, Scene
from xray_studio.imaging.phantom.vessels import Stenosis
from xray_studio.imaging.phantom.views import RAO_CAUDAL, View

FRAME_TIME = 66.667  # ms: 15 frames per second
LESION = Stenosis()
VISIBLE = 0.25  # mm of undiluted contrast that count as vessel


@dataclass(frozen=True)
class Angiogram:
    """A run of frames and all that is true of them.

    `frames` (n, rows, columns) uint16 with 12 bits, `frame_times` (n,) in ms from the first frame,
    `mask_frames` the indices (from 0) before any contrast. The other attributes of the acquisition
    are those of `beam`.
    """

    frames: NDArray[np.uint16]
    frame_times: Array
    scene: Scene

    @property
    def beam(self) -> ConeBeam:
        """Geometry: angles as DICOM signs them, distances and spacing in mm."""
        return self.scene.beam

    @property
    def stenosis(self) -> Stenosis | None:
        """The one narrowing there is, or None."""
        return self.scene.stenosis

    @property
    def mask_frames(self) -> tuple[int, ...]:
        """Indices of the frames before the injection."""
        before = self.frame_times < self.scene.bolus.start * 1000.0
        return tuple(int(i) for i in np.flatnonzero(before))

    @property
    def blades(self) -> tuple[int, int, int, int]:
        """Left, right, upper and lower edge of the collimator in pixels, counted from 1."""
        left, right, upper, lower = self.scene.blade_edges
        return round(left) + 1, round(right) + 1, round(upper) + 1, round(lower) + 1

    @property
    def r_wave_frames(self) -> tuple[int, ...]:
        """Indices of the frames nearest to the R waves."""
        times = self.scene.rhythm.r_waves * 1000.0
        inside = times[(times >= 0.0) & (times <= self.frame_times[-1])]
        return tuple(int(np.abs(self.frame_times - time).argmin()) for time in inside)

    def moment(self, index: int) -> Moment:
        """Motion at a frame: cardiac phase, contraction, breath."""
        return self.scene.moment(float(self.frame_times[index]) / 1000.0)

    def contrast(self, index: int) -> float:
        """Concentration of contrast entering the ostium at a frame, 0 to 1."""
        return float(self.scene.bolus.at_ostium(self.moment(index).time))

    def noise_free(self, index: int) -> Image:
        """Return a frame without noise and rounding, float32 (rows, columns)."""
        return self.scene.mean_signal(self.moment(index), index) * self.scene.shutter

    def contrast_path(self, index: int) -> Image:
        """Path through undiluted contrast in the arteries of a frame, mm (rows, columns)."""
        return self.scene.contrast_path(self.moment(index))

    def vessel_mask(self, index: int) -> NDArray[np.bool_]:
        """Where arteries hold visible contrast at a frame (rows, columns)."""
        return (self.contrast_path(index) > VISIBLE) & (self.scene.shutter > 0.5)

    def centre_lines(self, index: int) -> dict[str, Array]:
        """Centre line of every artery at a frame: (n, 2) column and row, whether filled or not."""
        known = self.scene.vessels
        line, _ = self.beam.project(self.scene.moved(known.tubes.points, self.moment(index)))
        named = zip(known.names, known.slices, strict=True)
        return {name: line[part] for name, part in named if part.stop <= known.arteries}


def angiogram_job(
    seed: int = 1,
    frames: int = 96,
    size: int = 512,
    *,
    view: View = RAO_CAUDAL,
    run_number: int = 3,
    plane: int = 0,
    first_time: float = 0.0,
    frame_time: float = FRAME_TIME,
    stenosis: Stenosis | None = LESION,
    kind: type[Scene] = Scene,
) -> Job[Angiogram]:
    """Make an angiogram step by step; see `make_angiogram`."""
    times = np.arange(frames, dtype=np.float64) * frame_time + first_time
    scene = kind(view.beam(size), seed, run_number, float(times[-1]) / 1000.0, stenosis, plane)
    pixels = np.empty((frames, size, size), np.uint16)
    for index, time in enumerate(times):
        pixels[index] = scene.frame(time / 1000.0, index)
        yield Progress(index + 1, frames, "Making frames")
    pixels.flags.writeable = False
    return Angiogram(pixels, times, scene)


def make_angiogram(
    seed: int = 1,
    frames: int = 96,
    size: int = 512,
    *,
    view: View = RAO_CAUDAL,
    run_number: int = 3,
    plane: int = 0,
    first_time: float = 0.0,
    frame_time: float = FRAME_TIME,
    stenosis: Stenosis | None = LESION,
    kind: type[Scene] = Scene,
) -> Angiogram:
    """Make `frames` frames of `size` x `size` pixels of a left coronary artery.

    `seed` is the patient: anatomy and lesion. `run_number` tells acquisitions of the patient apart:
    heart beat, breath, injection and noise differ, the vessels do not; the two planes of one run
    (`plane` 0 and 1) differ in noise and collimation only. `first_time` and `frame_time` are in ms
    from the start of the run; contrast arrives after 0.75 s. `kind` is Scene for an acquisition,
    Fluoroscopy for a guide wire on its way without contrast. The same arguments give the same
    pixels.
    """
    return run(
        angiogram_job(
            seed,
            frames,
            size,
            view=view,
            run_number=run_number,
            plane=plane,
            first_time=first_time,
            frame_time=frame_time,
            stenosis=stenosis,
            kind=kind,
        )
    )
