"""Renderings of volumes by ray casting, drawn off screen into an array.

The mapper is VTK's for the processor: it needs no graphics hardware, and its pictures are the same
everywhere. Its classes stay in this file; a worker process keeps the volume between pictures.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from vtkmodules import vtkRenderingFreeType, vtkRenderingOpenGL2, vtkRenderingVolumeOpenGL2
from vtkmodules.vtkCommonCore import vtkCommand, vtkObject
from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction
from vtkmodules.vtkRenderingAnnotation import vtkAnnotatedCubeActor
from vtkmodules.vtkRenderingCore import (
    vtkColorTransferFunction,
    vtkRenderer,
    vtkRenderWindow,
    vtkVolume,
    vtkVolumeProperty,
    vtkWindowToImageFilter,
)
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import Cancelled
from xray_studio.core.volume.camera import Camera
from xray_studio.core.volume.scene import Box, VolumeScene
from xray_studio.core.volume.transfer import Transfer
from xray_studio.volume.vtk_data import Affine, Values, array_of, image_of, matrix_of

Picture = npt.NDArray[np.uint8]

# Importing them is what lets VTK draw at all.
DRAWN_BY: Final = (vtkRenderingFreeType, vtkRenderingOpenGL2, vtkRenderingVolumeOpenGL2)
_FINE: Final = (1.0, 0.5)  # pixels between rays; steps, in the smallest voxel side
_COARSE: Final = (2.0, 3.0, 4.0)  # pixels between rays while a volume is turned; steps are half
_SLOW, _QUICK = 1.0 / 18.0, 1.0 / 50.0  # seconds of a picture after which it becomes coarser, finer
_LIGHT: Final = (0.25, 0.75, 0.25, 18.0)  # ambient, diffuse, specular, specular power
_AROUND: Final = 1.05  # room about the volume
_FACES: Final = ("L", "R", "P", "A", "H", "F")  # of the cube: +x, -x, +y, -y, +z, -z
_CUBE: Final = 0.17  # of the shorter side
_BELOW: Final = 0.11  # of the shorter side, free for words below the cube
_KINDS: Final = frozenset(
    np.dtype(kind) for kind in ("uint8", "int16", "uint16", "int32", "float32")
)


class VolumeRenderer:
    """Draws one volume again and again.

    `values` are (planes, rows, columns) and are looked at where they lie; `affine` (4 x 4) leads
    from (column, row, plane) to millimetres in the patient (LPS); `span` is the lowest and the
    highest value that counts; what is no finite number is drawn as the lowest. Raises
    UnsupportedError where nothing can be drawn.
    """

    def __init__(self, values: Values, affine: Affine, span: tuple[float, float]) -> None:
        vtkObject.GlobalWarningDisplayOff()  # of displays that are not there: it draws off screen
        self._values = _drawable(values, span[0])
        self._span = span
        self._affine = np.asarray(affine, np.float64)
        self._mapper = _mapper(self._values)
        self._volume = vtkVolume()
        self._volume.SetMapper(self._mapper)
        self._volume.SetUserMatrix(matrix_of(self._affine))
        self._cube = _cube()
        self._main, self._corner = vtkRenderer(), vtkRenderer()
        self._main.AddVolume(self._volume)
        self._corner.AddActor(self._cube)
        self._corner.SetLayer(1)
        self._corner.InteractiveOff()
        self._window = _window(self._main, self._corner)
        self._shown: Transfer | None = None
        self._pace = 0  # of those in _COARSE
        self._given_up: Callable[[], bool] | None = None
        self._window.AddObserver(vtkCommand.AbortCheckEvent, self._look_up)

    def close(self) -> None:
        """Give the memory of pictures back."""
        self._window.Finalize()

    def draw(self, scene: VolumeScene, given_up: Callable[[], bool] | None = None) -> Picture:
        """Return a picture, RGB uint8 (rows, columns, 3). Raises UnsupportedError.

        While it is drawn `given_up` is asked now and then whether nobody wants it any more; then
        Cancelled is raised.

        Coarse ones become coarser, within bounds, where the machine is too busy to turn smoothly.
        """
        rows, columns = scene.size
        self._window.SetSize(columns, rows)
        self._main.SetBackground(*scene.background)
        self._look(scene.transfer)
        self._crop(scene.box)
        self._sample(coarse=scene.coarse)
        self._stand(scene.camera, scene.size)
        self._place_cube(scene)
        begun = time.perf_counter()
        self._given_up = given_up
        self._window.Render()
        if given_up is not None and given_up():
            raise Cancelled
        picture = _grabbed(self._window, rows, columns)
        if scene.coarse:
            self._pace = paced(self._pace, time.perf_counter() - begun)
        if picture is None:
            raise UnsupportedError(
                "No picture could be drawn: OpenGL is missing on this machine (on Debian: libegl1)."
            )
        return picture

    def _look_up(self, *_event: object) -> None:
        """Stop drawing where nobody waits for it."""
        if self._given_up is not None and self._given_up():
            self._window.SetAbortRender(1)

    def _look(self, transfer: Transfer) -> None:
        if transfer == self._shown:
            return
        self._volume.SetProperty(_property(transfer.at(*self._span)))
        self._shown = transfer

    def _crop(self, box: Box) -> None:
        self._mapper.SetCropping(not box.is_whole)
        sides = [count - 1 for count in self._values.shape]
        ends = [
            end * side
            for low, high, side in zip(box.low, box.high, sides, strict=True)
            for end in (low, high)
        ]
        # VTK counts columns first, planes last.
        self._mapper.SetCroppingRegionPlanes(*ends[4:6], *ends[2:4], *ends[0:2])
        self._mapper.SetCroppingRegionFlagsToSubVolume()

    def _sample(self, *, coarse: bool) -> None:
        rays = _COARSE[self._pace]
        between, steps = (rays, rays / 2.0) if coarse else _FINE
        smallest = float(np.linalg.norm(self._affine[:3, :3], axis=0).min())
        self._mapper.SetImageSampleDistance(between)
        self._mapper.SetSampleDistance(steps * smallest)

    def _stand(self, camera: Camera, size: tuple[int, int]) -> None:
        """Look at the middle of the volume in parallel, so that lengths can be compared."""
        middle, radius = self._sphere()
        shown = radius * _AROUND / camera.zoom * max(1.0, size[0] / size[1])
        pixel = 2.0 * shown / size[0]
        shift = np.array(camera.pan) * min(size) * pixel
        focus = middle - shift[0] * camera.right + shift[1] * camera.up
        eye = self._main.GetActiveCamera()
        eye.ParallelProjectionOn()
        eye.SetFocalPoint(*focus)
        eye.SetPosition(*(focus + 3.0 * radius * camera.towards_eye))
        eye.SetViewUp(*camera.up)
        eye.SetParallelScale(shown)
        eye.SetClippingRange(0.01 * radius, 6.0 * radius)

    def _sphere(self) -> tuple[npt.NDArray[np.float64], float]:
        planes, rows, columns = self._values.shape
        ends = np.array([columns, rows, planes], np.float64) - 1.0
        middle = self._affine[:3, :3] @ (ends / 2.0) + self._affine[:3, 3]
        corners = [
            self._affine[:3, :3] @ (ends * (side - 0.5))
            for side in np.stack(np.meshgrid(*[[0, 1]] * 3), -1).reshape(-1, 3)
        ]
        return middle, max(1e-3, float(max(np.linalg.norm(corner) for corner in corners)))

    def _place_cube(self, scene: VolumeScene) -> None:
        rows, columns = scene.size
        side = _CUBE * min(rows, columns)
        below = _BELOW * min(rows, columns)
        right, top = 1.0 - 0.1 * side / columns, (below + side) / rows
        self._corner.SetViewport(right - side / columns, below / rows, right, top)
        self._cube.SetVisibility(scene.cube)
        eye = self._corner.GetActiveCamera()
        eye.ParallelProjectionOn()
        eye.SetFocalPoint(0.0, 0.0, 0.0)
        eye.SetPosition(*(5.0 * scene.camera.towards_eye))
        eye.SetViewUp(*scene.camera.up)
        eye.SetParallelScale(math.sqrt(3.0) / 2.0 * 1.1)
        self._corner.ResetCameraClippingRange()


def paced(pace: int, seconds: float) -> int:
    """Return how coarse the next picture is after one that took so long, 0 for the finest."""
    if seconds > _SLOW:
        return min(pace + 1, len(_COARSE) - 1)
    return max(pace - 1, 0) if seconds < _QUICK else pace


def _drawable(values: Values, lowest: float) -> Values:
    """Return values of a kind that the mapper knows, their bytes in this machine's order.

    It scales them all by their ends, so that a single infinite one would hide all others.
    """
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    known = native if native.dtype in _KINDS else native.astype(np.float32)
    if known.dtype.kind != "f" or np.isfinite(known).all():
        return known
    return np.where(np.isfinite(known), known, known.dtype.type(lowest))


def _mapper(values: Values) -> vtkFixedPointVolumeRayCastMapper:
    mapper = vtkFixedPointVolumeRayCastMapper()
    mapper.SetInputData(image_of(values))
    mapper.SetAutoAdjustSampleDistances(False)
    return mapper


def _property(transfer: Transfer) -> vtkVolumeProperty:
    opacity, colour = vtkPiecewiseFunction(), vtkColorTransferFunction()
    for point in transfer.points:
        opacity.AddPoint(point.value, point.opacity)
        colour.AddRGBPoint(point.value, *point.colour)
    looks = vtkVolumeProperty()
    looks.SetScalarOpacity(opacity)
    looks.SetColor(colour)
    looks.SetScalarOpacityUnitDistance(1.0)
    looks.SetInterpolationTypeToLinear()
    looks.SetShade(transfer.shaded)
    ambient, diffuse, specular, power = _LIGHT
    looks.SetAmbient(ambient)
    looks.SetDiffuse(diffuse)
    looks.SetSpecular(specular)
    looks.SetSpecularPower(power)
    return looks


def _cube() -> vtkAnnotatedCubeActor:
    cube = vtkAnnotatedCubeActor()
    plus_x, minus_x, plus_y, minus_y, plus_z, minus_z = _FACES
    cube.SetXPlusFaceText(plus_x)
    cube.SetXMinusFaceText(minus_x)
    cube.SetYPlusFaceText(plus_y)
    cube.SetYMinusFaceText(minus_y)
    cube.SetZPlusFaceText(plus_z)
    cube.SetZMinusFaceText(minus_z)
    cube.SetFaceTextScale(0.62)
    cube.GetCubeProperty().SetColor(0.16, 0.19, 0.23)
    cube.GetTextEdgesProperty().SetColor(0.85, 0.88, 0.92)
    for face in (
        cube.GetXPlusFaceProperty(), cube.GetXMinusFaceProperty(), cube.GetYPlusFaceProperty(),
        cube.GetYMinusFaceProperty(), cube.GetZPlusFaceProperty(), cube.GetZMinusFaceProperty(),
    ):  # fmt: skip
        face.SetColor(0.93, 0.95, 0.97)
    return cube


def _window(main: vtkRenderer, corner: vtkRenderer) -> vtkRenderWindow:
    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)
    window.SetNumberOfLayers(2)
    window.AddRenderer(main)
    window.AddRenderer(corner)
    return window


def _grabbed(window: vtkRenderWindow, rows: int, columns: int) -> Picture | None:
    grabber = vtkWindowToImageFilter()
    grabber.SetInput(window)
    grabber.ReadFrontBufferOff()
    grabber.SetInputBufferTypeToRGB()
    grabber.Update()
    pixels = grabber.GetOutput().GetPointData().GetScalars()
    if pixels is None or pixels.GetNumberOfTuples() != rows * columns:
        return None
    # VTK counts rows from below.
    return np.ascontiguousarray(array_of(pixels).reshape(rows, columns, 3)[::-1])
