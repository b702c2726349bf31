"""Commands of zoom, rotation and flip. Each one changes the session and nothing else."""

from __future__ import annotations

from xray_studio.core.presentation import Presentation
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.geometry import area_pan
from xray_studio.ui.volume.look import is_rendering
from xray_studio.ui.volume.rendering_commands import RenderingCommands
from xray_studio.ui.volume.turning import shorter_side

ZOOM_STEP = 1.25
SMALLEST, LARGEST = 0.05, 40.0


class ViewCommands:
    """Fit, zoom, rotate and flip the picture. Zoom is screen pixels for each image pixel.

    Over a rendering the camera moves in place of the picture.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._camera = RenderingCommands(session)

    def fit(self) -> None:
        """Show the whole picture, as large as the viewport allows."""
        if self._is_rendering:
            self._camera.fit()
        self._change(zoom=None, pan=(0.0, 0.0), area=None)

    def one_to_one(self) -> None:
        """Show each image pixel as one screen pixel."""
        self._change(zoom=1.0, pan=(0.0, 0.0), area=None)

    def zoom_in(self) -> None:
        """Magnify one step about the centre of the viewport."""
        self.zoom_by(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Reduce one step about the centre of the viewport."""
        self.zoom_by(1.0 / ZOOM_STEP)

    def zoom_by(self, factor: float, anchor: tuple[float, float] = (0.0, 0.0)) -> None:
        """Magnify by a factor; the point `anchor` stays where it is.

        `anchor` is in screen pixels (x, y) from the centre of the viewport.
        """
        if self._is_rendering:
            side = shorter_side(self._session.view)
            self._camera.zoom_by(factor, (anchor[0] / side, anchor[1] / side))
            return
        zoom = self.zoom
        after = min(max(zoom * factor, SMALLEST), LARGEST)
        shift = 1.0 / after - 1.0 / zoom
        pan = self._pan
        self._change(
            zoom=after, area=None, pan=(pan[0] + anchor[0] * shift, pan[1] + anchor[1] * shift)
        )

    def pan_by(self, right: float, down: float) -> None:
        """Move the picture, in screen pixels."""
        if self._is_rendering:
            side = shorter_side(self._session.view)
            self._camera.pan_by(right / side, down / side)
            return
        pan, zoom = self._pan, self.zoom
        settled = {} if self._shown.area is None else {"zoom": zoom, "area": None}
        self._change(**settled, pan=(pan[0] + right / zoom, pan[1] + down / zoom))

    def rotate_right(self) -> None:
        """Turn the picture on screen clockwise by 90 degrees."""
        self._rotate(90)

    def rotate_left(self) -> None:
        """Turn the picture on screen anticlockwise by 90 degrees."""
        self._rotate(-90)

    def flip_horizontal(self) -> None:
        """Swap left and right on screen."""
        shown = self._shown
        pan = (-shown.pan[0], shown.pan[1])
        self._change(flip_horizontal=not shown.flip_horizontal, pan=pan)

    def flip_vertical(self) -> None:
        """Swap top and bottom on screen."""
        shown = self._shown
        pan = (shown.pan[0], -shown.pan[1])
        self._change(flip_vertical=not shown.flip_vertical, pan=pan)

    def reset(self) -> None:
        """Show the picture as it opened: window, zoom, rotation and flips."""
        if self._is_rendering:
            self._camera.see_again()
        self._session.update_view(presentation=self._session.view.initial)

    @property
    def _is_rendering(self) -> bool:
        return is_rendering(self._session.view)

    @property
    def zoom(self) -> float:
        """Screen pixels for each image pixel now."""
        zoom = self._shown.zoom
        return self._session.view.fit if zoom is None else zoom

    @property
    def _pan(self) -> tuple[float, float]:
        """The pan now, also where the displayed area of a presentation state is fitted."""
        clip, shown = self._session.view.clip, self._shown
        fitted = clip is not None and shown.zoom is None and shown.area is not None
        return area_pan(clip, shown) if fitted and clip is not None else shown.pan

    @property
    def _shown(self) -> Presentation:
        return self._session.view.presentation

    def _change(self, **changes: object) -> None:
        if self._session.view.clip is not None:
            self._session.update_presentation(**changes)

    def _rotate(self, degrees: int) -> None:
        if self._is_rendering:
            self._camera.roll(degrees)
            return
        # Flips come after the rotation (PS3.3 C.10.6), so a single one turns the sense round.
        shown = self._shown
        mirrored = shown.flip_horizontal != shown.flip_vertical
        rotation = (shown.rotation + (-degrees if mirrored else degrees)) % 360
        x, y = shown.pan
        self._change(rotation=rotation, pan=(-y, x) if degrees > 0 else (y, -x))
