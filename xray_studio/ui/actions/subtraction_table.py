"""Actions of subtraction: the mask, and how it is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.viewer import subtraction_commands as d
from xray_studio.ui.viewer.subtraction_commands import PIXEL, TENTH, SubtractionCommands

MASK = Submenu("Move the mask", named=True)
WAYS = (("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1))


def subtraction_specs(
    session: Session, runs: Mapping[str, Callable[..., object]]
) -> Iterator[Spec]:
    """Yield the actions, in order."""
    mask = SubtractionCommands(session)
    yield Spec("subtract", "Subtraction", mask.toggle, "S", d.can_subtract, d.is_subtracted)
    yield Spec("take_mask", "Take this frame as mask", mask.take_mask, "Ctrl+Alt+T", d.can_subtract)
    find = runs["find_shift"]
    yield Spec("find_shift", "Move the mask automatically", find, "Alt+Home", d.is_subtracted)
    yield from inside(MASK, _moves(mask))
    yield SEPARATOR


def _moves(mask: SubtractionCommands) -> Iterator[Spec]:
    for far, words, shift in ((PIXEL, "1 pixel", ""), (TENTH, "0.1 pixel", "Shift+")):
        for name, right, down in WAYS:
            yield Spec(
                f"mask_{name}{'_tenth' if shift else ''}",
                f"{words} {name}",
                partial(mask.move, right * far, down * far),
                f"Alt+{shift}{name.title()}",
                d.is_subtracted,
            )
        if not shift:
            yield SEPARATOR
