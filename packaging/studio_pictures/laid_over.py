"""What other objects lay over a picture: a presentation state, a segmentation."""

from __future__ import annotations

from studio_pictures.photographer import SIZE, SMALL, Photographer


def state(at: Photographer) -> None:
    """Keep an angiography as a presentation state shows it."""
    session, commands = at.window.session, at.window.commands
    at.choose("XA", "LCA")
    at.wait_for(at.shown)
    at.resize(SMALL)
    commands["next_state"].trigger()
    at.wait_for(lambda: session.view.over.state is not None)
    at.pause(2.0)
    at.keep("presentation-state")
    commands["state_none"].trigger()
    at.resize(SIZE)


def segmentation(at: Photographer) -> None:
    """Keep a radiograph with what was marked in it."""
    session, commands = at.window.session, at.window.commands
    at.choose("DX")
    at.wait_for(at.shown)
    commands["segments"].trigger()
    at.wait_for(lambda: session.view.over.segmentation is not None)
    at.pause(2.0)
    at.keep("segmentation")
    commands["segments"].trigger()
