"""Actions of subtraction: the mask, and how it is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.viewer import subtraction_commands as d
from xray_studio.ui.viewer.subtraction_commands import PIXEL, TENTH, SubtractionCommands

MASK = Submenu("Mask")
WAYS = (("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1))


def subtraction_specs(
    session: Session, runs: Mapping[str, Callable[..., object]]
) -> Iterator[Spec]:
    """Yield the actions, in order."""
    mask = SubtractionCommands(session)
    yield Spec("subtract", "Subtraction", mask.toggle, "S", d.can_subtract, d.is_subtracted)
    yield from inside(MASK, _mask(mask, runs["find_shift"]))
    yield SEPARATOR


def _mask(mask: SubtractionCommands, find: Callable[..., object]) -> Iterator[Spec]:
    yield Spec("take_mask", "Take this frame as mask", mask.take_mask, "Ctrl+Alt+T", d.can_subtract)
    yield Spec("find_shift", "Move the mask automatically", find, "Alt+Home", d.is_subtracted)
    yield SEPARATOR
    yield from _moves(mask, PIXEL, "1 pixel", "Alt", "")
    yield SEPARATOR
    yield from _moves(mask, TENTH, "0.1 pixel", "Alt+Shift", "_tenth")


def _moves(
    mask: SubtractionCommands, far: float, words: str, keys: str, ending: str
) -> Iterator[Spec]:
    for way, right, down in WAYS:
        run, key = partial(mask.move, right * far, down * far), f"{keys}+{way.title()}"
        text = f"Move the mask {words} {way}"
        yield Spec(f"mask_{way}{ending}", text, run, key, d.is_subtracted)
