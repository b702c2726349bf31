"""Clips that are processed: enhancements, steps, subtraction, motion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio_pictures.photographer import Photographer, shrink

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip

ENHANCED = ("clahe", "unsharp", "multiscale", "gamma", "flatten", "edges", "vesselness")


def enhancements(at: Photographer) -> None:
    """Keep a frame of an angiography after each enhancement."""
    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    clip = at.window.session.view.clip
    assert clip is not None
    draw_enhancements(clip, at.folder / "enhancements.png")


def processing(at: Photographer) -> None:
    """Keep a processed run with its steps, beside the original, and how both differ."""
    from xray_studio.services.processing.steps import pipeline_of

    window, commands = at.window, at.window.commands
    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    commands["show_steps"].trigger()
    steps = pipeline_of(["nlm:strength=1.5", "unsharp"])
    window.session.update_view(frame=46, pipeline=steps, stage=0)
    at.wait_for(lambda: not window.stage.viewport.waiting())
    at.wait_for(lambda: window.session.view.readings is not None)
    at.keep("processing")
    for name in ("wipe", "difference"):
        commands[name].trigger()
        at.pause(1.0)
        at.keep(f"processing-{name}")
    commands["difference"].trigger()
    commands["clear_steps"].trigger()
    window.side.show_panel(0)


def subtraction(at: Photographer) -> None:
    """Keep a run less its mask, beside the run as it is."""
    window, commands = at.window, at.window.commands
    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    commands["show_steps"].trigger()
    window.session.update_view(frame=30)
    commands["subtract"].trigger()
    at.wait_for(lambda: not window.stage.viewport.waiting())
    commands["wipe"].trigger()
    window.session.update_view(wipe=0.33)
    at.pause(1.0)
    at.keep("subtraction")
    commands["wipe"].trigger()
    commands["clear_steps"].trigger()
    window.side.show_panel(0)


def motion(at: Photographer) -> None:
    """Keep the dialog for motion: a region of an angiography over its beats, and the flow."""
    from xray_studio.core.region import Region
    from xray_studio.ui.dialogs.motion.dialog import MotionDialog

    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    at.window.session.update_view(frame=30)
    at.window.commands["motion"].trigger()
    dialog = at.window.desk.dialogs["motion"]
    assert isinstance(dialog, MotionDialog)
    dialog.canvas.drawn.emit(Region(186, 238, 64, 64))
    at.wait_for(lambda: dialog.found is not None)
    dialog.slider.setValue(34)
    dialog.style_choice.button("colours").click()
    at.wait_for(dialog.export_button.isEnabled)
    at.pause(1.0)
    at.keep("motion")
    dialog.reject()


def draw_enhancements(clip: Clip, path: Path, frame: int = 40) -> None:
    """Draw one frame as it came and after each enhancement, each in its automatic window."""
    from PIL import Image

    import xray_studio as xs
    from xray_studio.core.presentation import Presentation
    from xray_studio.services.presets import auto_window

    clips = [clip, *(clip.process(name) for name in ENHANCED)]
    captions = ("as it came", *(f"--step {name}" for name in ENHANCED))
    how = [Presentation(voi=auto_window(one, frame)) for one in clips]
    beside = xs.beside(*clips, captions=captions, presentations=how, arrange="grid")
    Image.fromarray(xs.render(beside, frame)).resize((1200, 1200 * beside.rows // beside.columns),
        Image.Resampling.LANCZOS).save(path)  # fmt: skip
    shrink(path)
