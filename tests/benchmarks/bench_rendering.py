"""How fast renderings are drawn as the window asks for them, beside VTK's own mapper.

    python tests/benchmarks/bench_rendering.py [--side 256] [--size 512] [--rounds 24]

A body with bones and noise, 256 voxels a side, turns by 5 degrees from one picture of 512 x 512 to
the next: while it is turned and in full quality, as when it stops, through `VolumeDrawing` and its
process. The peer is VTK's mapper for the processor (vtkFixedPointVolumeRayCastMapper) as it comes,
with the same transfer functions and size. They take turns; medians are told.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import vtkmodules.vtkRenderingOpenGL2
import vtkmodules.vtkRenderingVolumeOpenGL2  # noqa: F401 - importing lets VTK draw
from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction
from vtkmodules.vtkRenderingCore import (
    vtkColorTransferFunction,
    vtkRenderer,
    vtkRenderWindow,
    vtkVolume,
    vtkWindowToImageFilter,
)
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper

from xray_studio.core.volume.camera import Camera
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.scene import VolumeScene
from xray_studio.core.volume.transfer import PRESETS, Transfer
from xray_studio.core.volume.volume import Volume
from xray_studio.core.workers import Priority
from xray_studio.services.volume.rendering import VolumeDrawing
from xray_studio.volume.vtk_data import image_of

STEP = 5.0  # degrees from one picture to the next


def body(side: int) -> Volume:
    """Return Hounsfield units of a body with bones and noise, voxels of 1 mm."""
    z, y, x = (np.mgrid[:side, :side, :side].astype(np.float32) / side - 0.5).astype(np.float32)
    values = np.full((side,) * 3, -1000.0, np.float32)
    values[(x / 0.42) ** 2 + (y / 0.32) ** 2 < 1.0] = 40.0
    values[((np.abs(x) - 0.2) / 0.14) ** 2 + (y / 0.2) ** 2 + (z / 0.4) ** 2 < 1.0] = -850.0
    ribs = np.abs((x / 0.4) ** 2 + (y / 0.3) ** 2 - 1.0) < 0.08
    values[ribs & (np.sin(z * 80.0) > 0.3)] = 700.0
    values[x**2 + (y - 0.22) ** 2 < 0.05**2] = 500.0
    noise = np.random.default_rng(0).normal(0.0, 15.0, values.shape)
    whole = np.rint(values + noise.astype(np.float32)).astype(np.int16)
    return Volume(whole, VolumeGeometry(whole.shape, np.eye(4)), "CT", "HU")


class Peer:
    """VTK as its users set it up: a mapper for the processor, everything else as it comes."""

    def __init__(self, volume: Volume, size: int) -> None:
        self._image = image_of(volume.values)
        self._mapper = vtkFixedPointVolumeRayCastMapper()
        self._mapper.SetInputData(self._image)
        self._volume, self._renderer = vtkVolume(), vtkRenderer()
        self._volume.SetMapper(self._mapper)
        self._renderer.AddVolume(self._volume)
        self._window = vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.AddRenderer(self._renderer)
        self._window.SetSize(size, size)

    def show(self, transfer: Transfer) -> None:
        """Take a transfer function."""
        opacity, colour = vtkPiecewiseFunction(), vtkColorTransferFunction()
        for point in transfer.at(-1100.0, 1000.0).points:
            opacity.AddPoint(point.value, point.opacity)
            colour.AddRGBPoint(point.value, *point.colour)
        looks = self._volume.GetProperty()
        looks.SetScalarOpacity(opacity)
        looks.SetColor(colour)
        looks.SetInterpolationTypeToLinear()
        looks.SetShade(transfer.shaded)

    def draw(self, camera: Camera) -> None:
        """Draw a picture and take it."""
        eye = self._renderer.GetActiveCamera()
        eye.SetFocalPoint(0.0, 0.0, 0.0)
        eye.SetPosition(*camera.towards_eye)
        eye.SetViewUp(*camera.up)
        self._renderer.ResetCamera()
        self._window.Render()
        grabber = vtkWindowToImageFilter()
        grabber.SetInput(self._window)
        grabber.Update()


def measure(side: int, size: int, rounds: int) -> dict[str, float]:
    """Return milliseconds of a picture, medians."""
    volume = body(side)
    peer = Peer(volume, size)
    times: dict[str, list[float]] = {}
    with closing(VolumeDrawing(volume)) as drawing:
        for name in ("bone", "vessels", "skin"):
            scene = VolumeScene(PRESETS[name], size=(size, size))
            peer.show(scene.transfer)

            def ours(camera: Camera, scene: VolumeScene, *, coarse: bool) -> None:
                wanted = replace(scene, camera=camera, coarse=coarse)
                drawing.request(wanted, Priority.PLAYBACK).result()

            for number in range(rounds + 1):
                camera = Camera(primary=number * STEP)
                works: dict[str, Callable[[], None]] = {
                    "turning": lambda c=camera, s=scene: ours(c, s, coarse=True),
                    "full": lambda c=camera, s=scene: ours(c, s, coarse=False),
                    "VTK": lambda c=camera: peer.draw(c),
                }
                for key, work in works.items():
                    start = time.perf_counter()
                    work()
                    if number:  # the first takes the volume in
                        spent = 1000.0 * (time.perf_counter() - start)
                        times.setdefault(f"{name} {key} ms", []).append(spent)
    return {key: median(each) for key, each in times.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.side, asked.size, asked.rounds)
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:<24} {value:8.1f}   {1000.0 / value:6.1f} per second")


if __name__ == "__main__":
    main()
