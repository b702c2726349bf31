"""What a reader adds: measurements, findings, a report."""

from __future__ import annotations

from studio_pictures.photographer import Photographer

# What is measured on frame 47 of the angiography: kind, points (column, row), and words.
MEASURED = (
    ("length", ((193.0, 69.0), (244.0, 113.0)), "Left main"),
    ("angle", ((366.0, 213.0), (275.0, 152.0), (264.0, 230.0)), ""),
    (
        "outline",
        (
            (256.0, 240.0),
            (264.0, 243.0),
            (255.0, 267.0),
            (247.0, 286.0),
            (239.0, 283.0),
            (247.0, 262.0),
        ),
        "Vessel",
    ),
    ("ellipse", ((285.0, 345.0), (311.0, 371.0)), "Beside it"),
    ("text", ((456.0, 87.0),), "Lead"),
)

RECIPE = "hog-vit-iforest"


def measuring(at: Photographer) -> None:
    """Keep a run with a vessel, an angle and two regions measured on one frame."""
    from xray_studio.core.measure.mark import Kind, spot_of
    from xray_studio.ui.viewer.mark_commands import MarkCommands

    window = at.window
    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    window.session.update_view(frame=46)
    clip, marks = window.session.view.clip, MarkCommands(window.session)
    spot = None if clip is None else spot_of(clip, 46)
    assert spot is not None
    for kind, points, text in MEASURED:
        marks.add(Kind(kind), points, spot, text)
    window.commands["show_marks"].trigger()
    at.wait_for(lambda: bool(window.marks_panel.contrast.text()))
    at.pause(1.0)
    at.keep("measuring")
    window.commands["delete_marks"].trigger()
    window.side.show_panel(0)


def findings(at: Photographer) -> None:
    """Keep what the shipped models say of the drawn chest, with a heat map if there is one."""
    from xray_studio.ui.finding_state import heat_shown
    from xray_studio.ui.viewer.finding_commands import has_findings

    session, commands = at.window.session, at.window.commands
    at.choose("DX")
    commands["look_for_findings"].trigger()
    at.wait_for(lambda: not session.state.findings.busy)
    if has_findings(session.state):
        commands["heat_map"].trigger()
        at.wait_for(lambda: heat_shown(session.state) is not None)
    at.keep("findings")


def heatmap(at: Photographer) -> None:
    """Keep a run that a detector has looked through, at a frame that stands out, and twice."""
    session, commands = at.window.session, at.window.commands
    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    commands["heat_map"].trigger()
    at.wait_for(lambda: any(one.whole for one in session.state.looks.told))
    commands["next_peak"].trigger()
    at.pause(1.0)
    commands["next_region"].trigger()
    at.keep("heatmap")
    commands["beside"].trigger()
    at.pause(1.0)
    at.keep("heatmap-beside")
    commands["beside"].trigger()
    commands["heat_map"].trigger()
    commands["show_window"].trigger()


def film_heatmap(at: Photographer) -> None:
    """Keep the drawn chest as the published recipe marks it, and why; without its model none."""
    from xray_studio.ui.unusual_state import offers_of
    from xray_studio.ui.viewer.unusual_commands import UnusualCommands

    session, commands = at.window.session, at.window.commands
    at.choose("DX")
    at.wait_for(at.shown)
    commands["show_heatmap"].trigger()
    at.wait_for(lambda: bool(offers_of(session.state)))
    offers = {one.name: one for one in offers_of(session.state)}
    if offers[RECIPE].reason:
        return
    UnusualCommands(session).use(RECIPE)
    commands["look_for_unusual"].trigger()
    at.wait_for(
        lambda: any(one.detector == RECIPE and one.whole for one in session.state.looks.told)
    )
    commands["next_region"].trigger()
    commands["ask_why"].trigger()
    at.wait_for(lambda: bool(session.state.looks.why and session.state.looks.why.told))
    at.wait_for(lambda: all(one.placed for one in session.state.looks.told))
    at.pause(0.5)
    at.window.stage.offers.withdraw()  # of the segmentation beside it, which is another picture's
    at.keep("heatmap-film")
    UnusualCommands(session).show(shown=False)
    commands["show_window"].trigger()


def report(at: Photographer) -> None:
    """Keep a draft about the drawn chest, its first sentence accepted; without engine none."""
    session, commands = at.window.session, at.window.commands
    at.choose("DX")
    commands["show_report"].trigger()
    at.wait_for(lambda: session.state.reporting.engines is not None)
    if not any(not one.unavailable for one in session.state.reporting.engines or ()):
        return
    commands["write_draft"].trigger()
    at.wait_for(lambda: not session.state.reporting.busy)
    at.window.report_panel.focus()
    commands["accept_sentence"].trigger()
    at.window.report_work.keeping.keep_now()
    at.wait_for(lambda: session.state.reporting.saved is session.state.reporting.report)
    at.keep("report")
    commands["show_window"].trigger()
