"""ICC profiles of clips: looked into in a worker process before anything is shown by them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xray_studio.core.errors import StudioError
from xray_studio.core.workers import run_apart

if TYPE_CHECKING:  # numpy is not needed to scan
    from xray_studio.core.clip import Clip

LOST = "The ICC profile is damaged; the colours are shown as stored."


def with_usable_profile(clip: Clip) -> Clip:
    """Return a clip whose profile, can be used; one that cannot is left out and said.

    Asks a worker process and waits for it.
    """
    if not clip.icc_profile:
        return clip
    problem = _problem(clip.icc_profile)
    if not problem:
        return clip
    made = clip.acquisition
    said = replace(made, warnings=(*made.warnings, problem))
    return replace(clip, icc_profile=b"", acquisition=said)


def _problem(profile: bytes) -> str:
    check = "xray_studio.imaging.colour_profile:profile_problem"
    try:
        problem: str = run_apart(check, profile).result()
    except StudioError:
        return LOST
    return problem
