"""Scenes of volumes: planes with surfaces, and their rendering."""

from __future__ import annotations

from studio_pictures.photographer import Photographer


def volume(at: Photographer) -> None:
    """Keep planes with a surface over them, and the rendering with its panel."""
    from xray_studio.ui.volume.rendering_commands import RenderingCommands
    from xray_studio.ui.volume.surface_work import SurfaceCommands

    window, session = at.window, at.window.session
    at.choose("CT")
    window.commands["show_volume"].trigger()
    at.wait_for(window.commands["turning_movie"].isEnabled)
    SurfaceCommands(session).plan(level=200.0, keep=0.2)
    window.commands["make_surface"].trigger()
    at.wait_for(lambda: session.state.volume is not None and _has_surface(at))
    window.volume_panel.show_part("Rendering")
    commands = RenderingCommands(session)
    commands.turn(35.0, -15.0)
    at.pause(3.0)
    at.keep("volume")
    window.commands["show_volume"].trigger()
    window.side.show_widget(window.window_panel)


def _has_surface(at: Photographer) -> bool:
    look = at.window.session.state.volume
    return look is not None and bool(look.surfaces.every)
