"""Every action of the window, with its key, in one table. Menus, toolbar and keys come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay
from xray_studio.ui.actions import conditions as c
from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.actions.archive_table import archive_specs
from xray_studio.ui.actions.colour_table import colour_specs
from xray_studio.ui.actions.finding_table import finding_specs
from xray_studio.ui.actions.grid_table import layout_specs, link_specs
from xray_studio.ui.actions.mark_table import mark_specs
from xray_studio.ui.actions.over_table import over_specs
from xray_studio.ui.actions.panel_table import panel_specs
from xray_studio.ui.actions.rendering_table import rendering_specs
from xray_studio.ui.actions.report_table import report_specs
from xray_studio.ui.actions.segment_table import segment_specs
from xray_studio.ui.actions.step_table import step_specs
from xray_studio.ui.actions.unusual_table import unusual_specs
from xray_studio.ui.actions.volume_table import volume_specs
from xray_studio.ui.media_saving import has_study
from xray_studio.ui.round_trips import has_source
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer import key_commands as k
from xray_studio.ui.viewer import mark_commands as m
from xray_studio.ui.viewer import over_commands as o
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.over_commands import OverCommands
from xray_studio.ui.viewer.step_commands import is_settled
from xray_studio.ui.viewer.view_commands import ViewCommands
from xray_studio.ui.viewer.window_commands import (
    Choice,
    WindowCommands,
    preset_choices,
    stored_choices,
)

Condition = Callable[[State], bool] | None
Runs = Mapping[str, Callable[..., object]]
THEME = Submenu("Theme", named=True)
STUDY = Submenu("Study")
TOOLS, WINDOWS = Submenu("Tools"), Submenu("Window presets")
ORIENTATION, ROUND = Submenu("Orientation"), Submenu("Overlays and shutter")
THEMES = {"dark": "Dark", "light": "Light", "system": "As the system"}
LOOPS = {Loop.LOOP: "Loop", Loop.PING_PONG: "Ping-pong", Loop.ONCE: "Play once"}


def table(session: Session, runs: Runs) -> dict[str, list[Spec]]:
    """Return every action by menu, in order.

    `runs` holds, by name, what only the window can do: dialogs, panels, opening, leaving.
    """
    return {
        "File": list(_file(runs)),
        "View": list(_view(session, runs)),
        "Layout": list(layout_specs(session, runs)),
        "Link": list(link_specs(session)),
        "Image": [*_image(session, runs), *over_specs(session, runs)],
        "Process": list(step_specs(session, runs)),
        "Report": list(report_specs(session, runs)),
        "Cine": list(_cine(session)),
        "Help": list(_help(runs)),
    }


def _file(runs: Runs) -> Iterator[Spec]:
    yield Spec("open_folder", "Open folder…", runs["open_folder"], "Ctrl+O")
    yield Spec("open_files", "Open files…", runs["open_files"], "Ctrl+Shift+O")
    yield Spec("demonstration", "Open the demonstration", runs["demonstration"], "Ctrl+D")
    yield Spec("read_again", "Read again", runs["read_again"], "F5", c.has_opened)
    yield Spec("stop", "Stop reading", runs["stop"], "Esc", c.scanning)
    yield SEPARATOR
    yield Spec("export", "Export clip…", runs["export"], "Ctrl+E", is_settled)
    compare = runs["compare"]
    yield Spec("compare", "Compare clips…", compare, "Ctrl+Shift+E", c.has_any_clip)
    data_set = runs["export_data_set"]
    yield Spec("export_data_set", "Export data set…", data_set, "Ctrl+Alt+E", c.has_pictures)
    videos = runs["import_videos"]
    yield Spec("import_videos", "Import video into DICOM…", videos, "Ctrl+Alt+O")
    yield Spec("batch", "Batch…", runs["batch"], "Ctrl+Alt+B")
    yield Spec("save_document", "Save document…", runs["save_document"], "Ctrl+S", c.has_document)
    source = runs["open_source"]
    yield Spec("open_source", "Open the source", source, "Ctrl+Alt+S", has_source)
    yield Spec("skipped", "Skipped files…", runs["skipped"], "Ctrl+L", c.has_skipped)
    yield SEPARATOR
    save = runs["save_key_images"]
    yield Spec("save_key_images", "Save key images…", save, "Ctrl+Shift+K", k.can_be_saved)
    yield from inside(STUDY, _study(runs))
    yield from archive_specs(runs)
    yield Spec("settings", "Settings…", runs["settings"], "Ctrl+,")
    yield SEPARATOR
    yield Spec("close_all", "Close all", runs["close_all"], "Ctrl+W", c.has_catalog)
    yield Spec("quit", "Quit", runs["quit"], "Ctrl+Q")


def _study(runs: Runs) -> Iterator[Spec]:
    yield Spec("save_media", "Save study for a disc…", runs["save_media"], "", has_study)
    yield Spec("deidentify", "De-identify…", runs["deidentify"], "Ctrl+Alt+D", has_study)
    yield Spec("check_conformance", "Check conformance…", runs["check_conformance"], "", has_study)


def _view(session: Session, runs: Runs) -> Iterator[Spec]:
    view = ViewCommands(session)
    overlay, identity = partial(_toggle_overlay, session), partial(_toggle_identity, session)
    yield Spec("fit", "Fit", view.fit, "F", c.has_clip, c.fits)
    yield Spec("actual_size", "Actual size", view.one_to_one, "Ctrl+1", c.has_clip, c.actual_size)
    yield Spec("zoom_in", "Zoom in", view.zoom_in, "Ctrl++ Ctrl+=", c.has_clip)
    yield Spec("zoom_out", "Zoom out", view.zoom_out, "Ctrl+-", c.has_clip)
    yield SEPARATOR
    yield Spec("previous_series", "Previous series", runs["previous_series"], "PgUp", c.has_series)
    yield Spec("next_series", "Next series", runs["next_series"], "PgDown", c.has_series)
    yield Spec("find_series", "Find a series", runs["find_series"], "Ctrl+F", c.has_series)
    yield Spec("find_text", "Find in the document", runs["find_text"], "Ctrl+Alt+F", c.has_document)
    yield Spec("copy_text", "Copy the document", runs["copy_text"], "Ctrl+Alt+C", c.has_document)
    only, on = runs["only_key_images"], (c.has_key_objects, c.key_images_only)
    yield Spec("only_key_images", "Only key images", only, "Ctrl+Alt+K", *on)
    yield SEPARATOR
    yield Spec("corner_text", "Corner text", overlay, "O", on=c.corner_text)
    yield Spec("hide_identity", "Hide identity", identity, "Ctrl+I", on=c.identity_hidden)
    yield SEPARATOR
    yield Spec("browser", "Show or hide the browser", runs["browser"], "Ctrl+B")
    yield from panel_specs(runs)
    yield Spec("next_area", "Next area", runs["next_area"], "F6")
    yield Spec("menus", "Open the menus", runs["menus"], "F10")
    yield Spec("full_screen", "Full screen", runs["full_screen"], "F11")
    yield SEPARATOR
    yield from (_theme(session, theme, text) for theme, text in THEMES.items())


def _image(session: Session, runs: Runs) -> Iterator[Spec]:
    yield from inside(TOOLS, _tools(session))
    yield from mark_specs(session, runs)
    yield from finding_specs(session, runs)
    yield from unusual_specs(session, runs)
    yield from volume_specs(session, runs)
    yield from segment_specs(session, runs)
    yield from rendering_specs(session, runs)
    yield SEPARATOR
    yield from inside(WINDOWS, _windows(session))
    yield from colour_specs(session)
    grey, view = WindowCommands(session), ViewCommands(session)
    yield Spec("invert", "Invert", grey.invert, "I", c.has_clip, c.inverted)
    yield SEPARATOR
    yield from inside(ORIENTATION, _orientation(view))
    yield Spec("reset", "Reset", view.reset, "Shift+R", c.has_clip)
    yield SEPARATOR
    yield from _keys(session)
    yield SEPARATOR
    yield from inside(ROUND, _over(session))


def _tools(session: Session) -> Iterator[Spec]:
    yield _tool(session, "window", "Window tool", "W")
    yield _tool(session, "zoom", "Zoom tool", "Z")
    yield _tool(session, "pan", "Pan tool", "P")
    yield _tool(session, "magnifier", "Magnifier", "M", c.has_clip)
    yield _tool(session, "region", "Window from a region", "Shift+W", c.is_grey)
    yield _tool(session, "scroll", "Scroll tool", "Shift+S", c.has_frames)
    yield SEPARATOR
    yield _tool(session, "length", "Length", "D", m.can_mark)
    yield _tool(session, "angle", "Angle", "A", m.can_mark)
    yield _tool(session, "ellipse", "Ellipse", "E", m.can_mark)
    yield _tool(session, "outline", "Outline", "U", m.can_mark)
    yield _tool(session, "text", "Text", "T", m.can_mark)
    yield SEPARATOR
    level = partial(_toggle_level, session)
    yield Spec("level_up", "Drag up to raise the level", level, on=c.level_up)


def _windows(session: Session) -> Iterator[Spec]:
    grey = WindowCommands(session)
    yield Spec("auto_window", "Automatic window", grey.auto, "0", c.is_grey)
    yield from (_numbered(grey, number) for number in range(1, 10))
    yield Spec("full_range", "Full range", grey.full_range, "Shift+F", c.is_grey)


def _orientation(view: ViewCommands) -> Iterator[Spec]:
    yield Spec("rotate_right", "Rotate right", view.rotate_right, "R", c.has_clip)
    yield Spec("rotate_left", "Rotate left", view.rotate_left, "L", c.has_clip)
    yield Spec("mirror", "Flip left and right", view.flip_horizontal, "H", c.can_mirror, c.mirrored)
    yield Spec("flip", "Flip top and bottom", view.flip_vertical, "V", c.can_mirror, c.flipped)


def _keys(session: Session) -> Iterator[Spec]:
    keys = k.KeyCommands(session)
    on = k.can_be_marked, k.is_key_image
    yield Spec("key_image", "Key image", keys.toggle, "K", *on)
    yield Spec("next_key_image", "Next key image", keys.next, "Shift+K", k.has_marks)


def _over(session: Session) -> Iterator[Spec]:
    """Yield what lies over and round the picture, each to be shown and hidden."""
    over = OverCommands(session)
    planes = (o.has_planes, c.planes_shown)
    yield Spec("planes", "Overlay planes", over.toggle_planes, "Shift+O", *planes)
    shutter = (o.has_shutter, c.shutter_applied)
    yield Spec("shutter", "Display shutter", over.toggle_shutter, "Shift+D", *shutter)
    profile = (o.has_profile, c.profile_used)
    yield Spec("profile", "Colours by ICC profile", over.toggle_profile, "Shift+I", *profile)
    letters, bar = c.letters_shown, c.scale_shown
    yield Spec("letters", "Orientation letters", over.toggle_letters, "Shift+A", on=letters)
    yield Spec("scale_bar", "Scale bar", over.toggle_scale, "Shift+B", on=bar)


def _cine(session: Session) -> Iterator[Spec]:
    cine = CineCommands(session)
    real_time = partial(_toggle_real_time, session)
    yield Spec("play", "Play or pause", cine.play_pause, "Space C", c.has_frames, c.playing)
    yield Spec("previous_frame", "Previous frame", partial(cine.step, -1), "Left Up", c.has_frames)
    yield Spec("next_frame", "Next frame", partial(cine.step, 1), "Right Down", c.has_frames)
    yield Spec("first_frame", "First frame", cine.first, "Home", c.has_frames)
    yield Spec("last_frame", "Last frame", cine.last, "End", c.has_frames)
    yield SEPARATOR
    yield Spec("in_point", "Set in point", cine.set_in, "[", c.has_frames)
    yield Spec("out_point", "Set out point", cine.set_out, "]", c.has_frames)
    yield Spec("clear_range", "Play all frames", cine.clear_range, "\\", c.has_range)
    yield SEPARATOR
    yield Spec("slower", "Slower", cine.slower, "-", c.has_frames)
    yield Spec("faster", "Faster", cine.faster, "+ =", c.has_frames)
    yield Spec("real_time", "Real time", real_time, "Shift+T", c.has_times, c.real_time)
    yield SEPARATOR
    yield from (_loop(cine, loop, text) for loop, text in LOOPS.items())
    yield Spec("next_loop", "Next way to loop", cine.cycle_loop, "Shift+L", c.has_frames)


def _help(runs: Runs) -> Iterator[Spec]:
    yield Spec("find_action", "Find anything", runs["find_action"], "Ctrl+K")
    yield Spec("keys", "Keys and mouse", runs["keys"], "F1")
    yield Spec("edit_keys", "Change keys…", runs["edit_keys"])
    yield SEPARATOR
    yield Spec("check_display", "Check the display…", runs["check_display"])
    yield Spec("about", "About X-Ray Studio", runs["about"], "Shift+F1")


def _tool(session: Session, name: str, text: str, key: str, when: Condition = None) -> Spec:
    """Return the action of a tool; choosing the magnifier again puts it down."""

    def choose() -> None:
        down = name == "magnifier" and session.state.tool == name
        session.update(tool="window" if down else name)

    return Spec(f"{name}_tool", text, choose, key, when, lambda state: state.tool == name)


def _numbered(grey: WindowCommands, number: int) -> Spec:
    """Return the action of a number key; its text is the name of the window it chooses."""

    def choice(state: State) -> Choice | None:
        choices = (*stored_choices(state.view), *preset_choices(state.view))
        return next((found for found in choices if found.key == str(number)), None)

    def title(state: State) -> str:
        found = choice(state)
        return "" if found is None else found.name

    text, run = f"Window {number}", partial(grey.key, number)
    return Spec(f"window_{number}", text, run, str(number), title=title)


def _loop(cine: CineCommands, loop: Loop, text: str) -> Spec:
    choose = partial(cine.set_loop, loop)
    name = f"loop_{loop.value}"
    return Spec(name, text, choose, "", c.has_frames, lambda state: state.view.cine.loop is loop)


def _theme(session: Session, theme: str, text: str) -> Spec:
    def on(state: State) -> bool:
        return state.settings.appearance.theme == theme

    choose = partial(session.change_settings, "appearance", theme=theme)
    return Spec(f"theme_{theme}", text, choose, on=on, under=THEME)


def _toggle_overlay(session: Session) -> None:
    hidden = session.state.overlay is Overlay.NONE
    session.update(overlay=Overlay.ALL if hidden else Overlay.NONE)


def _toggle_identity(session: Session) -> None:
    session.update(identity_hidden=not session.state.identity_hidden)


def _toggle_level(session: Session) -> None:
    up = session.state.settings.viewing.level_up
    session.change_settings("viewing", level_up=not up)


def _toggle_real_time(session: Session) -> None:
    CineCommands(session).set_real_time(not session.view.cine.real_time)
