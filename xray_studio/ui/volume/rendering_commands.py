"""Commands of a rendering. Each one changes the scene of the volume on screen and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from xray_studio.core.volume.camera import Camera
from xray_studio.core.volume.scene import VolumeScene
from xray_studio.core.volume.toning import Toning
from xray_studio.core.volume.transfer import Transfer
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import RENDERING, first_scene, places_of


@needs("Show planes and rendering of a volume first.")
def shows_rendering(state: State) -> bool:
    """Tell whether a volume on screen has a rendering."""
    return state.volume is not None and RENDERING in places_of(state)


@needs("Show planes and rendering of a volume first, and wait until it is drawn.")
def is_drawn(state: State) -> bool:
    """Tell whether a rendering is there."""
    place = places_of(state).get(RENDERING)
    return place is not None and state.views[place].clip is not None


def seen_from(view: str, state: State) -> bool:
    """Tell whether a volume is seen from a side, "anterior" and so on."""
    look = state.volume
    return look is not None and look.scene.camera == look.scene.camera.seen_from(view)


class RenderingCommands:
    """From where a volume is seen, how its values look, what is cut away."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def scene(self) -> VolumeScene | None:
        """How the volume on screen is rendered."""
        look = self._session.state.volume
        return None if look is None else look.scene

    def turn(self, right: float, up: float) -> None:
        """Turn what is seen to the right and up, in degrees."""
        self._look(lambda camera: camera.turned(right, up))

    def zoom_by(self, times: float, at: tuple[float, float] = (0.0, 0.0)) -> None:
        """Go nearer by a factor; what is seen at a place stays there, see `Camera.zoomed`."""
        self._look(lambda camera: camera.zoomed(times, at))

    def pan_by(self, right: float, down: float) -> None:
        """Move the picture, in shares of its shorter side."""
        self._look(lambda camera: camera.panned(right, down))

    def roll(self, degrees: float) -> None:
        """Turn the picture clockwise."""
        self._look(lambda camera: replace(camera, roll=(camera.roll + degrees) % 360.0))

    def fit(self) -> None:
        """Show the whole volume, in the middle."""
        look = self._session.state.volume
        if look is not None:
            corners = look.volume.geometry.corners()
            self._look(lambda camera: camera.filling(corners))

    def see_again(self) -> None:
        """Look as at first; what is seen stays as it is."""
        look = self._session.state.volume
        if look is not None:
            self.change(camera=first_scene(look.volume).camera)

    def see_from(self, view: str) -> None:
        """Look from a side of the patient: "anterior" and so on."""
        self._look(lambda camera: camera.seen_from(view))

    def toggle_cube(self) -> None:
        """Show how the volume lies by a cube, or not."""
        scene = self.scene
        if scene is not None:
            self.change(cube=not scene.cube)

    def reset(self) -> None:
        """Render the volume as it was at first."""
        look = self._session.state.volume
        if look is not None:
            self._session.update(volume=replace(look, scene=first_scene(look.volume), toning=None))

    def choose(self, name: str) -> None:
        """Take the colours of a preset as they come."""
        self.tone(Toning.named(name))

    def edit(self, transfer: Transfer) -> None:
        """Take other points for the preset."""
        self._tone(lambda toning: toning.edited(transfer))

    def move(self, level: float) -> None:
        """Add to the values of all points of the preset."""
        self._tone(lambda toning: toning.moved(level))

    def stretch(self, width: float) -> None:
        """Stretch the preset about its middle, 1 as it is."""
        self._tone(lambda toning: toning.stretched(width))

    def dim(self, opacity: float) -> None:
        """Multiply the opacities of the preset, 1 as they are."""
        self._tone(lambda toning: toning.dimmed(opacity))

    def light(self, *, on: bool) -> None:
        """Light surfaces, or not."""
        self._tone(lambda toning: toning.shaded(on=on))

    def tone(self, toning: Toning) -> None:
        """Take other colours and opacities."""
        look = self._session.state.volume
        if look is not None and look.toned != toning:
            scene = replace(look.scene, transfer=toning.transfer)
            self._session.update(volume=replace(look, scene=scene, toning=toning))

    def change(self, **changes: object) -> None:
        """Replace parts of the scene: `transfer`, `box`, `cube`, `camera`."""
        scene = self.scene
        if scene is not None:
            self.set_scene(replace(scene, **changes))  # type: ignore[arg-type]  # by name

    def set_scene(self, scene: VolumeScene) -> None:
        """Render the volume otherwise."""
        look = self._session.state.volume
        if look is not None and look.scene != scene:
            self._session.update(volume=replace(look, scene=scene))

    def _tone(self, changed: Callable[[Toning], Toning]) -> None:
        look = self._session.state.volume
        if look is not None:
            self.tone(changed(look.toned))

    def _look(self, moved: Callable[[Camera], Camera]) -> None:
        scene = self.scene
        if scene is not None:
            self.set_scene(replace(scene, camera=moved(scene.camera)))
