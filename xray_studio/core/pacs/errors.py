"""What goes wrong between this program and another one on the network."""

from __future__ import annotations

from xray_studio.core.errors import StudioError


class PeerError(StudioError):
    """A node cannot be reached, refuses this program, or answers in no way that is understood."""


class NotOfferedError(PeerError):
    """A node is there, and does not offer what is asked of it."""
